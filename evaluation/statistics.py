"""Before and after, reported honestly: pure functions over counts of scores.

A score has 26 possible values, so that any number of people is at most 676 different pairs with a
count each. That is what the functions take: PostgreSQL counts, and the arithmetic here stays exact in
whole numbers until the last division.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from scipy.stats import t

from core.shares import CONFIDENCE, Share, share_of
from evaluation.scoring import GROUP_CHANGE, RISK_MAX, SCREENING_MAX, SMALLEST_DETECTABLE_CHANGE

TOP_THREE = 3  # self-rated health: excellent, very good, good

Pairs = Mapping[tuple[int, int], int]
Counts = Mapping[int, int]


@dataclass(frozen=True)
class Spread:
    """Mean and standard deviation (n − 1) of `n` values; no mean of nothing, no deviation below two."""

    n: int
    mean: float | None
    sd: float | None


@dataclass(frozen=True)
class PairedResult:
    """What became of people measured both before and after, in percentage points 0–100.

    `before` and `after` hold the pairs alone; `all_before` holds every before-measure, those without
    an after-measure too. `low` and `high` are the 95 % interval of the mean difference and `d_z` its
    size in standard deviations of the difference: None below two pairs, and `d_z` also where that
    deviation is zero.
    """

    n: int
    before: Spread
    after: Spread
    all_before: Spread
    difference: Spread
    low: float | None
    high: float | None
    d_z: float | None
    gained: Share  # at least GROUP_CHANGE points up
    gained_much: int  # at least what can be told from noise for one person
    better: int
    same: int
    worse: int
    in_risk_before: Share  # at most 50
    in_risk_after: Share
    screened_before: Share  # at most 28
    screened_after: Share


def paired_result(*, pairs: Pairs, all_before: Counts) -> PairedResult:
    """Return the paired result of percentage scores.

    `pairs` counts people by (before, after); `all_before` counts every before-measure by score.
    Interval: d̄ ± t(0.975, n − 1) · SD / √n. Effect size: d_z = d̄ / SD (Lakens 2013).
    """
    before, after, difference = _sum_counts(pairs)
    spread = spread_of(difference)
    low, high = mean_interval(spread)
    n = spread.n
    return PairedResult(
        n=n,
        before=spread_of(before),
        after=spread_of(after),
        all_before=spread_of(all_before),
        difference=spread,
        low=low,
        high=high,
        d_z=spread.mean / spread.sd if spread.mean is not None and spread.sd else None,
        gained=share_of(_count(difference, at_least=GROUP_CHANGE), n),
        gained_much=_count(difference, at_least=SMALLEST_DETECTABLE_CHANGE),
        better=_count(difference, at_least=1),
        same=difference.get(0, 0),
        worse=_count(difference, at_most=-1),
        in_risk_before=share_of(_count(before, at_most=RISK_MAX), n),
        in_risk_after=share_of(_count(after, at_most=RISK_MAX), n),
        screened_before=share_of(_count(before, at_most=SCREENING_MAX), n),
        screened_after=share_of(_count(after, at_most=SCREENING_MAX), n),
    )


def spread_of(counts: Counts) -> Spread:
    """Return mean and standard deviation of values with a count each."""
    n = sum(counts.values())
    if n == 0:
        return Spread(0, None, None)
    total = sum(value * count for value, count in counts.items())
    if n == 1:
        return Spread(1, float(total), None)
    squares = sum(value * value * count for value, count in counts.items())
    variance = Fraction(n * squares - total * total, n * (n - 1))  # exact: equal values give exactly 0
    return Spread(n, total / n, sqrt(variance))


def mean_interval(spread: Spread) -> tuple[float | None, float | None]:
    """Return Student's 95 % interval of the mean; none below two values."""
    if spread.mean is None or spread.sd is None:
        return None, None
    reach = float(t.ppf((1 + CONFIDENCE) / 2, spread.n - 1)) * spread.sd / sqrt(spread.n)
    return spread.mean - reach, spread.mean + reach


@dataclass(frozen=True)
class HealthDistribution:
    """Answers on self-rated health, best first; ordinal, so that there is a distribution and no mean."""

    n: int
    counts: tuple[int, ...]
    top_three: Share


def health_distribution(counts: Counts, *, answers: int = 5) -> HealthDistribution:
    """Return how many gave each answer 1–`answers`, and the share in the best three."""
    in_order = tuple(counts.get(answer, 0) for answer in range(1, answers + 1))
    n = sum(in_order)
    return HealthDistribution(n, in_order, share_of(sum(in_order[:TOP_THREE]), n))


def _sum_counts(pairs: Pairs) -> tuple[dict[int, int], dict[int, int], dict[int, int]]:
    """Return the counts of before, of after and of their difference."""
    before: dict[int, int] = {}
    after: dict[int, int] = {}
    difference: dict[int, int] = {}
    for (first, second), count in pairs.items():
        before[first] = before.get(first, 0) + count
        after[second] = after.get(second, 0) + count
        difference[second - first] = difference.get(second - first, 0) + count
    return before, after, difference


def _count(counts: Counts, *, at_least: int | None = None, at_most: int | None = None) -> int:
    """Return how many values lie within the limits given."""
    return sum(
        count
        for value, count in counts.items()
        if (at_least is None or value >= at_least) and (at_most is None or value <= at_most)
    )
