"""Effort against its result, in figures alone: what was put in, who came, and what one who began has cost."""

import operator
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import reduce

from scipy import stats

# Below so many the interval is wider than six to one: one person more or less would turn the order around.
FEWEST_TO_COMPARE = 5
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Tally:
    """What was done one way, and what came of it; tallies add up.

    `minutes` of the coordinator's, `kroner` paid out; of the arrivals, how each was joined to the effort.
    """

    times: int = 0
    minutes: float = 0
    kroner: float = 0
    scans: int = 0
    arrivals: int = 0
    started: int = 0
    completed: int = 0
    by_link: int = 0
    by_organisation: int = 0
    by_words: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(Tally)))

    @property
    def is_tried_in_vain(self) -> bool:
        """Whether something was done, and nobody has come of it."""
        return self.times > 0 and self.arrivals == 0

    def spent(self, hourly_rate: int) -> float:
        """Return the kroner it has cost, the coordinator's time at `hourly_rate` kroner included."""
        return self.kroner + self.minutes / 60 * hourly_rate

    def cost_per_started(self, hourly_rate: int) -> "Cost | None":
        """Return what one person who began has cost; None where nothing was put in."""
        return cost_per_started(self.spent(hourly_rate), self.started)


def total(tallies: Iterable[Tally]) -> Tally:
    """Return the tallies as one."""
    return reduce(operator.add, tallies, Tally())


@dataclass(frozen=True)
class Cost:
    """Kroner per person who began, with a 95 % interval.

    With nobody yet there is no `value` and no `high`: all that can be said is that it is `low` or more.
    """

    value: float | None
    low: float
    high: float | None
    is_few: bool


def cost_per_started(spent: float, started: int) -> Cost | None:
    """Return `spent` per person who began, None for nothing spent.

    The cost is known and the number is chance, so the interval is the exact one of a Poisson count turned
    over (Garwood 1936, Biometrika 28:437–442). Below `FEWEST_TO_COMPARE` it `is_few`: told, with its
    interval, but no ground for choosing one way before another.
    """
    if spent <= 0:
        return None
    low, high = poisson_interval(started)
    return Cost(
        value=spent / started if started else None,
        low=spent / high,
        high=spent / low if low else None,
        is_few=started < FEWEST_TO_COMPARE,
    )


def poisson_interval(count: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return Garwood's exact interval of the number to be expected where `count` was seen."""
    tail = (1 - confidence) / 2
    low = float(stats.chi2.ppf(tail, 2 * count)) / 2 if count else 0.0
    return low, float(stats.chi2.ppf(1 - tail, 2 * count + 2)) / 2
