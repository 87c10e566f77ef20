"""The coordinator's pages about measures: who lacks one, inviting, typing in, and why one is missing."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.permissions import Permission
from core.qr import qr_svg
from evaluation.enums import Occasion
from evaluation.forms import MeasureEntryForm, MissingReasonForm, entered_answers
from evaluation.models import Response
from evaluation.queries.lacking import Lack, count_lacking, measure_rows, participants_lacking
from evaluation.queries.participant import answered_questions, participant_measures
from evaluation.services import (
    LINK_DAYS,
    AlreadyAnswered,
    MessagesStopped,
    NoEmailAddress,
    correct_response,
    invite_to_measure,
    note_missing_reason,
    plan_measure_invitation,
    record_response,
    way_to_invite,
)
from participants.models import Participant

PER_PAGE = 50
ALREADY_ANSWERED = "Skemaet er allerede besvaret. Her er svarene."


@require_permission(Permission.MANAGE_MEASURES)
@require_GET
def measure_list(request: StaffRequest) -> HttpResponse:
    """List who lacks a measure now."""
    chosen = request.GET.get("mangler")
    lack = Lack(chosen) if chosen in {lack.value for lack in Lack} else Lack.ANY
    page = Paginator(participants_lacking(lack), PER_PAGE).get_page(request.GET.get("page"))
    counts = count_lacking()
    context = {
        "page": page,
        "rows": measure_rows(list(page.object_list)),
        "lack": lack,
        "choices": [(choice, counts[choice]) for choice in Lack],
    }
    return render(request, "evaluation/measure_list.html", context)


@require_permission(Permission.MANAGE_MEASURES)
@require_http_methods(["GET", "POST"])
def measure_enter(request: StaffRequest, pk: int, occasion: Occasion) -> HttpResponse:
    """Type in a questionnaire, fill in the blanks of an incomplete one, or read a complete one."""
    participant = get_object_or_404(Participant, pk=pk)
    response = Response.objects.filter(participant=participant, occasion=occasion).first()
    if response is not None and response.is_complete:
        return _answered(request, participant, response)
    form = MeasureEntryForm(
        request.POST if request.method == "POST" else None,
        initial=entered_answers(response) if response else None,
        today=timezone.localdate(),
    )
    if form.is_ready():
        return _store(request, participant, occasion, form, first=response is None)
    context = {
        "form": form,
        "participant": participant,
        "occasion": occasion,
        "response": response,
        "measure": participant_measures(participant, timezone.localdate()).of(occasion),
        "missing_form": MissingReasonForm(),
        "way": way_to_invite(participant=participant),
    }
    return render(request, "evaluation/measure_enter.html", context, status=422 if form.is_bound else 200)


def _answered(request: StaffRequest, participant: Participant, response: Response) -> HttpResponse:
    """Show a complete questionnaire; sent once more, it says that it is stored and shows it."""
    occasion = Occasion(response.occasion)
    if request.method == "POST":
        messages.info(request, ALREADY_ANSWERED)
        return redirect("evaluation:measure_enter", pk=participant.pk, occasion=occasion)
    context = {
        "participant": participant,
        "occasion": occasion,
        "measure": participant_measures(participant, timezone.localdate()).of(occasion),
        "questions": answered_questions(response),
    }
    return render(request, "evaluation/measure_answered.html", context)


def _store(
    request: StaffRequest,
    participant: Participant,
    occasion: Occasion,
    form: MeasureEntryForm,
    *,
    first: bool,
) -> HttpResponse:
    store = record_response if first else correct_response
    try:
        stored = store(
            participant=participant,
            occasion=occasion,
            entered_by=request.user,
            now=timezone.now(),
            **form.answers(),
        )
    except AlreadyAnswered:  # by the person's own link, while this was being typed
        messages.info(request, ALREADY_ANSWERED)
        return redirect("evaluation:measure_enter", pk=participant.pk, occasion=occasion)
    if stored.is_complete:
        messages.success(request, f"Skemaet fra {participant.full_name} er gemt.")
    else:
        messages.warning(
            request, f"Skemaet fra {participant.full_name} er gemt som ufuldstændigt, uden score."
        )
    return redirect("recruitment:participant_detail", pk=participant.pk)


@require_permission(Permission.MANAGE_MEASURES)
@require_POST
def measure_invite(request: StaffRequest, pk: int, occasion: Occasion) -> HttpResponse:
    """Send the person a link to the questionnaire by e-mail."""
    participant = get_object_or_404(Participant, pk=pk)
    try:
        message = plan_measure_invitation(
            participant=participant, occasion=occasion, by=request.user, now=timezone.now()
        )
    except AlreadyAnswered:
        messages.info(request, "Skemaet er allerede besvaret, så der blev ikke sendt noget.")
    except NoEmailAddress:
        messages.error(
            request, f"{participant.full_name} har ingen e-mail. Vis QR-koden, eller skriv svarene ind her."
        )
    except MessagesStopped:
        messages.error(request, f"{participant.full_name} ønsker ikke beskeder. Ring, eller vis QR-koden.")
    else:
        way = str(message.get_channel_display()).lower()
        messages.success(request, f"Linket til skemaet bliver sendt til {participant.full_name} på {way}.")
    if "from_list" in request.POST:
        return redirect("evaluation:measure_list")
    return redirect("recruitment:participant_detail", pk=pk)


@require_permission(Permission.MANAGE_MEASURES)
@require_http_methods(["GET", "POST"])
def measure_qr(request: StaffRequest, pk: int, occasion: Occasion) -> HttpResponse:
    """Offer a QR code, and show it once on the button's press: its link is stored nowhere in clear.

    No redirect after the press, then, and pressing again makes a new link.
    """
    participant = get_object_or_404(Participant, pk=pk)
    context = {"participant": participant, "occasion": occasion, "link_days": LINK_DAYS}
    if request.method == "POST":
        try:
            _, raw = invite_to_measure(
                participant=participant, occasion=occasion, by=request.user, now=timezone.now()
            )
        except AlreadyAnswered:
            messages.info(request, ALREADY_ANSWERED)
            return redirect("evaluation:measure_enter", pk=pk, occasion=occasion)
        link = request.build_absolute_uri(reverse("evaluation:questionnaire", args=[raw]))
        context |= {"link": link, "qr": qr_svg(link)}
    return render(request, "evaluation/measure_qr.html", context)


@require_permission(Permission.MANAGE_MEASURES)
@require_POST
def measure_missing(request: StaffRequest, pk: int, occasion: Occasion) -> HttpResponse:
    """Note why a measure did not come."""
    participant = get_object_or_404(Participant, pk=pk)
    form = MissingReasonForm(request.POST)
    if not form.is_valid():
        context = {"form": form, "participant": participant, "occasion": occasion}
        return render(request, "evaluation/measure_missing.html", context, status=422)
    try:
        note_missing_reason(
            participant=participant,
            occasion=occasion,
            reason=form.cleaned_data["reason"],
            by=request.user,
            now=timezone.now(),
        )
    except AlreadyAnswered:
        messages.info(request, ALREADY_ANSWERED)
        return redirect("evaluation:measure_enter", pk=pk, occasion=occasion)
    messages.success(request, f"Grunden er noteret hos {participant.full_name}.")
    return redirect("recruitment:participant_detail", pk=pk)
