"""What the forecast page shows: each coming cohort's outlook, and what would close the gap."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q
from django.utils.timezone import localdate

from courses.enums import EnrolmentState
from courses.models import Cohort, Enrolment
from courses.queries import CohortSeats, day_starts_at
from outreach.models import Referrer
from participants.enums import Stage
from participants.models import Participant, StageChange
from recruitment.forecast.history import Coming, End, History, Phase, Stay, Waiting
from recruitment.forecast.model import Forecast, Outlook, TooLittleHistory, outlook
from recruitment.queries.statistics import people_since

# Two years tell of the programme as it is now; the newest people of a very large one tell as much as all.
HISTORY_MONTHS = 24
MOST_PEOPLE = 5_000
WEEKS_OF_ARRIVALS = 26
# Who comes for the first time within a week of the start has begun with the cohort; later is another story.
BEGUN_WITHIN_DAYS = 7
# Cohorts further away than this depend on people nobody has heard of yet.
AHEAD_DAYS = 120
SHOWN_PEOPLE = 8
SHOWN_REFERRERS = 5
# A move that adds less than one in twenty to the chance is not worth a call before another.
WORTH_A_CALL = 0.05

PHASE_OF_STAGE: dict[Stage, Phase] = {
    Stage.RECEIVED: Phase.NEW,
    Stage.CONTACTING: Phase.NEW,
    Stage.CONVERSATION: Phase.TALKING,
    Stage.READY: Phase.READY,
}


@dataclass(frozen=True)
class CohortOutlook:
    """A coming cohort, its seats and what is to be expected; None where history is too short."""

    seats: CohortSeats
    forecast: Forecast | None

    @property
    def gap(self) -> int:
        """Seats that will stay empty if it goes as expected."""
        return max(self.seats.cohort.capacity - self.forecast.expected, 0) if self.forecast else 0

    @property
    def referrals_wanted(self) -> int | None:
        """How many referrals today would fill the gap; None where they would hardly come in time."""
        if self.forecast is None or self.forecast.of_new < WORTH_A_CALL:
            return None
        return round(self.gap / self.forecast.of_new)


@dataclass(frozen=True)
class ToMove:
    """Somebody whose next step would help the next cohort, and by how much: chances in whole per cent."""

    participant: Participant
    phase: Phase
    days: int
    now_percent: int
    moved_on_percent: int


@dataclass(frozen=True)
class ToAsk:
    """A referrer worth asking: how many they have sent in the time looked at, how many began."""

    referrer: Referrer
    sent: int
    begun: int


@dataclass(frozen=True)
class ForecastPage:
    """All that the page says; `people` and `referrers` are about the first cohort, most helpful first."""

    cohorts: list[CohortOutlook]
    people: list[ToMove]
    referrers: list[ToAsk]
    enough_history: bool

    @property
    def first(self) -> CohortOutlook | None:
        return self.cohorts[0] if self.cohorts else None


def forecast_page(now: dt.datetime) -> ForecastPage:
    """Return the outlook of the programme in scope at `now`; a fixed number of queries."""
    today = localdate(now)
    cohorts = _coming_cohorts(today)
    past, standing = history(today)
    people = list(_waiting_people())
    waiting = [standing[person.pk] for person in people]
    asked = _asked(cohorts, today)
    found: Outlook | None
    try:
        found = outlook(past, waiting, asked) if asked else None
    except TooLittleHistory:
        found = None
    forecasts: list[Forecast | None] = list(found.cohorts) if found else [None] * len(cohorts)
    lines = [CohortOutlook(seats, forecast) for seats, forecast in zip(cohorts, forecasts, strict=True)]
    wanting = bool(lines and lines[0].gap)
    return ForecastPage(
        cohorts=lines,
        people=_to_move(people, waiting, found) if found and wanting else [],
        referrers=_to_ask(now) if wanting else [],
        enough_history=found is not None,
    )


def gains_of_waiting(now: dt.datetime) -> dict[int, float]:
    """Return what a step today adds to each one's chance, 0–1, of beginning the next cohort, by their key.

    Nobody gains anything where no cohort is coming; a fixed number of queries.

    :raises TooLittleHistory: when it would be a guess.
    """
    today = localdate(now)
    past, standing = history(today)
    found = outlook(past, list(standing.values()), _asked(_coming_cohorts(today), today))
    return {pk: gain.gain for pk, gain in zip(standing, found.gains, strict=False)}


def _asked(cohorts: list[CohortSeats], today: dt.date) -> list[Coming]:
    return [
        Coming((seats.cohort.starts_on - today).days, seats.cohort.capacity, seats.seats_taken)
        for seats in cohorts
    ]


def _coming_cohorts(today: dt.date) -> list[CohortSeats]:
    until = today + dt.timedelta(days=AHEAD_DAYS)
    coming = Cohort.objects.upcoming(today).filter(starts_on__lte=until).with_seats_taken()
    return [
        CohortSeats(cohort, cohort.seats_taken, max(cohort.capacity - cohort.seats_taken, 0), None)
        for cohort in coming.select_related("venue")
    ]


# --- What has happened -------------------------------------------------------------------------------


def history(today: dt.date) -> tuple[History, dict[int, Waiting]]:
    """Return what the forecast learns from, and where each who waits stands, by their key; four queries."""
    since = today - dt.timedelta(days=HISTORY_MONTHS * 30)
    arrived: Any = people_since(since)  # annotated, which the types of a QuerySet do not tell
    rows = [*_sources(arrived.order_by("-arrived_at", "-pk")[:MOST_PEOPLE])]
    sources = {pk: source for pk, source, _ in [*rows, *_sources(_waiting_people())]}
    weeks: list[Counter[str]] = [Counter() for _ in range(WEEKS_OF_ARRIVALS)]
    for _, source, arrived_at in rows:
        weeks_ago = ((today - localdate(arrived_at)).days - 1) // 7
        if 0 <= weeks_ago < WEEKS_OF_ARRIVALS:
            weeks[weeks_ago][source] += 1
    paths = {pk: list(stays_of(sources[pk], path, today)) for pk, path in _paths(sources).items()}
    seats, begun = _seats_seen_through(today, since)
    standing = {
        pk: Waiting(stays[-1].source, stays[-1].phase, stays[-1].days)
        for pk, stays in paths.items()
        if stays and stays[-1].end == End.OPEN
    }
    every_stay = [stay for stays in paths.values() for stay in stays]
    return History(every_stay, seats, begun, _known_weeks(weeks)), standing


def _sources(people: Any) -> Any:
    return people.values_list("pk", "source", "arrived_at")


def _known_weeks(weeks: list[Counter[str]]) -> list[Counter[str]]:
    """Leave out the weeks before the very first arrival: the programme was not there yet."""
    oldest = max((number for number, week in enumerate(weeks) if week), default=-1)
    return weeks[: oldest + 1]


def _seats_seen_through(today: dt.date, since: dt.date) -> tuple[int, int]:
    """Return how many held a seat when their cohort began, and how many of them came within the week."""
    settled = today - dt.timedelta(days=BEGUN_WITHIN_DAYS)
    places = (
        Enrolment.objects.filter(
            cohort__starts_on__gte=since, cohort__starts_on__lte=settled, cohort__cancelled_at=None
        )
        .exclude(state=EnrolmentState.WAITING)
        .filter(created_at__date__lt=F("cohort__starts_on"))
        .exclude(state=EnrolmentState.DECLINED, state_changed_at__date__lt=F("cohort__starts_on"))
    )
    begun = Q(started_at__date__lte=F("cohort__starts_on") + dt.timedelta(days=BEGUN_WITHIN_DAYS))
    counted = places.aggregate(seats=Count("pk"), begun=Count("pk", filter=begun))
    return counted["seats"], counted["begun"]


def _paths(sources: Iterable[int]) -> dict[int, list[tuple[Stage, dt.date]]]:
    changes = (
        StageChange.objects.filter(participant__in=list(sources))
        .order_by("participant_id", "at", "pk")
        .values_list("participant_id", "to_stage", "at")
    )
    paths: dict[int, list[tuple[Stage, dt.date]]] = defaultdict(list)
    for pk, to_stage, at in changes:
        paths[pk].append((Stage(to_stage), localdate(at)))
    return paths


def stays_of(source: str, path: Iterable[tuple[Stage, dt.date]], today: dt.date) -> Iterator[Stay]:
    """Yield the stays of a person who came to each stage of `path` on its day, in order.

    A phase that was passed by was a stay of no days. Whoever comes back begins a stay anew.
    """
    phase: Phase | None = None
    entered = today
    for stage, day in path:
        to = PHASE_OF_STAGE.get(stage)
        if to is phase:
            continue
        if phase is not None:
            forwards = stage != Stage.CLOSED and (to is None or to > phase)
            yield Stay(source, phase, (day - entered).days, End.ADVANCED if forwards else End.DROPPED)
            if forwards:
                for passed in range(phase + 1, len(Phase) if to is None else to):
                    yield Stay(source, Phase(passed), 0, End.ADVANCED)
        phase, entered = to, day
    if phase is not None:
        yield Stay(source, phase, (today - entered).days, End.OPEN)


# --- Who could close the gap -------------------------------------------------------------------------


def _waiting_people() -> Any:
    people = people_since(None).filter(stage__in=list(PHASE_OF_STAGE))
    # The columns that cost a decryption each and that the page does not show.
    return people.defer("phone", "email", "contact_wishes", "note").order_by("stage_changed_at", "pk")


def _to_move(people: list[Any], waiting: list[Waiting], found: Outlook) -> list[ToMove]:
    ranked = sorted(zip(people, waiting, found.gains, strict=True), key=lambda row: row[2].gain, reverse=True)
    return [
        ToMove(person, place.phase, place.days, round(gain.now * 100), round(gain.moved_on * 100))
        for person, place, gain in ranked[:SHOWN_PEOPLE]
        if gain.gain >= WORTH_A_CALL
    ]


def _to_ask(now: dt.datetime) -> list[ToAsk]:
    """Return the reachable referrers whose people began most often, who have sent nobody this month."""
    since = day_starts_at(localdate(now) - dt.timedelta(days=HISTORY_MONTHS * 30))
    month_ago = now - dt.timedelta(days=30)
    sent = Q(referrals__received_at__gte=since)
    begun = sent & Q(referrals__participant__enrolments__started_at__isnull=False)
    referrers = (
        Referrer.objects.reachable(now)
        .filter(Q(last_referral_at__lt=month_ago))
        .select_related("organisation")
        .annotate(
            sent=Count("referrals__participant", filter=sent, distinct=True),
            begun=Count("referrals__participant", filter=begun, distinct=True),
        )
        .filter(sent__gt=0)
        .order_by("-begun", "-sent", "name_key", "pk")
    )
    return [ToAsk(referrer, referrer.sent, referrer.begun) for referrer in referrers[:SHOWN_REFERRERS]]
