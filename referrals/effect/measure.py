"""What the two halves tell: how many referred within three weeks, and whether the nudge may be given credit.

Whoever looks each morning, and believes the first interval that lies clear of zero, finds an effect of
nothing far more often than one time in twenty. So the question is put at most five times, when each half
has reached the sizes of `LOOKS`, and each time at 99 %: five chances of one per cent are five in all
(Bonferroni's inequality). Between the looks the interval is shown and nothing is claimed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from core.shares import CONFIDENCE, Share, share_of
from referrals.effect.draw import Half

# People in each half. Fewer than a hundred tell of an effect only if it is larger than any reminder has;
# at 1 600 one of four percentage points is found about nine times in ten.
LOOKS = (100, 200, 400, 800, 1600)
CLAIM_CONFIDENCE = 1 - (1 - CONFIDENCE) / len(LOOKS)


class Finding(StrEnum):
    """What may be said. The first look that finds something stands; the interval goes on being counted."""

    NOT_ENOUGH = "not_enough"  # the first look is not reached
    NOT_CLEAR = "not_clear"  # some looks are past, and none found a difference
    NO_DIFFERENCE = "no_difference"  # nor did the last
    MORE = "more"  # those nudged referred more
    FEWER = "fewer"


@dataclass(frozen=True)
class Observed:
    """A referrer of a round whose three weeks have passed: their half, and whether a referral came."""

    half: Half
    referred: bool


@dataclass(frozen=True)
class Effect:
    """What is known of a rule.

    `difference`, `low` and `high` are shares from −1 to 1, now less later, with the 95 % interval; None
    while a half is empty. `decided_at` is the look that found something, `next_look` the coming one, in
    people of each half; None where there is none.
    """

    now: Share
    later: Share
    difference: float | None
    low: float | None
    high: float | None
    finding: Finding
    decided_at: int | None
    next_look: int | None


def effect_of(observed: Sequence[Observed]) -> Effect:
    """Return what `observed`, in the order they came due, tells of the rule."""
    by_half = {half: [one.referred for one in observed if one.half == half] for half in Half}
    now, later = by_half[Half.NOW], by_half[Half.LATER]
    low, high = interval_of_difference(_share(now), _share(later))
    finding, decided_at = _finding(now, later)
    size = min(len(now), len(later))
    return Effect(
        now=_share(now),
        later=_share(later),
        difference=_mean(now) - _mean(later) if now and later else None,
        low=low,
        high=high,
        finding=finding,
        decided_at=decided_at,
        next_look=next((look for look in LOOKS if look > size), None) if decided_at is None else None,
    )


def _finding(now: Sequence[bool], later: Sequence[bool]) -> tuple[Finding, int | None]:
    reached = [look for look in LOOKS if look <= min(len(now), len(later))]
    for look in reached:
        low, high = interval_of_difference(
            _share(now[:look], CLAIM_CONFIDENCE), _share(later[:look], CLAIM_CONFIDENCE)
        )
        if low is not None and low > 0:
            return Finding.MORE, look
        if high is not None and high < 0:
            return Finding.FEWER, look
    if not reached:
        return Finding.NOT_ENOUGH, None
    return (Finding.NO_DIFFERENCE if len(reached) == len(LOOKS) else Finding.NOT_CLEAR), None


def interval_of_difference(one: Share, other: Share) -> tuple[float | None, float | None]:
    """Return Newcombe's hybrid score interval of `one` less `other` (Newcombe 1998, method 10).

    At the confidence that the two shares were made with; None where one is a share of nothing.
    """
    if one.share is None or one.low is None or one.high is None:
        return None, None
    if other.share is None or other.low is None or other.high is None:
        return None, None
    difference = one.share - other.share
    down = sqrt((one.share - one.low) ** 2 + (other.high - other.share) ** 2)
    up = sqrt((one.high - one.share) ** 2 + (other.share - other.low) ** 2)
    return difference - down, difference + up


def _share(referred: Sequence[bool], confidence: float = CONFIDENCE) -> Share:
    return share_of(sum(referred), len(referred), confidence=confidence)


def _mean(values: Sequence[bool]) -> float:
    return sum(values) / len(values)
