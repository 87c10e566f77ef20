"""The forecast: how many will have begun when the next cohorts start, and whom to ring or ask."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.permissions import Permission
from recruitment.figures import forecast_figure
from recruitment.queries.forecast import forecast_page


@require_permission(Permission.MANAGE_COHORTS)
@require_GET
def cohort_forecast(request: StaffRequest) -> HttpResponse:
    """Show each coming cohort's outlook, and what would close the gap of the first."""
    page = forecast_page(timezone.now())
    context = {"page": page, "figure": forecast_figure(page.cohorts)}
    return render(request, "recruitment/cohort_forecast.html", context)
