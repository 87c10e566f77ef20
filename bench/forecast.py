"""How often the cohort forecast is right, on invented programmes that it knows nothing of.

Run `python -m bench.forecast` (`--cohorts 500`): each cohort belongs to a programme with rates of its own,
drawn at random and followed day by day for a year and a half; then the forecast is made a random one to
eight weeks before the start, from what is known on that day, and compared with what came. Printed: how
often the 80 % interval held, how wide it was and how far off the middle, beside a control that takes the
past shares for certain. Times to each step are log-normal here and piecewise exponential in the forecast,
weeks vary more than Poisson's, and places are lost at the start, so the forecast's own assumptions do not
hold to the letter.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from recruitment.forecast.history import Coming, End, History, Phase, Stay, Waiting
from recruitment.forecast.model import Interval, interval_of, outlook

WEEKS_BETWEEN = 8
WEEKS_FOLLOWED = 78
WEEKS_OF_ARRIVALS = 26
CAPACITY = 12
SOURCES = ("jobcentre", "gp", "self")
HELD = (0.75, 0.85)


@dataclass
class Person:
    """When somebody came, entered each phase, and left the path; days from the programme's first."""

    source: str
    entered: list[int]
    ended: int | None = None  # fell away on that day
    seated: int | None = None  # got a seat on that day
    cohort: int | None = None
    begun: bool = False


class Programme:
    """An invented programme with rates of its own, followed from its first day to the last start."""

    def __init__(self, draw: np.random.Generator) -> None:
        self.draw = draw
        self.starts = [7 * week for week in range(WEEKS_BETWEEN, WEEKS_FOLLOWED + 1, WEEKS_BETWEEN)]
        self.arrivals_a_week = dict(zip(SOURCES, draw.gamma(4.0, (0.2, 0.12, 0.15)), strict=True))
        self.unevenness = draw.uniform(1.0, 4.0)
        self.falls_away = {source: draw.uniform((0.1, 0.1, 0.05), (0.35, 0.3, 0.2)) for source in SOURCES}
        self.days = {source: draw.uniform((2, 3, 3), (7, 8, 10)) for source in SOURCES}
        self.begins = draw.uniform(0.75, 0.95)
        self.people = list(self._arrive())
        self._give_seats()

    def _arrive(self) -> Iterator[Person]:
        for week in range(WEEKS_FOLLOWED):
            for source in SOURCES:
                mean = self.arrivals_a_week[source]
                number = self.draw.poisson(self.draw.gamma(self.unevenness, mean / self.unevenness))
                for _ in range(number):
                    yield self._walk(Person(source, [7 * week + int(self.draw.integers(7))]))

    def _walk(self, person: Person) -> Person:
        for phase in Phase:
            day = person.entered[-1]
            if self.draw.random() < self.falls_away[person.source][phase]:
                person.ended = day + int(self.draw.exponential(14))
                return person
            median = self.days[person.source][phase]
            person.entered.append(day + int(self.draw.lognormal(np.log(median), 0.8)))
        person.seated = person.entered.pop()
        return person

    def _give_seats(self) -> None:
        """Give each a seat on the first cohort to start that has one; a full one leaves them ready."""
        taken: Counter[int] = Counter()
        for person in sorted((p for p in self.people if p.seated is not None), key=lambda p: p.seated or 0):
            for start in self.starts:
                if start > (person.seated or 0) and taken[start] < CAPACITY:
                    taken[start] += 1
                    person.cohort = start
                    person.begun = bool(self.draw.random() < self.begins)
                    break

    # --- What is known on a day --------------------------------------------------------------------

    def history(self, today: int) -> History:
        stays: list[Stay] = []
        weeks: list[Counter[str]] = [Counter() for _ in range(WEEKS_OF_ARRIVALS)]
        for person in self.people:
            ago = (today - 1 - person.entered[0]) // 7
            if 0 <= ago < WEEKS_OF_ARRIVALS and person.entered[0] < today:
                weeks[ago][person.source] += 1
            stays += self._stays(person, today)
        past = [p for p in self.people if p.cohort is not None and p.cohort <= today]
        return History(stays, len(past), sum(p.begun for p in past), weeks)

    def _stays(self, person: Person, today: int) -> Iterator[Stay]:
        for number, entered in enumerate(person.entered):
            if entered >= today:
                return
            later = person.entered[number + 1 :]
            end, kind = (later[0], End.ADVANCED) if later else self._end_of(person)
            over = end is not None and end < today
            yield Stay(
                person.source,
                Phase(number),
                (end if over and end is not None else today) - entered,
                kind if over else End.OPEN,
            )

    def _end_of(self, person: Person) -> tuple[int | None, End]:
        if person.seated is not None and person.cohort is not None:
            return person.seated, End.ADVANCED
        return person.ended, End.DROPPED

    def waiting(self, today: int) -> list[Waiting]:
        found = []
        for person in self.people:
            stays = list(self._stays(person, today))
            if stays and stays[-1].end == End.OPEN:
                found.append(Waiting(person.source, stays[-1].phase, stays[-1].days))
        return found

    def coming(self, today: int) -> list[Coming]:
        return [
            Coming(
                start - today,
                CAPACITY,
                sum(p.cohort == start and (p.seated or 0) < today for p in self.people),
            )
            for start in self.starts
            if start > today
        ]

    def came(self, start: int) -> int:
        return sum(p.cohort == start and p.begun for p in self.people)


def naive(history: History, waiting: list[Waiting], coming: Coming) -> Interval:
    """The control: past shares for certain, everybody in time, nobody new."""
    ended = [stay for stay in history.stays if stay.end != End.OPEN]
    chance = {
        phase: np.prod(
            [
                np.mean([stay.end == End.ADVANCED for stay in ended if stay.phase == later] or [0])
                for later in Phase
                if later >= phase
            ]
        )
        for phase in Phase
    }
    draw = np.random.default_rng(1)
    seats = sum((draw.random(2000) < chance[person.phase]).astype(float) for person in waiting)
    seats = np.minimum(seats + np.full(2000, coming.seated), coming.capacity)
    return interval_of(draw.binomial(seats.astype(int), history.begun / history.seats))


def main() -> int:
    """Print the figures; 1 when the interval holds less or more often than it says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cohorts", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = np.random.default_rng(options.seed)
    held, held_naive, widths, misses = [], [], [], []
    while len(held) < options.cohorts:
        programme = Programme(draw)
        start = programme.starts[-1]
        today = start - int(draw.integers(7, 57))
        history, waiting, coming = programme.history(today), programme.waiting(today), programme.coming(today)
        if history.seats < 10:
            continue
        came, forecast = programme.came(start), outlook(history, waiting, coming).cohorts[-1]
        control = naive(history, waiting, coming[-1])
        held.append(forecast.interval.low <= came <= forecast.interval.high)
        held_naive.append(control.low <= came <= control.high)
        widths.append(forecast.interval.high - forecast.interval.low + 1)
        misses.append(abs(forecast.expected - came))
    share = float(np.mean(held))
    print(f"cohorts                              {len(held)}")
    print(f"80 % interval holds                  {share:.3f}   (wanted {HELD[0]}–{HELD[1]})")
    print(f"  of past shares taken for certain   {np.mean(held_naive):.3f}   (control)")
    print(f"numbers in the interval, on average  {np.mean(widths):.2f} of {CAPACITY + 1}")
    print(f"middle is off by, on average         {np.mean(misses):.2f}")
    return int(not HELD[0] <= share <= HELD[1])


if __name__ == "__main__":
    sys.exit(main())
