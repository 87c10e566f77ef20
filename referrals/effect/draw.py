"""Who is nudged now and who three weeks later: drawn by a stored seed, so that anybody can draw again.

Two and two (permuted blocks of two): of each pair who come due one after the other, one goes to each half.
The halves are equally large at any moment, and nobody, the coordinator included, chooses.
"""

import hashlib
from collections.abc import Iterable
from enum import StrEnum


class Half(StrEnum):
    NOW = "now"
    LATER = "later"


def half_at(seed: int, place: int) -> Half:
    """Return the half of whoever comes due as number `place` of the round, from 0."""
    pair, second = divmod(place, 2)
    now_first = _digest(seed, f"pair {pair}")[0] % 2 == 0
    return Half.NOW if now_first != bool(second) else Half.LATER


def halves(seed: int, keys: Iterable[int], *, after: int = 0) -> dict[int, Half]:
    """Return the half of each of `keys`, who come due at once after `after` others of the same round.

    Their order among themselves is drawn too, so that neither the oldest nor the busiest stand first.
    """
    drawn = sorted(set(keys), key=lambda key: _digest(seed, f"key {key}"))
    return {key: half_at(seed, after + place) for place, key in enumerate(drawn)}


def _digest(seed: int, what: str) -> bytes:
    return hashlib.sha256(f"{seed}: {what}".encode()).digest()
