"""Shares with an interval that is honest about small numbers."""

from dataclasses import dataclass
from functools import cache
from math import sqrt

from scipy.stats import norm

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Share:
    """`count` of `n` with Wilson's interval; all three shares are None of nothing, else 0–1."""

    count: int
    n: int
    share: float | None
    low: float | None
    high: float | None


def share_of(count: int, n: int, *, confidence: float = CONFIDENCE) -> Share:
    """Return `count` of `n` with Wilson's score interval (Wilson 1927), which holds at the ends too.

    :raises ValueError: when `count` is not within 0–n.
    """
    if not 0 <= count <= n:
        raise ValueError(f"{count} of {n} is no share")
    if n == 0:
        return Share(0, 0, None, None, None)
    z = _reach_in_deviations(confidence)
    share = count / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low = 0.0 if count == 0 else max(0.0, centre - reach)
    high = 1.0 if count == n else min(1.0, centre + reach)
    return Share(count, n, share, low, high)


@cache
def _reach_in_deviations(confidence: float) -> float:
    return float(norm.ppf((1 + confidence) / 2))
