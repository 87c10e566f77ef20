"""The coordinator gives seats, keeps the waiting list and says how a place ended."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.permissions import Permission
from courses.models import Cohort, Enrolment
from courses.services import (
    AlreadyPlaced,
    CohortFull,
    Refused,
    end_enrolment,
    leave_waiting_list,
    place_participant,
    put_on_waiting_list,
)
from participants.models import Participant
from recruitment.forms.cohorts import EnrolmentEndForm, PersonForm, PersonSearchForm, PlaceParticipantForm
from recruitment.queries.cohorts import candidates, cohort_page

PER_PAGE = 20


@require_permission(Permission.MANAGE_COHORTS)
@require_http_methods(["GET", "POST"])
def cohort_place(request: StaffRequest, pk: int) -> HttpResponse:
    """Find somebody who is ready, and give them a seat."""
    cohort = get_object_or_404(Cohort, pk=pk)
    if request.method != "POST":
        return _place_page(request, cohort)
    person = _posted_person(request)
    try:
        place_participant(cohort=cohort, participant=person, by=request.user, now=timezone.now())
    except Refused as refusal:
        return _place_page(request, cohort, refusal=refusal, person=person)
    messages.success(request, _("%(name)s har fået plads.") % {"name": person})
    return redirect("recruitment:cohort_detail", pk=pk)


@require_permission(Permission.MANAGE_COHORTS)
@require_POST
def cohort_wait(request: StaffRequest, pk: int) -> HttpResponse:
    """Put somebody on the waiting list."""
    cohort = get_object_or_404(Cohort, pk=pk)
    person = _posted_person(request)
    try:
        put_on_waiting_list(cohort=cohort, participant=person, by=request.user, now=timezone.now())
    except Refused as refusal:
        return _place_page(request, cohort, refusal=refusal, person=person)
    messages.success(request, _("%(name)s står nu på ventelisten.") % {"name": person})
    return redirect("recruitment:cohort_detail", pk=pk)


@require_permission(Permission.MANAGE_COHORTS)
@require_POST
def waiting_leave(request: StaffRequest, pk: int, enrolment_pk: int) -> HttpResponse:
    """Take somebody off the waiting list."""
    enrolment = get_object_or_404(Enrolment.objects.select_related("participant"), pk=enrolment_pk, cohort=pk)
    try:
        leave_waiting_list(enrolment=enrolment, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("%(name)s står ikke længere på ventelisten.") % {"name": enrolment.participant}
        )
    return redirect("recruitment:cohort_detail", pk=pk)


@require_permission(Permission.MANAGE_COHORTS)
@require_http_methods(["GET", "POST"])
def enrolment_end(request: StaffRequest, pk: int, enrolment_pk: int) -> HttpResponse:
    """Ask how a place ended, and end it."""
    enrolment = get_object_or_404(
        Enrolment.objects.select_related("participant", "cohort"), pk=enrolment_pk, cohort=pk
    )
    form = EnrolmentEndForm(request.POST if request.method == "POST" else None, enrolment=enrolment)
    if request.method == "POST" and form.is_valid():
        try:
            end_enrolment(
                enrolment=enrolment,
                ending=form.cleaned_data["ending"],
                by=request.user,
                now=timezone.now(),
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Pladsen er rettet for %(name)s.") % {"name": enrolment.participant})
            return redirect("recruitment:cohort_detail", pk=pk)
    context = {"form": form, "enrolment": enrolment, "cohort": enrolment.cohort}
    return render(request, "recruitment/enrolment_end.html", context, status=422 if form.is_bound else 200)


@require_permission(Permission.MANAGE_COHORTS)
@require_http_methods(["GET", "POST"])
def participant_place(request: StaffRequest, pk: int) -> HttpResponse:
    """Give one person a seat in the cohort chosen, or put them on its waiting list."""
    person = get_object_or_404(Participant, pk=pk)
    data = request.POST if request.method == "POST" else None
    form = PlaceParticipantForm(data, participant=person, programme=request.programme)
    if request.method == "POST" and form.is_valid():
        waits = "wait" in request.POST
        act = put_on_waiting_list if waits else place_participant
        try:
            enrolment = act(cohort=form.chosen(), participant=person, by=request.user, now=timezone.now())
        except AlreadyPlaced as refusal:
            messages.info(request, str(refusal))
            return redirect("recruitment:participant_detail", pk=pk)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            text = (
                _("%(name)s står nu på venteliste til %(cohort)s.")
                if waits
                else _("%(name)s har fået plads på %(cohort)s.")
            )
            messages.success(request, text % {"name": person, "cohort": enrolment.cohort})
            return redirect("recruitment:participant_detail", pk=pk)
    context = {"place_form": form, "participant": person}
    return render(
        request, "recruitment/participant_place.html", context, status=422 if form.is_bound else 200
    )


def _posted_person(request: StaffRequest) -> Participant:
    form = PersonForm(request.POST)
    if not form.is_valid():
        raise Http404
    person: Participant = form.cleaned_data["participant"]
    return person


def _place_page(
    request: StaffRequest,
    cohort: Cohort,
    *,
    refusal: Refused | None = None,
    person: Participant | None = None,
) -> HttpResponse:
    search = PersonSearchForm(request.GET or None)
    text = search.cleaned_data["q"] if search.is_bound and search.is_valid() else ""
    context: dict[str, Any] = {
        "page": cohort_page(cohort, timezone.now()),
        "search": search,
        "searched": text,
        "people": Paginator(candidates(cohort, text), PER_PAGE).get_page(request.GET.get("page")),
        "refusal": refusal,
        "person": person,
        "was_filled": isinstance(refusal, CohortFull),
    }
    return render(request, "recruitment/cohort_place.html", context, status=422 if refusal else 200)
