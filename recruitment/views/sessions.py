"""The coordinator's pages about sessions and who came to them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.permissions import Permission
from courses.models import Cohort, Session
from courses.services import (
    Refused,
    add_session,
    add_weekly_sessions,
    change_session,
    record_attendance,
    remove_session,
)
from recruitment.forms.sessions import AttendanceForm, SessionForm, WeeklySessionsForm
from recruitment.queries.cohorts import presences


@require_permission(Permission.MANAGE_COHORTS)
@require_http_methods(["GET", "POST"])
def session_create(request: StaffRequest, pk: int) -> HttpResponse:
    """Add one session to a cohort."""
    cohort = get_object_or_404(Cohort, pk=pk)
    form = SessionForm(request.POST if request.method == "POST" else None, initial={"venue": cohort.venue_id})
    if request.method == "POST" and form.is_valid():
        try:
            add_session(cohort=cohort, by=request.user, now=timezone.now(), **form.answers())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Mødegangen er tilføjet."))
            return redirect("recruitment:cohort_detail", pk=pk)
    context = {"form": form, "cohort": cohort}
    return render(request, "recruitment/session_create.html", context, status=422 if form.is_bound else 200)


@require_permission(Permission.MANAGE_COHORTS)
@require_http_methods(["GET", "POST"])
def session_create_weekly(request: StaffRequest, pk: int) -> HttpResponse:
    """Add several sessions, week by week."""
    cohort = get_object_or_404(Cohort, pk=pk)
    form = WeeklySessionsForm(
        request.POST if request.method == "POST" else None,
        initial={"venue": cohort.venue_id, "first_on": cohort.starts_on},
    )
    if request.method == "POST" and form.is_valid():
        try:
            added = add_weekly_sessions(cohort=cohort, by=request.user, now=timezone.now(), **form.answers())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            text = ngettext(
                "%(number)d mødegang er tilføjet.", "%(number)d mødegange er tilføjet.", len(added)
            )
            messages.success(request, text % {"number": len(added)})
            return redirect("recruitment:cohort_detail", pk=pk)
    context = {"form": form, "cohort": cohort}
    return render(
        request, "recruitment/session_create_weekly.html", context, status=422 if form.is_bound else 200
    )


@require_permission(Permission.MANAGE_COHORTS)
@require_http_methods(["GET", "POST"])
def session_edit(request: StaffRequest, pk: int, session_pk: int) -> HttpResponse:
    """Correct one session."""
    session = _session(pk, session_pk)
    starts_at, ends_at = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    known = {
        "held_on": starts_at.date(),
        "starts": starts_at.time(),
        "ends": ends_at.time(),
        "title": session.title,
        "venue": session.venue_id,
    }
    form = SessionForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            change_session(session=session, by=request.user, now=timezone.now(), **form.answers())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Ændringerne er gemt."))
            return redirect("recruitment:cohort_detail", pk=pk)
    context = {"form": form, "session": session, "cohort": session.cohort}
    return render(request, "recruitment/session_edit.html", context, status=422 if form.is_bound else 200)


@require_permission(Permission.MANAGE_COHORTS)
@require_POST
def session_remove(request: StaffRequest, pk: int, session_pk: int) -> HttpResponse:
    """Delete a session on which nothing is noted."""
    session = _session(pk, session_pk)
    try:
        remove_session(session=session, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Mødegangen er slettet."))
    return redirect("recruitment:cohort_detail", pk=pk)


@require_permission(Permission.MANAGE_COHORTS)
@require_http_methods(["GET", "POST"])
def session_attendance(request: StaffRequest, pk: int, session_pk: int) -> HttpResponse:
    """Note who came; with the button "resten er mødt" only the exceptions need a tick."""
    session = _session(pk, session_pk)
    people = presences(session)
    form = AttendanceForm(request.POST if request.method == "POST" else None, presences=people)
    if request.method == "POST" and form.is_valid():
        try:
            record_attendance(
                session=session,
                states=form.states(rest_present="rest_present" in request.POST),
                by=request.user,
                now=timezone.now(),
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Fremmødet er gemt."))
            return redirect("recruitment:cohort_detail", pk=pk)
    context = {
        "form": form,
        "session": session,
        "cohort": session.cohort,
        "people": people,
        "is_held": timezone.localdate(session.starts_at) <= timezone.localdate(),
    }
    return render(
        request, "recruitment/session_attendance.html", context, status=422 if form.is_bound else 200
    )


def _session(pk: int, session_pk: int) -> Session:
    sessions = Session.objects.select_related("cohort", "venue")
    session: Session = get_object_or_404(sessions, pk=session_pk, cohort=pk)
    return session
