"""The coordinator's pages about those who wish to hear of the next cohorts."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.permissions import Permission
from core.spam import SpamReason
from courses.models import Cohort
from messaging.services import sends_sms
from outreach.enums import InterestAgreed
from outreach.models import InterestedPerson
from outreach.services import (
    InterestEnded,
    add_interested,
    discard_interested,
    release_interested,
    resume_interest,
    stop_interest,
)
from recruitment.queries.interested import calls_for, held_people, interested_lines, interested_people
from referrals.enums import LimitReason
from referrals.forms.interest_lists import InterestListForm, interest_lines
from referrals.services import CohortIsFull, has_room, invite_interested, preview_invitation

PER_PAGE = 30
REASONS = {**dict(SpamReason.choices), **dict(LimitReason.choices)}


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_GET
def interested_list(request: StaffRequest) -> HttpResponse:
    """List those who wait for a cohort, and above them those whose form looks like spam."""
    now, everybody = timezone.now(), request.GET.get("vis") == "alle"
    page = Paginator(interested_people(everybody=everybody, now=now), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "lines": interested_lines(page.object_list, now),
        "held": [(person, _reasons(person)) for person in held_people()[:PER_PAGE]],
        "everybody": everybody,
    }
    return render(request, "recruitment/interested_list.html", context)


def _reasons(person: InterestedPerson) -> list[str]:
    return [str(REASONS.get(reason, reason)) for reason in person.held_reasons.split(", ")]


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_http_methods(["GET", "POST"])
def interested_create(request: StaffRequest) -> HttpResponse:
    """Take a line for each who said yes to hearing more; all or nothing."""
    sent = request.POST if request.method == "POST" else None
    common = InterestListForm(sent, initial={"origin": request.GET.get("sted", "")})
    lines = interest_lines(sent)
    if sent is not None and common.is_valid() & lines.is_valid():
        now = timezone.now()
        for _number, line in lines.filled():
            add_interested(
                programme=request.programme,
                agreed_how=InterestAgreed(common.cleaned_data["agreed_how"]),
                by=request.user,
                now=now,
                **line.said(),
                **common.where(),
            )
        count = len(lines.filled())
        messages.success(request, "1 er skrevet op." if count == 1 else f"{count} er skrevet op.")
        return redirect("recruitment:interested_list")
    context = {"common": common, "lines": lines, "faults": lines.faults(common) if sent is not None else []}
    status = 200 if sent is None else 422
    return render(request, "recruitment/interested_create.html", context, status=status)


# --- One person ------------------------------------------------------------------------------------


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_POST
def interested_stop(request: StaffRequest, pk: int) -> HttpResponse:
    """Note that the person has said no more."""
    person = get_object_or_404(InterestedPerson, pk=pk)
    stop_interest(person=person, by=request.user, now=timezone.now())
    messages.success(request, _("%(name)s bliver ikke kontaktet mere.") % {"name": person})
    return redirect("recruitment:interested_list")


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_POST
def interested_resume(request: StaffRequest, pk: int) -> HttpResponse:
    """Note that the person has said yes again."""
    person = get_object_or_404(InterestedPerson, pk=pk)
    try:
        resume_interest(person=person, by=request.user, now=timezone.now())
    except InterestEnded:
        messages.info(request, _("%(name)s er allerede blevet deltager.") % {"name": person})
    else:
        messages.success(request, _("%(name)s hører om næste hold igen.") % {"name": person})
    return redirect("recruitment:interested_list")


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_POST
def interested_release(request: StaffRequest, pk: int) -> HttpResponse:
    """Take in somebody whose form looked like spam: there is a person behind it."""
    person = get_object_or_404(InterestedPerson, pk=pk)
    release_interested(person=person, by=request.user, now=timezone.now())
    messages.success(request, _("%(name)s er skrevet op.") % {"name": person})
    return redirect("recruitment:interested_list")


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_POST
def interested_discard(request: StaffRequest, pk: int) -> HttpResponse:
    """Delete what is spam."""
    person = get_object_or_404(InterestedPerson, pk=pk)
    try:
        discard_interested(person=person, by=request.user, now=timezone.now())
    except InterestEnded:
        messages.info(request, _("En anden har allerede skrevet personen op."))
    else:
        messages.success(request, _("Slettet som spam."))
    return redirect("recruitment:interested_list")


# --- Before a new cohort ---------------------------------------------------------------------------


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_GET
def cohort_interested(request: StaffRequest, pk: int) -> HttpResponse:
    """Show whom to ring about a cohort, and the message that one click sends to the rest."""
    cohort = get_object_or_404(Cohort.objects.select_related("programme"), pk=pk)
    now = timezone.now()
    calls = calls_for(cohort, now)
    room = has_room(cohort, now)
    previews = (preview_invitation(cohort=cohort, person=person, now=now) for person in calls.unwritten)
    context = {
        "cohort": cohort,
        "calls": calls,
        "room": room,
        "preview": next((shown for shown in previews if shown and shown.rendered), None) if room else None,
        "sends_sms": sends_sms(request.programme),
        "reachable": sum(_reachable(request, person) for person in calls.unwritten),
    }
    return render(request, "recruitment/cohort_interested.html", context)


def _reachable(request: StaffRequest, person: InterestedPerson) -> bool:
    """Say whether a message can reach them at all."""
    return bool(person.email) or sends_sms(request.programme)


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_POST
def cohort_interested_invite(request: StaffRequest, pk: int) -> HttpResponse:
    """Write to everybody who may be told of the cohort and has not been."""
    cohort = get_object_or_404(Cohort.objects.select_related("programme"), pk=pk)
    try:
        told = invite_interested(cohort=cohort, by=request.user, now=timezone.now())
    except CohortIsFull:
        messages.info(request, _("Holdet har ingen ledige pladser, så ingen får besked."))
        return redirect("recruitment:cohort_detail", pk=pk)
    if told:
        messages.success(request, f"{told} får besked i arbejdstiden, og kun én gang om dette hold.")
    else:
        messages.info(request, _("Alle, der kan skrives til, har fået besked om dette hold."))
    return redirect("recruitment:cohort_interested", pk=pk)
