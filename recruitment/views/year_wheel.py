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
from core.keys import key_in
from courses.models import Cohort
from outreach.services import plan_activity
from recruitment.queries.best_places import place_for
from recruitment.queries.year_wheel import suggestion_for
from recruitment.queries.year_wheel import year_wheel as wheel


@require_permission(Permission.MANAGE_PARTNERS)
@require_GET
def year_wheel(request: StaffRequest) -> HttpResponse:
    """Show twelve months: what is there, and what is asked for."""
    months = wheel(timezone.localdate())
    context = {"months": months, "is_empty": not any(month.entries for month in months)}
    return render(request, "recruitment/year_wheel.html", context)


@require_permission(Permission.MANAGE_PARTNERS)
@require_POST
def year_wheel_plan(request: StaffRequest, pk: int) -> HttpResponse:
    """Plan what the wheel asks for before a cohort; planned already, nothing more comes of it."""
    cohort, today = get_object_or_404(Cohort, pk=pk), timezone.localdate()
    suggestion = suggestion_for(cohort, request.POST.get("what", ""), today)
    if suggestion is None:
        messages.info(request, _("Det er allerede planlagt, eller for sent til dette hold."))
        return redirect("recruitment:year_wheel")
    place = place_for(suggestion.suggested.kind, key_in(request.POST.get("where", "")), today)
    activity = plan_activity(
        programme=request.programme,
        organisation=place.organisation if place else None,
        channel=place.channel if place else None,
        kind=suggestion.suggested.kind,
        title=suggestion.suggested.title,
        planned_on=suggestion.on,
        by=request.user,
        now=timezone.now(),
    )
    said = _("%(title)s er planlagt til %(day)s og ligger blandt opgaverne. Ret det, hvis dagen ikke passer.")
    title = f"{activity.title} hos {place.organisation.name}" if place else activity.title
    messages.success(request, said % {"title": title, "day": f"{activity.planned_on:%d.%m.%Y}"})
    return redirect("recruitment:year_wheel")
