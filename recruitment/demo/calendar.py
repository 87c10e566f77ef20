"""Working hours for a story: things happen on working days between 9 and 15, Danish time."""

import datetime as dt
import random

from core.danish import add_working_days, is_working_day
from core.dates import danish_moment


def working_day_near(day: dt.date) -> dt.date:
    """Return `day`, or the next working day."""
    return day if is_working_day(day) else add_working_days(day, 1)


def working_moment(day: dt.date, draw: random.Random) -> dt.datetime:
    """Return a moment between 9 and 15 on `day` or the next working day."""
    clock = dt.time(draw.randrange(9, 15), draw.randrange(60))
    return danish_moment(working_day_near(day), clock)


def monday_of(day: dt.date) -> dt.date:
    """Return the Monday of the week of `day`."""
    return day - dt.timedelta(days=day.weekday())
