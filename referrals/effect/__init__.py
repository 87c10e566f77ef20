"""Whether a nudge works: who is drawn to be nudged now, and what the two halves tell. Pure, no database."""

from referrals.effect.draw import Half, half_at, halves
from referrals.effect.measure import LOOKS, Effect, Finding, Observed, effect_of, interval_of_difference

__all__ = [
    "LOOKS",
    "Effect",
    "Finding",
    "Half",
    "Observed",
    "effect_of",
    "half_at",
    "halves",
    "interval_of_difference",
]
