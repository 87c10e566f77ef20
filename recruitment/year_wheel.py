"""The year wheel's own arithmetic: what should be done how long before a cohort starts."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from core.danish import add_working_days
from outreach.enums import ActivityKind

MONTHS_SHOWN = 12


@dataclass(frozen=True)
class Suggested:
    """One thing to do so many weeks before the first day."""

    weeks: int
    kind: ActivityKind
    title: str


# From the first contact to the first day a person takes five to eight weeks, and a partner's newsletter has
# its own deadline: so the slow ways come first, and those who have shown interest are rung last.
BEFORE_A_START: tuple[Suggested, ...] = (
    Suggested(12, ActivityKind.NEWSLETTER, "Omtale i partnernes nyhedsbreve og intranet"),
    Suggested(10, ActivityKind.TALK, "Oplæg på teammøder hos henviserne"),
    Suggested(8, ActivityKind.VISIT, "Besøg hos lægerne i frokostpausen"),
    Suggested(6, ActivityKind.POSTERS, "Plakater op og skærme opdateret"),
    Suggested(4, ActivityKind.INFORMATION_MEETING, "Informationsmøde uden tilmelding"),
    Suggested(2, ActivityKind.PHONE, "Ring til de interesserede"),
)
# Something of the same kind so near the day has the same effect: it is not asked for twice.
COVERED_WITHIN = dt.timedelta(weeks=2)
# Later than that it no longer brings anybody to this cohort.
TOO_LATE = dt.timedelta(weeks=2)


@dataclass(frozen=True)
class Suggestion:
    """What to do on a day for the sake of a cohort; `is_late` where its day has passed."""

    cohort_pk: int
    cohort_name: str
    suggested: Suggested
    on: dt.date
    is_late: bool


def suggestions(
    cohorts: Iterable[tuple[int, str, dt.date]],
    activities: Iterable[tuple[str, dt.date]],
    today: dt.date,
) -> list[Suggestion]:
    """Return what nobody has planned or done before each cohort (key, name, first day) that lies ahead.

    `activities` are (kind, day) of all that is planned or done. A suggestion falls on a working day; one
    whose day has passed is moved to the next, until it would be too late.
    """
    known = list(activities)
    found = []
    for pk, name, starts_on in cohorts:
        if starts_on <= today:
            continue
        for suggested in BEFORE_A_START:
            day = starts_on - dt.timedelta(weeks=suggested.weeks)
            covered = any(kind == suggested.kind and abs(on - day) <= COVERED_WITHIN for kind, on in known)
            if covered or today - day > TOO_LATE:
                continue
            on = add_working_days(max(day, today), 0)
            found.append(Suggestion(pk, name, suggested, on, is_late=day < today))
    return found


def months_from(today: dt.date) -> list[dt.date]:
    """Return the first day of this month and of the eleven after it."""
    first = today.year * 12 + today.month - 1
    numbers = range(first, first + MONTHS_SHOWN)
    return [dt.date(number // 12, number % 12 + 1, 1) for number in numbers]
