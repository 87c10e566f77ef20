"""Twelve months at a glance: when cohorts start, what is planned and done, and what should be."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from courses.models import Cohort
from outreach.enums import ActivityKind, ActivityState
from outreach.models import Activity
from recruitment.queries.best_places import BestPlace, best_places
from recruitment.year_wheel import (
    BEFORE_A_START,
    COVERED_WITHIN,
    TOO_LATE,
    Suggestion,
    months_from,
    suggestions,
)

START, ACTIVITY, SUGGESTION = "start", "activity", "suggestion"


@dataclass(frozen=True)
class SuggestionLine:
    """A suggestion, and at which partner it is best made; None where there is none."""

    suggestion: Suggestion
    place: BestPlace | None


@dataclass
class Month:
    """One month with what falls in it: (day, which of the three above, the row), in the order of the days.

    The row of a suggestion is a `SuggestionLine`.
    """

    first: dt.date
    entries: list[tuple[dt.date, str, Any]] = field(default_factory=list)


def year_wheel(today: dt.date) -> list[Month]:
    """Return this month and the eleven after it; five queries."""
    months = {first: Month(first) for first in months_from(today)}
    first = min(months)
    # A cohort that starts after the last month has its newsletter before it.
    reach = dt.timedelta(weeks=max(one.weeks for one in BEFORE_A_START))
    end = (max(months) + dt.timedelta(days=31)).replace(day=1)
    cohorts = list(
        Cohort.objects.filter(cancelled_at=None, starts_on__gte=first, starts_on__lt=end + reach)
        .with_seats_taken()
        .order_by("starts_on", "pk")
    )
    activities = list(
        Activity.objects.exclude(state=ActivityState.DROPPED)
        .filter(planned_on__gte=first - COVERED_WITHIN - TOO_LATE)
        .select_related("organisation", "channel")
        .order_by("planned_on", "pk")
    )
    ahead = [(cohort.pk, cohort.name, cohort.starts_on) for cohort in cohorts]
    known = [(activity.kind, day_of(activity)) for activity in activities]
    found: list[tuple[dt.date, str, Any]] = [
        *((cohort.starts_on, START, cohort) for cohort in cohorts),
        *((day_of(activity), ACTIVITY, activity) for activity in activities),
        *(
            (line.suggestion.on, SUGGESTION, line)
            for line in _placed(suggestions(ahead, known, today), best_places(today))
        ),
    ]
    for entry in sorted(found, key=lambda one: one[0]):
        month = months.get(entry[0].replace(day=1))
        if month is not None:
            month.entries.append(entry)
    return list(months.values())


def _placed(found: list[Suggestion], places: dict[str, list[BestPlace]]) -> list[SuggestionLine]:
    """Give each suggestion a partner: the best for the first of its kind, the next best for the next."""
    left = {kind: list(best) for kind, best in places.items()}
    lines = []
    for one in sorted(found, key=lambda suggestion: suggestion.on):
        best = left.get(one.suggested.kind) or []
        lines.append(SuggestionLine(one, best.pop(0) if best else None))
    return lines


def day_of(activity: Activity) -> dt.date:
    """Return the day it was held, or is planned for."""
    return activity.held_on or activity.planned_on


def suggestion_for(cohort: Cohort, kind: str, today: dt.date) -> Suggestion | None:
    """Return what the wheel asks for before the cohort, None where it is planned, too late or unknown."""
    if kind not in ActivityKind:
        return None
    known = (
        (activity.kind, day_of(activity))
        for activity in Activity.objects.exclude(state=ActivityState.DROPPED).filter(kind=kind)
    )
    ahead = [(cohort.pk, cohort.name, cohort.starts_on)] if cohort.cancelled_at is None else []
    found = suggestions(ahead, known, today)
    return next((one for one in found if one.suggested.kind == kind), None)
