"""The coordinator's year: cohort starts, what is planned and done, and what should be, planned with a tap."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.permissions import Permission
from courses.models import Cohort
from outreach.services import plan_activity
from recruitment.queries.year_wheel import suggestion_for
from recruitment.queries.year_wheel import year_wheel as wheel


@require_permission(Permission.MANAGE_PARTNERS)
@require_GET
def year_wheel(request: StaffRequest) -> HttpResponse:
    """Show twelve months: what is there, and what is asked for."""
    today = timezone.localdate()
    return render(request, "recruitment/year_wheel.html", {"months": wheel(today), "today": today})


@require_permission(Permission.MANAGE_PARTNERS)
@require_POST
def year_wheel_plan(request: StaffRequest, pk: int) -> HttpResponse:
    """Plan what the wheel asks for before a cohort; planned already, nothing more comes of it."""
    cohort = get_object_or_404(Cohort, pk=pk)
    suggestion = suggestion_for(cohort, request.POST.get("what", ""), timezone.localdate())
    if suggestion is None:
        messages.info(request, _("Det er allerede planlagt, eller for sent til dette hold."))
        return redirect("recruitment:year_wheel")
    activity = plan_activity(
        programme=request.programme,
        kind=suggestion.suggested.kind,
        title=suggestion.suggested.title,
        planned_on=suggestion.on,
        by=request.user,
        now=timezone.now(),
    )
    said = _("%(title)s er planlagt til %(day)s og ligger blandt opgaverne. Ret det, hvis dagen ikke passer.")
    messages.success(request, said % {"title": activity.title, "day": f"{activity.planned_on:%d.%m.%Y}"})
    return redirect("recruitment:year_wheel")
