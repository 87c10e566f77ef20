"""How fast people move on, and how many fall away: daily risks, learnt from stays.

In each phase two things may happen on a day, moving on and falling away (competing risks); a stay that is
not over tells only how long it has lasted (right-censored). A risk is events per day at risk, constant
within `BREAKS` (the piecewise exponential model: Friedman 1982, doi:10.1214/aos/1176345693). What a source
has shown little of is filled up with what all sources show, and that with the phase's average: otherwise
a source with three people would be certain of everything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recruitment.forecast.history import End, Phase, Stay

Floats = NDArray[np.float64]

# Days, since much happens in the first week and little after the second month.
BREAKS = np.array([0, 1, 2, 3, 4, 6, 8, 11, 15, 22, 31, 46, 61, 91, 181])
HORIZON = int(BREAKS[-1])
# How many imagined people of the average stand beside those seen: of all sources, and of the phase.
SOURCE_PRIOR = 10.0
PHASE_PRIOR = 4.0
EVENTS = (End.ADVANCED, End.DROPPED)
_BIN_OF_DAY = np.searchsorted(BREAKS, np.arange(HORIZON), side="right") - 1
_WIDTHS = np.diff(BREAKS).astype(float)
# Days at risk that a stay of so many whole days has spent in each bin, its last day not counted.
_DAYS_IN_BIN = np.stack([np.clip(days - BREAKS[:-1], 0, _WIDTHS) for days in range(HORIZON + 1)])


class Stays:
    """Stays as arrays, to be weighed again and again."""

    def __init__(self, stays: Sequence[Stay], sources: Sequence[str]) -> None:
        place = {source: number for number, source in enumerate(sources)}
        self.sources = list(sources)
        self.source = np.array([place[stay.source] for stay in stays], dtype=int)
        self.phase = np.array([stay.phase for stay in stays], dtype=int)
        self.end = np.array([stay.end for stay in stays], dtype=int)
        days = np.array([stay.days for stay in stays], dtype=int)
        # A stay past the horizon is as one that was still open there.
        self.end[days >= HORIZON] = End.OPEN
        days = np.minimum(days, HORIZON)
        self.exposure: Floats = _DAYS_IN_BIN[days].astype(float)
        over = self.end != End.OPEN
        # The day on which it ended was a day at risk too.
        last = _BIN_OF_DAY[np.minimum(days, HORIZON - 1)]
        self.exposure[np.flatnonzero(over), last[over]] += 1
        self.bin = last
        self.cell = (self.source * len(Phase) + self.phase) * len(_WIDTHS)

    def __len__(self) -> int:
        return len(self.source)

    def risks(self, weights: Floats) -> Floats:
        """Return daily risks by source, phase, event (`EVENTS`) and day, 0 to `HORIZON` − 1."""
        shape = (len(self.sources), len(Phase), len(_WIDTHS))
        size = shape[0] * shape[1] * shape[2]
        cells = (self.cell[:, None] + np.arange(len(_WIDTHS))).ravel()
        days = (self.exposure * weights[:, None]).ravel()
        exposure = np.bincount(cells, days, size).astype(float).reshape(shape)
        return np.stack([self._risk(event, weights, exposure) for event in EVENTS], axis=2)[..., _BIN_OF_DAY]

    def _risk(self, event: End, weights: Floats, exposure: Floats) -> Floats:
        seen = self.end == event
        counts = np.bincount((self.cell + self.bin)[seen], weights[seen], exposure.size)
        events = counts.reshape(exposure.shape)
        of_phase = events.sum(axis=(0, 2)) / np.maximum(exposure.sum(axis=(0, 2)), 1.0)
        prior = PHASE_PRIOR * _WIDTHS
        of_all = (events.sum(axis=0) + prior * of_phase[:, None]) / (exposure.sum(axis=0) + prior)
        prior = SOURCE_PRIOR * _WIDTHS
        risk: Floats = (events + prior * of_all) / (exposure + prior)
        return risk


@dataclass(frozen=True)
class Path:
    """One source's way from the first word to a seat; `risks` by phase, event and day."""

    risks: Floats

    @cached_property
    def survival(self) -> Floats:
        """The chance of still standing in a phase at the beginning of a day, by phase."""
        stays = 1.0 - np.clip(self.risks.sum(axis=1), 0.0, 1.0)
        ones = np.ones((len(Phase), 1))
        survival: Floats = np.concatenate([ones, np.cumprod(stays, axis=1)], axis=1)
        return survival

    @cached_property
    def advance(self) -> Floats:
        """The chance of moving on upon a day, seen from the first day in the phase, by phase."""
        advance: Floats = self.survival[:, :-1] * np.clip(self.risks[:, 0], 0.0, 1.0)
        return advance

    @cached_property
    def seated(self) -> Floats:
        """The chance of a seat within so many days for somebody who enters a phase today, by phase.

        The last row is 1 throughout: whoever has been ready has a seat.
        """
        rows = [np.ones(HORIZON)]
        for phase in reversed(Phase):
            rows.append(np.convolve(self.advance[phase], rows[-1])[:HORIZON])
        return np.stack(rows[::-1])

    def seated_from(self, phase: Phase, days: int) -> Floats:
        """Return the chance of a seat within 0, 1, … days for somebody `days` into `phase`."""
        days = min(days, HORIZON - 1)
        still_here = self.survival[phase, days]
        if still_here <= 0.0:
            return np.zeros(HORIZON)
        onwards = self.advance[phase, days:] / still_here
        chance: Floats = np.convolve(onwards, self.seated[phase + 1])[:HORIZON]
        return chance
