"""When a cohort meets week by week; pure reckoning in Danish time."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from core.danish import holidays_between
from core.dates import danish_moment

# A slip in a date or a count never makes more rows than a cohort could meet in a year, twice a week.
MOST_SESSIONS = 104


@dataclass(frozen=True)
class WeeklyPlan:
    """The weekdays (Monday is 0) on which a cohort meets, from when, and for how long."""

    weekdays: frozenset[int]
    starts: dt.time
    duration: dt.timedelta

    def moment(self, day: dt.date) -> tuple[dt.datetime, dt.datetime]:
        """Return the start and end of the session on `day`, by Danish clocks.

        :raises InvalidTime: when the clock skips the start on that day.
        """
        start = danish_moment(day, self.starts)
        return start, start + self.duration

    def days(self, first: dt.date, last: dt.date) -> list[dt.date]:
        """Return the plan's days from `first` to `last`, both included, public holidays left out."""
        holidays = holidays_between(first, last)
        return [day for day in self._weekdays_between(first, last) if day not in holidays]

    def skipped(self, first: dt.date, last: dt.date) -> dict[dt.date, str]:
        """Return the public holidays that fall on the plan's weekdays, each with its Danish name."""
        return {
            day: name for day, name in holidays_between(first, last).items() if day.weekday() in self.weekdays
        }

    def _weekdays_between(self, first: dt.date, last: dt.date) -> Iterator[dt.date]:
        for number in range((last - first).days + 1):
            day = first + dt.timedelta(days=number)
            if day.weekday() in self.weekdays:
                yield day
