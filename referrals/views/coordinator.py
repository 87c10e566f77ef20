"""Pages behind sign-in: the arrivals, the coordinator's own form, and what is held as likely spam."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.permissions import Permission
from core.spam import SpamReason
from outreach.models import InterestedPerson
from participants.models import Participant
from referrals.closing import closing_facts, closing_note, is_answered
from referrals.enums import LimitReason, ReferralKind
from referrals.forms.filters import ArrivalFilterForm
from referrals.forms.interest_lists import interested_of, known_of
from referrals.forms.kinds import BY_KIND
from referrals.forms.registration import RegistrationForm, preset_of
from referrals.forms.summary import summary_of
from referrals.models import HeldArrival, Referral
from referrals.queries import arrivals, held_arrivals, last_referrals, resemblances, waiting_count
from referrals.services import (
    Answers,
    ArrivalAlreadyDecided,
    discard_arrival,
    likely_same_as,
    receive_referral,
    receive_waiting_arrivals,
    release_arrival,
)
from referrals.views.resembling import chosen_person, people_typed, with_gaps_filled

PAGE_SIZE = 30
# What "Er det en af dem?" may be answered beside the number of one of them.
NEW_PERSON = "new"
EDIT = "edit"
REASONS = {**dict(SpamReason.choices), **dict(LimitReason.choices)}


@require_permission(Permission.SEE_PARTICIPANTS)
@require_safe
def arrival_list(request: StaffRequest) -> HttpResponse:
    """List the arrivals, newest first, filtered by kind and period."""
    form = ArrivalFilterForm(request.GET)
    since = form.chosen_since(timezone.localdate())
    found = arrivals(programme=request.programme, kind=form.chosen_kind(), since=since)
    context = {
        "form": form,
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "held_count": held_arrivals(request.programme).count(),
        "waiting_count": waiting_count(request.programme),
    }
    return render(request, "referrals/arrival_list.html", context)


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_POST
def arrival_let_in(request: StaffRequest) -> HttpResponse:
    """Let in the forms that were sent a moment ago, or while no worker ran."""
    receive_waiting_arrivals(programme=request.programme)
    left = waiting_count(request.programme)
    if left:
        messages.error(
            request,
            _("Noget gik galt, og %(left)d venter stadig. Sig det til it-afdelingen.") % {"left": left},
        )
    else:
        messages.success(request, _("Alt, der er sendt, er lagt ind. Opgaverne “Ring” ligger klar."))
    return redirect("referrals:arrival_list")


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_http_methods(["GET", "HEAD", "POST"])
def arrival_create(request: StaffRequest) -> HttpResponse:
    """Register somebody who rings, writes or comes by; first ask of each who is likely the same.

    A press on "Det er samme person" beside the half-typed form has answered already.
    """
    answer = request.POST.get("same_person", "")
    chosen = chosen_person(answer)
    typed = with_gaps_filled(request.POST, chosen)
    interested = interested_of(request.GET)
    form = RegistrationForm(
        typed or None,
        programme=request.programme,
        preset=preset_of(request.GET),
        initial=known_of(interested),
    )
    if request.method != "POST" or not form.is_valid() or answer == EDIT:
        return _asked(request, form)
    key = form.cleaned_data["submission_key"]
    asked = chosen is None and answer != NEW_PERSON
    likely = likely_same_as(form.answers(), submission_key=key) if asked else []
    if likely:
        people = resemblances(likely, last_referrals([found.participant for found in likely]))
        context = {"form": form, "typed": form.answers(), "people": people}
        return render(request, "referrals/arrival_same_person.html", context)
    return _registered(request, form, chosen, interested)


def _asked(request: StaffRequest, form: RegistrationForm) -> HttpResponse:
    """Ask what the form asks, with the names of known partners to choose among, and whom it resembles."""
    context = {
        "form": form,
        "people": people_typed(form) if form.is_bound else [],
        "workplaces": form.known_workplaces(),
    }
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "referrals/arrival_create.html", context, status=status)


def _registered(
    request: StaffRequest,
    form: RegistrationForm,
    chosen: Participant | None,
    interested: InterestedPerson | None,
) -> HttpResponse:
    """Receive what was typed, about `chosen` if somebody was, and lead to the person."""
    now = timezone.now()
    referral = receive_referral(
        programme=request.programme,
        kind=form.kind,
        intake=form.intake,
        answers=form.answers(),
        submission_key=form.cleaned_data["submission_key"],
        participant=chosen,
        received_at=form.received_at(),
        interested=interested,
        by=request.user,
        now=now,
    )
    if referral.participant.created_at < now:
        messages.info(request, _("Personen var her i forvejen. Henvendelsen er lagt til."))
    else:
        messages.success(request, _("Henvendelsen er gemt. Opgaven “Ring” ligger klar."))
    return redirect("recruitment:participant_detail", pk=referral.participant_id)


@require_permission(Permission.SEE_PARTICIPANTS)
@require_safe
def referral_closing(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the note that answers a professional's referral, to copy; a receipt where no more may be told."""
    referral = get_object_or_404(Referral.objects.select_related("participant"), pk=pk)
    if not is_answered(referral):
        raise Http404
    facts = closing_facts(referral)
    today = timezone.localdate()
    note = closing_note(
        facts, reference=referral.reference, programme=request.programme, by=request.user, today=today
    )
    context = {"referral": referral, "facts": facts, "note": note}
    return render(request, "referrals/referral_closing.html", context)


@require_permission(Permission.SEE_PARTICIPANTS)
@require_safe
def held_arrival_list(request: StaffRequest) -> HttpResponse:
    """List the held arrivals that nobody has decided, oldest first."""
    page = Paginator(held_arrivals(request.programme), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [(held, Answers.from_json(held.answers), _reasons(held)) for held in page]
    return render(request, "referrals/held_arrival_list.html", {"page": page, "rows": rows})


@require_permission(Permission.SEE_PARTICIPANTS)
@require_safe
def held_arrival_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """Show everything that was typed, and why it was held."""
    held = get_object_or_404(HeldArrival, pk=pk)
    sections = summary_of(BY_KIND[ReferralKind(held.kind)], Answers.from_json(held.answers))
    context = {"held": held, "sections": sections, "reasons": _reasons(held)}
    return render(request, "referrals/held_arrival_detail.html", context)


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_POST
def held_arrival_release(request: StaffRequest, pk: int) -> HttpResponse:
    """Let the held form through: there is a person behind it."""
    held = get_object_or_404(HeldArrival, pk=pk)
    try:
        referral = release_arrival(held=held, by=request.user, now=timezone.now())
    except ArrivalAlreadyDecided:
        return _already_decided(request)
    messages.success(request, _("Henvendelsen er sluppet igennem. Opgaven “Ring” ligger klar."))
    return redirect("recruitment:participant_detail", pk=referral.participant_id)


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_POST
def held_arrival_discard(request: StaffRequest, pk: int) -> HttpResponse:
    """Set the held form aside as spam."""
    held = get_object_or_404(HeldArrival, pk=pk)
    try:
        discard_arrival(held=held, by=request.user, now=timezone.now())
    except ArrivalAlreadyDecided:
        return _already_decided(request)
    messages.success(request, _("Henvendelsen er lagt til side som spam."))
    return redirect("referrals:held_arrival_list")


def _already_decided(request: StaffRequest) -> HttpResponse:
    messages.info(request, _("En anden har allerede taget stilling til henvendelsen."))
    return redirect("referrals:held_arrival_list")


def _reasons(held: HeldArrival) -> list[str]:
    """Return why it was held, in sentences."""
    return [str(REASONS.get(reason, reason)) for reason in held.reasons.split(", ")]
