"""Dates and times as Danes write them."""

import re
from datetime import UTC, date, datetime, time

from core.danish import COPENHAGEN

_DATE = re.compile(r"(\d{1,2})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{4})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")  # what <input type="date"> sends
# Another year is a slip of the finger, and the first and last that Python knows have no moment in UTC.
EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
_TIME = re.compile(r"(?:kl\.?\s*)?(\d{1,2})(?:[.:](\d{2}))?(?:[.:]\d{2})?", re.IGNORECASE)


class InvalidDate(ValueError):
    """The text is no date, or no day of the calendar."""


class InvalidTime(ValueError):
    """The text is no time of day, or one that the clock skips on that day."""


def parse_danish_date(text: str) -> date:
    """Return the day that `05.11.2026`, `5-11-2026`, `5/11/2026` or `2026-11-05` names.

    :raises InvalidDate: when it is spelled otherwise, does not exist, such as 31.02.2026, or lies outside
        1900–2100.
    """
    spelled = text.strip()
    if found := _DATE.fullmatch(spelled):
        day, month, year = int(found[1]), int(found[3]), int(found[4])
    elif found := _ISO_DATE.fullmatch(spelled):
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    else:
        raise InvalidDate("Not spelled as a date.")
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise InvalidDate("No year of this century or its neighbours.")
    try:
        return date(year, month, day)
    except ValueError as error:
        raise InvalidDate("No such day.") from error


def format_danish_date(day: date) -> str:
    """Return `day` as `05.11.2026`."""
    return f"{day.day:02d}.{day.month:02d}.{day.year:04d}"


def parse_danish_time(text: str) -> time:
    """Return the time of day that `14.30`, `14:30`, `kl. 14.30` or `14` names, to the minute.

    :raises InvalidTime: when it is spelled otherwise or does not exist, such as 25.00.
    """
    found = _TIME.fullmatch(text.strip())
    if not found:
        raise InvalidTime("Not spelled as a time.")
    try:
        return time(int(found[1]), int(found[2] or 0))
    except ValueError as error:
        raise InvalidTime("No such time.") from error


def format_danish_time(moment: time) -> str:
    """Return `moment` as `14.30`."""
    return f"{moment.hour:02d}.{moment.minute:02d}"


def danish_moment(day: date, clock: time) -> datetime:
    """Return, in UTC, the moment at which Danish clocks show `clock` on `day`; of two such, the first.

    :raises InvalidTime: when the clock skips it, as 02.30 on the day summer time begins.
    """
    wanted = datetime.combine(day, clock, tzinfo=COPENHAGEN)
    moment = wanted.astimezone(UTC)
    if moment.astimezone(COPENHAGEN).time() != clock:
        raise InvalidTime("The clock skips this time.")
    return moment
