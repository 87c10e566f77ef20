"""How recruitment goes and whether it helps, counted by the database: figures only, never a person.

A period picks people by the day of their first referral, and the figures follow them until today.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, TruncMonth

from core.danish import COPENHAGEN
from courses.models import Cohort
from courses.queries import day_starts_at
from evaluation.enums import Occasion
from evaluation.models import Response
from evaluation.queries.results import Results, missing_after_reasons, results
from participants.enums import ContactMethod, ContactOutcome, Outcome, Stage
from participants.models import ContactAttempt, Participant, StageChange
from referrals.enums import ReferralKind
from referrals.models import Referral

MONTHS_SHOWN = 24
COHORTS_SHOWN = 12
MONTH_NAMES = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")

# How far a stage is on the way; a pause is as far as "active", and an end adds nothing.
_FURTHEST = {
    Stage.CONVERSATION: 1,
    Stage.READY: 2,
    Stage.PLACED: 3,
    Stage.ACTIVE: 4,
    Stage.PAUSED: 4,
    Stage.COMPLETED: 5,
    Stage.BRIDGING: 5,
}

# The funnel's steps in order, each with the name of its count.
STEPS = (
    ("referred", "Henvist"),
    ("reached", "Fik kontakt"),
    ("talked", "Samtale holdt"),
    ("placed", "Fik plads"),
    ("started", "Begyndte"),
    ("completed", "Gennemførte"),
    ("before", "Målt før"),
    ("after", "Målt efter"),
    ("pairs", "Par"),
)


class Period(StrEnum):
    """Whose figures are shown; the values stand in the page's address."""

    THIS_YEAR = "i-aar"
    LAST_12_MONTHS = "12-maaneder"
    ALL = "alt"

    @property
    def label(self) -> str:
        return _PERIOD_LABELS[self]


_PERIOD_LABELS = {
    Period.THIS_YEAR: "I år",
    Period.LAST_12_MONTHS: "Seneste 12 måneder",
    Period.ALL: "Alt",
}


@dataclass(frozen=True)
class FunnelRow:
    """How many people of one source came how far; `counts` in the order of `STEPS`."""

    label: str
    counts: tuple[int, ...]

    def count(self, step: str) -> int:
        """Return how many came as far as `step`, a name from `STEPS`."""
        return self.counts[[name for name, _ in STEPS].index(step)]


@dataclass(frozen=True)
class Funnel:
    """The way from referral to a measured result, by source and in all."""

    rows: tuple[FunnelRow, ...]
    total: FunnelRow

    def count(self, step: str) -> int:
        """Return how many of all sources came as far as `step`."""
        return self.total.count(step)

    def pairs_per(self, step: str) -> float | None:
        """Return how large a share, 0–1, of those who came as far as `step` is measured before and after."""
        reached = self.count(step)
        return self.count("pairs") / reached if reached else None


@dataclass(frozen=True)
class SeatRow:
    """The seats of one cohort."""

    name: str
    starts_on: dt.date
    capacity: int
    taken: int

    @property
    def share(self) -> float:
        return self.taken / self.capacity


@dataclass(frozen=True)
class MonthRow:
    """Referrals received in one month, `label` such as "mar 26"."""

    label: str
    count: int


@dataclass(frozen=True)
class Statistics:
    """Everything that the page of statistics shows."""

    funnel: Funnel
    seats: tuple[SeatRow, ...]
    months: tuple[MonthRow, ...]
    results: Results
    missing_reasons: tuple[tuple[str, int], ...]


def statistics(period: Period, today: dt.date, *, measures_of_all: bool = False) -> Statistics:
    """Return the programme's figures for `period`; seven queries however many rows there are.

    With `measures_of_all` the results of measures cover everybody, whatever the period: of two periods
    that differ by one person, the difference of their figures would tell of that person.
    """
    since = period_start(period, today)
    people = people_since(since)
    return Statistics(
        funnel=funnel(people),
        seats=seats_of_cohorts(since),
        months=referrals_by_month(since, today),
        results=results(None if since is None or measures_of_all else people),
        missing_reasons=tuple(missing_after_reasons(people)),
    )


def period_start(period: Period, today: dt.date) -> dt.date | None:
    """Return the first day of `period`, None for everything.

    Twelve months are the current one and the eleven before it, from the first of the month on.
    """
    if period == Period.ALL:
        return None
    if period == Period.THIS_YEAR:
        return today.replace(month=1, day=1)
    return _months_before(today, 11)


def people_since(since: dt.date | None) -> QuerySet[Participant]:
    """Return the people first referred from `since` on, each with `source`; not those made by mistake.

    Somebody without a referral was taken in by the coordinator, on the day they were registered.
    """
    first = Referral.objects.filter(participant=OuterRef("pk")).order_by("received_at", "pk")
    people = Participant.objects.exclude(outcome=Outcome.MISTAKE).annotate(
        source=Coalesce(Subquery(first.values("kind")[:1]), Value(ReferralKind.COORDINATOR.value)),
        arrived_at=Coalesce(Subquery(first.values("received_at")[:1]), F("created_at")),
    )
    return people if since is None else people.filter(arrived_at__gte=day_starts_at(since))


def funnel(people: QuerySet[Participant]) -> Funnel:
    """Return how far `people` have come, each person counted once under their first source; one query."""
    counted = {row["source"]: row for row in _counts_by_source(people)}
    rows = tuple(
        FunnelRow(str(kind.label), tuple(counted[kind][name] for name, _ in STEPS))
        for kind in ReferralKind
        if kind in counted
    )
    total = tuple(sum(row.counts[place] for row in rows) for place in range(len(STEPS)))
    return Funnel(rows, FunnelRow("I alt", total))


def _counts_by_source(people: QuerySet[Participant]) -> Any:
    ranks = [When(to_stage=stage, then=Value(rank)) for stage, rank in _FURTHEST.items()]
    moves = StageChange.objects.filter(participant=OuterRef("pk")).order_by().values("participant")
    furthest = moves.annotate(rank=Max(Case(*ranks, default=Value(0)))).values("rank")
    spoken = ContactAttempt.objects.filter(participant=OuterRef("pk"), outcome=ContactOutcome.REACHED)
    measured = Response.objects.complete().filter(participant=OuterRef("pk"))
    return (
        people.annotate(
            furthest=Coalesce(Subquery(furthest), Value(0)),
            spoken=Exists(spoken),
            met=Exists(spoken.filter(method=ContactMethod.MEETING)),
            measured_before=Exists(measured.filter(occasion=Occasion.BEFORE)),
            measured_after=Exists(measured.filter(occasion=Occasion.AFTER)),
        )
        .order_by()
        .values("source")
        .annotate(
            referred=Count("pk"),
            reached=Count("pk", filter=Q(furthest__gte=1) | Q(spoken=True)),
            # The conversation was held when it led on, or when they met face to face.
            talked=Count("pk", filter=Q(furthest__gte=2) | Q(met=True)),
            placed=Count("pk", filter=Q(furthest__gte=3)),
            started=Count("pk", filter=Q(furthest__gte=4)),
            completed=Count("pk", filter=Q(furthest__gte=5)),
            before=Count("pk", filter=Q(measured_before=True)),
            after=Count("pk", filter=Q(measured_after=True)),
            pairs=Count("pk", filter=Q(measured_before=True, measured_after=True)),
        )
    )


def seats_of_cohorts(since: dt.date | None) -> tuple[SeatRow, ...]:
    """Return the newest cohorts that start from `since` on, first to start first; one query."""
    cohorts = Cohort.objects.filter(cancelled_at=None).with_seats_taken()
    if since is not None:
        cohorts = cohorts.filter(starts_on__gte=since)
    newest = cohorts.order_by("-starts_on", "-pk")[:COHORTS_SHOWN]
    rows = [SeatRow(cohort.name, cohort.starts_on, cohort.capacity, cohort.seats_taken) for cohort in newest]
    return tuple(reversed(rows))


def referrals_by_month(since: dt.date | None, today: dt.date) -> tuple[MonthRow, ...]:
    """Return the referrals of each month up to this one, empty months too, 24 at most; one query."""
    earliest = _months_before(today, MONTHS_SHOWN - 1)
    start = earliest if since is None else max(since, earliest)
    found: dict[tuple[int, int], int] = defaultdict(int)
    counted = (
        Referral.objects.filter(received_at__gte=day_starts_at(start))
        .exclude(participant__outcome=Outcome.MISTAKE)
        .annotate(month=TruncMonth("received_at", tzinfo=COPENHAGEN))
        .order_by()
        .values_list("month")
        .annotate(count=Count("pk"))
    )
    for month, count in counted:
        found[month.year, month.month] = count
    months = _months_between(start, today)
    if since is None:  # no empty months before the first referral ever
        months = _from_first(months, found)
    return tuple(
        MonthRow(f"{MONTH_NAMES[month - 1]} {year % 100:02d}", found[year, month]) for year, month in months
    )


def _from_first(
    months: Sequence[tuple[int, int]], found: dict[tuple[int, int], int]
) -> list[tuple[int, int]]:
    first = min(found, default=months[-1])
    return [month for month in months if month >= first]


def _months_between(first: dt.date, last: dt.date) -> list[tuple[int, int]]:
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [(number // 12, number % 12 + 1) for number in numbers]


def _months_before(day: dt.date, months: int) -> dt.date:
    """Return the first day of the month that lies `months` before that of `day`."""
    number = day.year * 12 + day.month - 1 - months
    return dt.date(number // 12, number % 12 + 1, 1)
