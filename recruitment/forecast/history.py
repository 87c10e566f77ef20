"""What the forecast learns from and what it is asked about; no person can be told from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum


class Phase(IntEnum):
    """Where somebody stands before they have a seat."""

    NEW = 0  # received, or being called
    TALKING = 1  # spoken with
    READY = 2  # ready, without a seat


class End(IntEnum):
    """How a stay in a phase ended."""

    OPEN = 0  # it has not
    ADVANCED = 1
    DROPPED = 2


@dataclass(frozen=True)
class Stay:
    """One person's stay of `days` in a phase: whole days until it ended, or until today."""

    source: str
    phase: Phase
    days: int
    end: End


@dataclass(frozen=True)
class History:
    """What has happened: stays, how many of those with a seat began, and arrivals a week by source.

    `seats` and `begun` count places in cohorts that have started; `weeks` has one entry for each week,
    quiet ones included.
    """

    stays: Sequence[Stay]
    seats: int
    begun: int
    weeks: Sequence[Mapping[str, int]]


@dataclass(frozen=True)
class Waiting:
    """Somebody on the way who has no seat yet, `days` into their phase."""

    source: str
    phase: Phase
    days: int


@dataclass(frozen=True)
class Coming:
    """A cohort that starts in `days` days, with its seats and those who hold one."""

    days: int
    capacity: int
    seated: int
