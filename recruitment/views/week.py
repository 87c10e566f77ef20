"""The coordinator's week: what fits in the hours, and what has to wait."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.permissions import Permission
from recruitment.queries import week
from recruitment.queries.absence import absences
from recruitment.queries.tasks import duration
from recruitment.services import postpone_what_does_not_fit


@require_permission(Permission.SEE_DASHBOARD)
@require_GET
def week_plan(request: StaffRequest) -> HttpResponse:
    """Show the week's tasks in the order of what recruiting gains most, as far as the hours reach."""
    now = timezone.now()
    plan = week.week_plan(request.programme, now)
    times = ("hours", "sessions", "done", "free", "planned_minutes", "left_over_minutes", "spare")
    context = {
        "plan": plan,
        "times": {name: duration(getattr(plan, name)) for name in times},
        "absences": absences(request.programme, request.user, timezone.localdate(now)),
    }
    return render(request, "recruitment/week_plan.html", context)


@require_permission(Permission.CHANGE_PARTICIPANTS)
@require_POST
def week_postpone(request: StaffRequest) -> HttpResponse:
    """Move what the week has no time for to the next one."""
    moved = postpone_what_does_not_fit(programme=request.programme, by=request.user, now=timezone.now())
    said = ngettext(
        "%(moved)d opgave er udskudt til næste uge.", "%(moved)d opgaver er udskudt til næste uge.", moved
    )
    messages.success(request, said % {"moved": moved} if moved else _("Alt kan nås. Ingenting er udskudt."))
    return redirect("recruitment:week_plan")
