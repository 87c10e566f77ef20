"""Looking ahead: how many of those on the way, and of those still to come, will have begun.

Each of `DRAWS` rounds learns the rates anew from the history with random weights (the Bayesian bootstrap:
Rubin 1981, doi:10.1214/aos/1176345338), so that a short history gives a wide interval; within a round
`PER_DRAW` futures are drawn. The same history gives the same forecast: the draws start from a fixed seed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recruitment.forecast.history import Coming, End, History, Phase, Waiting
from recruitment.forecast.rates import HORIZON, Floats, Path, Stays

DRAWS = 100
PER_DRAW = 20
SEED = 20260105
COVERED = 0.8
# Below this the forecast would be a guess: people who have moved on or fallen away, and places seen through.
ENOUGH_ENDED = 20
ENOUGH_SEATS = 10


class TooLittleHistory(Exception):
    """Too few people have gone the way for a forecast to mean anything."""


@dataclass(frozen=True)
class Interval:
    """Whole numbers from `low` to `high`, both included, that hold with a chance of about 80 %."""

    low: int
    high: int


@dataclass(frozen=True)
class Forecast:
    """How many will have begun a cohort: the middle of the futures drawn, and where most of them lie.

    `of_new` is the chance, 0–1, that somebody who is referred today begins this cohort.
    """

    expected: int
    interval: Interval
    of_new: float


@dataclass(frozen=True)
class Gain:
    """The chance, 0–1, that somebody begins the next cohort: as it stands, and if they move on today."""

    now: float
    moved_on: float

    @property
    def gain(self) -> float:
        return self.moved_on - self.now


@dataclass(frozen=True)
class Outlook:
    """A forecast for each cohort asked about, and the gain of each who waits, both in the order given."""

    cohorts: list[Forecast]
    gains: list[Gain]


def outlook(history: History, waiting: Sequence[Waiting], coming: Sequence[Coming]) -> Outlook:
    """Return what is to be expected of the cohorts in `coming`, soonest first.

    Seats are filled in the order in which the cohorts start; who finds none waits for the next. Starts
    further away than `HORIZON` days count as that far away.

    :raises TooLittleHistory: when fewer than `ENOUGH_ENDED` stays have ended or fewer than
        `ENOUGH_SEATS` places were seen through.
    """
    if sum(stay.end != End.OPEN for stay in history.stays) < ENOUGH_ENDED or history.seats < ENOUGH_SEATS:
        raise TooLittleHistory
    draw = np.random.default_rng(SEED)
    sources = _sources(history, waiting)
    stays = Stays(history.stays, sources)
    starts = np.array([min(cohort.days, HORIZON - 1) for cohort in coming], dtype=int)
    counted = [[week.get(source, 0) for source in sources] for week in history.weeks]
    weeks = np.array(counted, dtype=float).reshape(len(counted), len(sources))
    begun = [
        _futures(
            [Path(risks) for risks in stays.risks(draw.exponential(size=len(stays)))],
            _places(sources, waiting),
            starts,
            weeks,
            coming,
            float(draw.beta(history.begun + 0.5, history.seats - history.begun + 0.5)),
            draw,
        )
        for _ in range(DRAWS)
    ]
    middle = [Path(risks) for risks in stays.risks(np.ones(len(stays)))]
    begins = (history.begun + 0.5) / (history.seats + 1.0)
    shares = _shares(weeks)
    return Outlook(
        cohorts=[
            Forecast(
                expected=int(np.median(counts)),
                interval=interval_of(counts),
                of_new=begins
                * float(sum(p * path.seated[0, day] for p, path in zip(shares, middle, strict=True))),
            )
            for counts, day in zip(np.concatenate(begun).T, starts, strict=True)
        ],
        gains=_gains(middle, _places(sources, waiting), int(starts[0]), begins) if len(coming) else [],
    )


def interval_of(counts: Floats) -> Interval:
    """Return the interval of neighbouring whole numbers whose share of `counts` is nearest to 80 %.

    Of each width the likeliest is looked at. Counts are few, so an interval that holds *at least* 80 %
    would hold closer to 90.
    """
    shares = np.bincount(counts.astype(int)) / len(counts)
    until = np.concatenate([[0.0], np.cumsum(shares)])
    best, nearest = Interval(0, len(shares) - 1), 1.0
    for width in range(1, len(shares) + 1):
        mass = until[width:] - until[:-width]
        low = int(np.argmax(mass))
        if abs(mass[low] - COVERED) < nearest:
            best, nearest = Interval(low, low + width - 1), float(abs(mass[low] - COVERED))
    return best


_Place = tuple[int, Phase, int]  # source's number, phase, days in it


def _sources(history: History, waiting: Sequence[Waiting]) -> list[str]:
    seen = {stay.source for stay in history.stays} | {person.source for person in waiting}
    return sorted(seen.union(*history.weeks))


def _places(sources: list[str], waiting: Sequence[Waiting]) -> list[_Place]:
    return [(sources.index(person.source), person.phase, person.days) for person in waiting]


def _shares(weeks: Floats) -> Floats:
    """Return which part of all arrivals came from each source; equal parts where there were none."""
    totals: Floats = weeks.sum(axis=0)
    return totals / totals.sum() if totals.sum() else np.full(len(totals), 1 / max(len(totals), 1))


def _futures(
    paths: list[Path],
    people: list[_Place],
    starts: Floats,
    weeks: Floats,
    coming: Sequence[Coming],
    begins: float,
    draw: np.random.Generator,
) -> Floats:
    """Return how many begin each cohort in `PER_DRAW` futures under these rates."""
    seated = _seated_of_people(paths, people, starts, draw) + _seated_of_new(paths, starts, weeks, draw)
    counts = np.zeros((PER_DRAW, len(coming)))
    placed = np.zeros(PER_DRAW)
    for number, cohort in enumerate(coming):
        free = max(cohort.capacity - cohort.seated, 0)
        given = np.minimum(seated[:, number] - placed, free)
        placed += given
        counts[:, number] = draw.binomial((given + cohort.seated).astype(int), begins)
    return counts


def _seated_of_people(
    paths: list[Path], people: list[_Place], starts: Floats, draw: np.random.Generator
) -> Floats:
    """Return how many of those on the way have been ready for a seat by each start."""
    if not people:
        return np.zeros((PER_DRAW, len(starts)))
    known: dict[_Place, Floats] = {}
    for place in set(people):
        source, phase, days = place
        known[place] = paths[source].seated_from(phase, days)[starts]
    chances = np.stack([known[place] for place in people])
    luck = draw.random((PER_DRAW, len(people), 1))
    found: Floats = (luck < chances).sum(axis=1).astype(float)
    return found


def _seated_of_new(paths: list[Path], starts: Floats, weeks: Floats, draw: np.random.Generator) -> Floats:
    """Return how many of those still to be referred have been ready for a seat by each start.

    Coming weeks are drawn from past ones, so that they vary as much as weeks do.
    """
    ahead = int(starts[-1]) // 7 + 1 if len(starts) else 0
    if not ahead or not len(weeks):
        return np.zeros((PER_DRAW, len(starts)))
    weights = draw.dirichlet(np.ones(len(weeks)))
    chosen = draw.choice(len(weeks), size=(PER_DRAW, ahead), p=weights)
    arrivals = weeks.sum(axis=1).astype(int)[chosen]
    shares = _shares(weeks * weights[:, None])
    fresh = np.tensordot(shares, np.stack([path.seated[0] for path in paths]), axes=1)
    days = np.arange(ahead * 7)
    left = starts[None, :] - days[:, None]
    by_day = np.where(left >= 0, fresh[np.clip(left, 0, HORIZON - 1)], 0.0)
    by_week = by_day.reshape(ahead, 7, len(starts)).mean(axis=1)
    steps = np.diff(by_week, axis=1, prepend=0.0).clip(min=0.0)
    rest = np.clip(1.0 - steps.sum(axis=1, keepdims=True), 0.0, 1.0)
    drawn = draw.multinomial(arrivals, np.concatenate([steps, rest], axis=1))
    found: Floats = np.cumsum(drawn[..., :-1].sum(axis=1), axis=1).astype(float)
    return found


def _gains(paths: list[Path], people: list[_Place], start: int, begins: float) -> list[Gain]:
    return [
        Gain(
            now=begins * float(paths[source].seated_from(phase, days)[start]),
            moved_on=begins * float(paths[source].seated[phase + 1, start]),
        )
        for source, phase, days in people
    ]
