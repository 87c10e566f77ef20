"""The manager's page: how recruitment goes and whether it helps, never who."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.permissions import Permission, role_has
from evaluation.reporting import exact_report, protected_report
from recruitment.figures import STEP_LABELS, figures, funnel_tiles
from recruitment.queries.origins import origins
from recruitment.queries.statistics import Period, period_start
from recruitment.queries.statistics import statistics as statistics_of


@require_permission(Permission.SEE_STATISTICS)
@require_GET
def statistics(request: StaffRequest) -> HttpResponse:
    """Show the programme's figures; of measures, only whoever sees the people sees exact ones."""
    chosen = request.GET.get("periode")
    period = Period(chosen) if chosen in {period.value for period in Period} else Period.LAST_12_MONTHS
    exact = role_has(request.membership.role, Permission.SEE_PARTICIPANTS)
    found = statistics_of(period, timezone.localdate(), measures_of_all=not exact)
    report = exact_report(found.results) if exact else protected_report(found.results)
    context = {
        "periods": list(Period),
        "period": period,
        "statistics": found,
        "report": report,
        "figures": figures(found, report),
        "steps": STEP_LABELS,
        "tiles": funnel_tiles(found.funnel),
        "origins": origins(period_start(period, timezone.localdate())),
        "exact": exact,
    }
    return render(request, "recruitment/statistics.html", context)
