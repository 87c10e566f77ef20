"""The coordinator's pages about participants."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.permissions import Permission
from core.qr import qr_svg
from participants.enums import AgreementKind, AgreementMethod, ContactMethod, ContactOutcome, Stage
from participants.models import Participant
from participants.services import (
    LINK_DAYS,
    MoveNotAllowed,
    give_agreement,
    record_contact_attempt,
    renew_participant_page_link,
    update_participant,
    withdraw_agreement,
)
from recruitment.forms.cohorts import PlaceParticipantForm
from recruitment.forms.participants import (
    SPOKEN_METHODS,
    AgreementForm,
    ContactForm,
    MoveForm,
    ParticipantFilterForm,
    ParticipantForm,
)
from recruitment.queries.participants import participant_lines, participants_matching
from recruitment.queries.person import participant_page
from recruitment.services import move_participant

PER_PAGE = 25
# Which wording an agreement said to the coordinator is under: the ones on the participant's page.
SPOKEN_TEXT_VERSION = "1"


@require_permission(Permission.SEE_PARTICIPANTS)
@require_GET
def participant_list(request: StaffRequest) -> HttpResponse:
    """Search and narrow the participants; the address keeps what was asked for."""
    today = localdate()
    form = ParticipantFilterForm(request.GET)
    page = Paginator(participants_matching(form.wanted(), today), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "lines": participant_lines(page.object_list, today),
        "narrowed": form.is_narrowed(),
    }
    return render(request, "recruitment/participant_list.html", context)


@require_permission(Permission.SEE_PARTICIPANTS)
@require_GET
def participant_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """Show all that is known of a person, and what can be done; a merged record leads to its person."""
    participant = get_object_or_404(Participant.with_merged, pk=pk)
    if participant.merged_into_id is not None:
        messages.info(
            request, _("%(reference)s er samlet med denne person.") % {"reference": participant.reference}
        )
        return redirect("recruitment:participant_detail", pk=participant.merged_into_id)
    return _page(request, participant)


def _page(request: StaffRequest, participant: Participant, **forms: Any) -> HttpResponse:
    """Answer with the person's page; with a faulty form among `forms` it is a 422 that keeps the answers."""
    participant.programme = request.programme  # at hand already: spares a query
    context = {
        "page": participant_page(participant, localdate()),
        "participant": participant,
        "contact_form": ContactForm(),
        "move_form": MoveForm(),
        "place_form": PlaceParticipantForm(participant=participant, programme=request.programme),
        "contact_outcomes": ContactOutcome,
        "agreement_methods": SPOKEN_METHODS,
        "form": next(iter(forms.values()), None),
        **forms,
    }
    return render(request, "recruitment/participant_detail.html", context, status=422 if forms else 200)


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_http_methods(["GET", "POST"])
def participant_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Correct what is known of the person."""
    participant = get_object_or_404(Participant, pk=pk)
    form = ParticipantForm(request.POST or None, participant=participant)
    if request.method == "POST" and form.is_valid():
        update_participant(participant=participant, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Oplysningerne er rettet."))
        return redirect("recruitment:participant_detail", pk=pk)
    context = {"form": form, "participant": participant}
    return render(request, "recruitment/participant_edit.html", context, status=422 if form.is_bound else 200)


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_http_methods(["GET", "POST"])
def participant_contact(request: StaffRequest, pk: int) -> HttpResponse:
    """Note an attempt to reach the person. Opened anew, the address of a faulty form leads back to them."""
    participant = get_object_or_404(Participant, pk=pk)
    if request.method == "GET":
        return redirect("recruitment:participant_detail", pk=pk)
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _page(request, participant, contact_form=form)
    outcome = ContactOutcome(form.cleaned_data["outcome"])
    record_contact_attempt(
        participant=participant,
        method=ContactMethod(form.cleaned_data["method"]),
        outcome=outcome,
        note=form.cleaned_data["note"],
        by=request.user,
        now=timezone.now(),
    )
    messages.success(request, _("Noteret: %(outcome)s.") % {"outcome": str(outcome.label).lower()})
    return redirect("recruitment:participant_detail", pk=pk)


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_http_methods(["GET", "POST"])
def participant_move(request: StaffRequest, pk: int) -> HttpResponse:
    """Move the person on the path. Opened anew, the address of a faulty form leads back to them."""
    participant = get_object_or_404(Participant, pk=pk)
    if request.method == "GET":
        return redirect("recruitment:participant_detail", pk=pk)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _page(request, participant, move_form=form)
    wanted = {**form.cleaned_data, "to_stage": Stage(form.cleaned_data["to_stage"])}
    try:
        moved = move_participant(participant=participant, by=request.user, now=timezone.now(), **wanted)
    except MoveNotAllowed as refusal:
        said = {"name": participant.given_name, "stage": refusal.from_stage.label}
        messages.warning(
            request, _("%(name)s er allerede flyttet til “%(stage)s”. Ingenting er ændret.") % said
        )
    else:
        said = {"name": participant.given_name, "stage": moved.get_stage_display()}
        messages.success(request, _("%(name)s står nu ved “%(stage)s”.") % said)
    return redirect("recruitment:participant_detail", pk=pk)


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_POST
def participant_agreement(request: StaffRequest, pk: int) -> HttpResponse:
    """Note a yes, or the end of one."""
    participant = get_object_or_404(Participant, pk=pk)
    form = AgreementForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Vælg, hvordan personen sagde ja, og tryk igen."))
        return redirect("recruitment:participant_detail", pk=pk)
    kind = AgreementKind(form.cleaned_data["kind"])
    if form.cleaned_data["withdraw"]:
        withdraw_agreement(participant=participant, kind=kind, by=request.user, now=timezone.now())
        messages.success(request, _("Aftalen er trukket tilbage."))
    else:
        give_agreement(
            participant=participant,
            kind=kind,
            method=AgreementMethod(form.cleaned_data["method"]),
            text_version=SPOKEN_TEXT_VERSION,
            by=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("Aftalen er noteret."))
    return redirect("recruitment:participant_detail", pk=pk)


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_http_methods(["GET", "POST"])
def participant_link(request: StaffRequest, pk: int) -> HttpResponse:
    """Offer a link to the person's own page, and show it once on the button's press.

    No redirect after the press: the link is stored nowhere in clear, and pressing again makes a new one.
    """
    participant = get_object_or_404(Participant, pk=pk)
    context: dict[str, Any] = {"participant": participant, "link_days": LINK_DAYS}
    if request.method == "POST":
        raw = renew_participant_page_link(participant=participant, now=timezone.now())
        link = request.build_absolute_uri(reverse("recruitment:participant_page_link", args=[raw]))
        context |= {"link": link, "qr": qr_svg(link)}
    return render(request, "recruitment/participant_link.html", context)
