"""Where the coordinator's day starts."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.permissions import Permission
from recruitment.queries import dashboard as queries
from recruitment.queries.absence import absences


@require_permission(Permission.SEE_DASHBOARD)
@require_GET
def dashboard(request: StaffRequest) -> HttpResponse:
    """Show what needs doing today, who has come, who waits, and what has happened."""
    today = localdate()
    context = {
        "board": queries.dashboard(request.programme, today),
        "absences": absences(request.programme, request.user, today),
        "today": today,
    }
    return render(request, "recruitment/dashboard.html", context)
