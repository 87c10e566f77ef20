"""The coordinator's pages about cohorts: list, make, show, correct, cancel, finish."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.permissions import Permission
from core.dates import format_danish_date
from courses.models import Cohort
from courses.services import Refused, cancel_cohort, create_cohort, finish_cohort, update_cohort
from recruitment.forms.cohorts import CohortForm, FinishForm, NewCohortForm
from recruitment.queries.cohorts import (
    cohort_page,
    current_lines,
    endings_to_choose,
    past_cohorts,
    past_lines,
)
from recruitment.queries.interested import count_to_contact

PER_PAGE = 20


@require_permission(Permission.MANAGE_COHORTS)
@require_GET
def cohort_list(request: StaffRequest) -> HttpResponse:
    """List the running, coming and past cohorts."""
    today = timezone.localdate()
    running, upcoming = current_lines(today)
    page = Paginator(past_cohorts(today), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "running": running,
        "upcoming": upcoming,
        "page": page,
        "past": past_lines(page.object_list, today),
    }
    return render(request, "recruitment/cohort_list.html", context)


@require_permission(Permission.MANAGE_COHORTS)
@require_http_methods(["GET", "POST"])
def cohort_create(request: StaffRequest) -> HttpResponse:
    """Make a cohort, with its weekly sessions where the days are known."""
    form = NewCohortForm(
        request.POST if request.method == "POST" else None,
        initial={"capacity": request.programme.default_capacity},
    )
    if request.method == "POST" and form.is_valid():
        plan = form.weekly_plan()
        try:
            cohort = create_cohort(
                programme=request.programme,
                weekly=plan,
                by=request.user,
                now=timezone.now(),
                **form.answers(),
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("%(cohort)s er oprettet.") % {"cohort": cohort})
            skipped = plan.skipped(cohort.starts_on, cohort.ends_on) if plan else {}
            if skipped:
                days = ", ".join(f"{format_danish_date(day)} ({name})" for day, name in skipped.items())
                messages.info(request, _("Vi sprang helligdage over: %(days)s.") % {"days": days})
            return redirect("recruitment:cohort_detail", pk=cohort.pk)
    return render(
        request, "recruitment/cohort_create.html", {"form": form}, status=422 if form.is_bound else 200
    )


@require_permission(Permission.MANAGE_COHORTS)
@require_GET
def cohort_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """Show a cohort: its seats, its people and its sessions."""
    cohort = get_object_or_404(Cohort.objects.select_related("venue"), pk=pk)
    now = timezone.now()
    context = {"page": cohort_page(cohort, now), "interested": count_to_contact(now)}
    return render(request, "recruitment/cohort_detail.html", context)


@require_permission(Permission.MANAGE_COHORTS)
@require_http_methods(["GET", "POST"])
def cohort_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Correct a cohort."""
    cohort = get_object_or_404(Cohort, pk=pk)
    names = ("name", "starts_on", "ends_on", "capacity", "venue", "note")
    form = CohortForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(cohort, name) for name in names},
    )
    if request.method == "POST" and form.is_valid():
        try:
            update_cohort(cohort=cohort, by=request.user, now=timezone.now(), **form.answers())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Ændringerne er gemt."))
            return redirect("recruitment:cohort_detail", pk=pk)
    context = {"form": form, "cohort": cohort}
    return render(request, "recruitment/cohort_edit.html", context, status=422 if form.is_bound else 200)


@require_permission(Permission.MANAGE_COHORTS)
@require_http_methods(["GET", "POST"])
def cohort_cancel(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask before a cohort is cancelled, and cancel it."""
    cohort = get_object_or_404(Cohort, pk=pk)
    if request.method == "POST":
        cancel_cohort(cohort=cohort, by=request.user, now=timezone.now())
        messages.success(request, _("%(cohort)s er aflyst.") % {"cohort": cohort})
        return redirect("recruitment:cohort_detail", pk=pk)
    context = {"cohort": cohort, "page": cohort_page(cohort, timezone.now())}
    return render(request, "recruitment/cohort_cancel.html", context)


@require_permission(Permission.MANAGE_COHORTS)
@require_http_methods(["GET", "POST"])
def cohort_finish(request: StaffRequest, pk: int) -> HttpResponse:
    """Say how it ended for each person; the programme's rule is filled in."""
    cohort = get_object_or_404(Cohort, pk=pk)
    choices = endings_to_choose(cohort, request.programme)
    form = FinishForm(request.POST if request.method == "POST" else None, choices=choices)
    if request.method == "POST" and form.is_valid():
        try:
            ended = finish_cohort(cohort=cohort, endings=form.endings(), by=request.user, now=timezone.now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request,
                _("%(cohort)s er afsluttet for %(ended)d personer.") % {"cohort": cohort, "ended": ended},
            )
            return redirect("recruitment:cohort_detail", pk=pk)
    context = {"form": form, "cohort": cohort, "choices": choices}
    return render(request, "recruitment/cohort_finish.html", context, status=422 if form.is_bound else 200)
