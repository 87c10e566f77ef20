"""WHO-5 scores and what they mean. Nothing here is a diagnosis, and no citizen is shown a band."""

from collections.abc import Sequence

from evaluation.enums import Band

ITEM_COUNT = 5
ITEM_MAX = 5
PERCENT_PER_POINT = 4  # raw 0–25 becomes 0–100

# Bands of the Danish guidance (etf.dk): 0–35 "stor risiko", 36–50 "risiko", over 50 not immediately.
# Percentage scores are multiples of four, so "≤ 50", "< 50" and "raw ≤ 12" are one set.
HIGH_RISK_MAX = 35
RISK_MAX = 50
# A separate threshold for a closer look (Topp et al. 2015): percentage ≤ 28, raw ≤ 7.
SCREENING_MAX = 28

# A change that counts for a *group* (Topp et al. 2015): ≥ 10 points, in practice ≥ 12.
GROUP_CHANGE = 10
# The smallest change that can be told from noise for *one person*: 23.6 points (Schougaard et al.
# 2018, Danish WHO-5, n = 554), in practice 24.
SMALLEST_DETECTABLE_CHANGE = 24


def raw_score(items: Sequence[int | None]) -> int | None:
    """Return the sum 0–25 of five answers 0–5, None as soon as one is unanswered; 0 is an answer.

    :raises ValueError: when there are not five items, or one is outside 0–5.
    """
    check_items(items)
    answered = [item for item in items if item is not None]
    return sum(answered) if len(answered) == ITEM_COUNT else None


def percentage_score(raw: int) -> int:
    """Return the score 0–100, always a multiple of four, of a raw score 0–25."""
    return raw * PERCENT_PER_POINT


def band(percentage: int) -> Band:
    """Return the band of a percentage score; for the coordinator's eyes alone."""
    if percentage <= HIGH_RISK_MAX:
        return Band.HIGH_RISK
    return Band.RISK if percentage <= RISK_MAX else Band.NOT_IMMEDIATE


def check_items(items: Sequence[int | None]) -> None:
    """Accept five answers, each 0–5 or None.

    :raises ValueError: when there are not five items, or one is outside 0–5.
    """
    if len(items) != ITEM_COUNT:
        raise ValueError(f"WHO-5 has {ITEM_COUNT} items, not {len(items)}")
    if any(item is not None and not 0 <= item <= ITEM_MAX for item in items):
        raise ValueError(f"A WHO-5 answer is 0–{ITEM_MAX} or missing")
