"""Which effort brings people who begin: for coordinator and manager, in figures without a person."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import StaffRequest
from accounts.guards import require_permission
from accounts.permissions import Permission, role_has
from core.downloads import CSV, XLSX, download
from core.tables.writing import write_csv, write_xlsx
from recruitment.effort import FEWEST_TO_COMPARE
from recruitment.effort_lines import (
    CUT_NAMES,
    HEADER,
    cost_in_words,
    exported,
    hours,
    lines,
    next_step,
    range_in_words,
    whole,
)
from recruitment.queries.statistics import Period, period_start
from recruitment.queries.ways import VISIT_LASTS, Cut
from recruitment.queries.what_works import tried_in_vain
from recruitment.queries.what_works import what_works as what_works_since

FILES = {"csv": CSV, "xlsx": XLSX}


def _period(request: HttpRequest) -> Period:
    chosen = request.GET.get("periode")
    return Period(chosen) if chosen in {period.value for period in Period} else Period.LAST_12_MONTHS


@require_permission(Permission.SEE_STATISTICS)
@require_GET
def what_works(request: StaffRequest) -> HttpResponse:
    """Show effort against result, told apart by the chosen cut, and what was tried in vain."""
    today, period = timezone.localdate(), _period(request)
    chosen = request.GET.get("vis")
    cut = Cut(chosen) if chosen in {cut.value for cut in Cut} else Cut.STRATEGY
    found = what_works_since(period_start(period, today), today)
    rate = request.programme.hourly_rate
    cost = found.total.cost_per_started(rate)
    context = {
        "periods": list(Period),
        "period": period,
        "cuts": list(CUT_NAMES.items()),
        "cut": cut,
        "cut_name": CUT_NAMES[cut],
        "lines": lines(found.cuts[cut], rate),
        "total": found.total,
        "total_time": hours(found.total.minutes),
        "total_spent": whole(found.total.spent(rate)),
        "total_cost": cost_in_words(cost),
        "total_range": range_in_words(cost),
        "rate": rate,
        "in_vain": [(row, next_step(row, today)) for row in tried_in_vain(found)],
        "fewest": FEWEST_TO_COMPARE,
        "visit_lasts": VISIT_LASTS.days,
        "plans": role_has(request.membership.role, Permission.MANAGE_PARTNERS),
    }
    return render(request, "recruitment/what_works.html", context)


@require_permission(Permission.SEE_STATISTICS)
@require_GET
def what_works_file(request: StaffRequest, ending: str) -> HttpResponse:
    """Download every cut as one table; nothing in it runs in a spreadsheet."""
    today, period = timezone.localdate(), _period(request)
    found = what_works_since(period_start(period, today), today)
    rows = exported(found.cuts, request.programme.hourly_rate)
    content = write_csv(HEADER, rows) if ending == "csv" else write_xlsx(HEADER, rows, sheet="Hvad virker")
    return download(content, FILES[ending], _file_name(today, ending))


def _file_name(today: dt.date, ending: str) -> str:
    return f"hvad-virker-{today:%Y-%m-%d}.{ending}"
