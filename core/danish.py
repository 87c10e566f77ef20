"""Danish order of names, search keys, working days and the hours in which messages are sent."""

import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
SENDING_STARTS = time(8)
SENDING_ENDS = time(16)

# Letters that are no mere accent on another one. Danish dictionaries file ä under æ, ö under ø and
# ü under y (Retskrivningsordbogen, and CLDR's collation `da`); aa is å.
_SORTED_AS = str.maketrans(
    {"ä": "æ", "ö": "ø", "ő": "ø", "ü": "y", "ű": "y", "ð": "d", "đ": "d", "þ": "th", "œ": "oe", "ł": "l"}
)
_SEARCHED_AS = str.maketrans(
    {
        "æ": "ae",
        "ä": "ae",
        "ø": "oe",
        "ö": "oe",
        "ő": "oe",
        "å": "aa",
        "ð": "d",
        "đ": "d",
        "þ": "th",
        "œ": "oe",
        "ł": "l",
    }
)
_ALPHABET = " 0123456789abcdefghijklmnopqrstuvwxyzæøå"
_RANK = {letter: f"{rank:02d}" for rank, letter in enumerate(_ALPHABET, start=10)}


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _words(text: str) -> str:
    """Return `text` in lower case with hyphens and white space as single spaces, marks and controls gone."""
    composed = unicodedata.normalize("NFKC", text).casefold()
    composed = unicodedata.normalize("NFKC", composed)
    spaced = (" " if unicodedata.category(letter) in {"Pd", "Zs", "Cc"} else letter for letter in composed)
    kept = (letter for letter in spaced if letter == " " or unicodedata.category(letter)[0] in "LNM")
    return " ".join("".join(kept).split())


def name_key(text: str) -> str:
    """Return a text of digits that sorts as `text` does in a Danish register, whatever the collation.

    æ, ø and å come last, aa is å, case and accents do not count, a hyphen is a space, and shorter
    comes first. Each letter becomes its two-digit rank, because servers disagree on the order of
    everything but digits; a letter of another alphabet becomes 9 and its seven-digit code point.
    """
    words = _words(text).translate(_SORTED_AS).replace("aa", "å")
    ranks: list[str] = []
    for letter in words:
        if letter in _RANK:
            ranks.append(_RANK[letter])
            continue
        for base in _without_accents(letter):
            ranks.append(_RANK.get(base) or f"9{ord(base):07d}")
    return "".join(ranks)


def fold(text: str) -> str:
    """Return `text` as it is searched for: æ as ae, ø as oe, å as aa, lower case, no accents, no hyphens."""
    return " ".join(_without_accents(_words(text).translate(_SEARCHED_AS)).split())


@lru_cache(maxsize=64)
def _holidays_of(year: int) -> dict[date, str]:
    return dict(holidays.country_holidays("DK", years=year, language="da").items())


def holidays_between(first: date, last: date) -> dict[date, str]:
    """Return the Danish public holidays from `first` to `last`, both included, each with its Danish name."""
    years = range(first.year, last.year + 1)
    return {day: name for year in years for day, name in _holidays_of(year).items() if first <= day <= last}


def is_working_day(day: date) -> bool:
    """Say whether `day` is a Monday to Friday and no Danish public holiday."""
    return day.weekday() < 5 and day not in _holidays_of(day.year)


def add_working_days(start: date, days: int, *, away: tuple[date, date] | None = None) -> date:
    """Return the working day that is `days` working days after `start`.

    With 0 it is `start` itself, or the first working day after it. A day from the first to the last of
    `away` is no working day.

    :raises ValueError: when `days` is negative.
    """
    if days < 0:
        raise ValueError("Working days are counted forwards.")

    def works(day: date) -> bool:
        return is_working_day(day) and not (away and away[0] <= day <= away[1])

    day = start
    left = days
    while left > 0 or not works(day):
        day += timedelta(days=1)
        if works(day):
            left -= 1
    return day


def is_quiet(day: date, *, quiet_july: bool, quiet_christmas: bool) -> bool:
    """Say whether `day` lies in July or from 23 December to 1 January, as far as these are kept quiet."""
    if quiet_july and day.month == 7:
        return True
    return quiet_christmas and ((day.month == 12 and day.day >= 23) or (day.month == 1 and day.day == 1))


def _is_sending_day(day: date, *, quiet_july: bool, quiet_christmas: bool) -> bool:
    return is_working_day(day) and not is_quiet(day, quiet_july=quiet_july, quiet_christmas=quiet_christmas)


def is_sending_time(now: datetime, *, quiet_july: bool = True, quiet_christmas: bool = True) -> bool:
    """Say whether reminders may be sent at `now`: from 08.00 up to 16.00 Danish time on a working day.

    :raises ValueError: when `now` has no time zone.
    """
    local = _local(now)
    return SENDING_STARTS <= local.time() < SENDING_ENDS and _is_sending_day(
        local.date(), quiet_july=quiet_july, quiet_christmas=quiet_christmas
    )


def next_sending_time(now: datetime, *, quiet_july: bool = True, quiet_christmas: bool = True) -> datetime:
    """Return the first moment from `now` on at which reminders may be sent; it may be `now` itself.

    :raises ValueError: when `now` has no time zone.
    """
    if is_sending_time(now, quiet_july=quiet_july, quiet_christmas=quiet_christmas):
        return now
    local = _local(now)
    day = local.date() if local.time() < SENDING_STARTS else local.date() + timedelta(days=1)
    while not _is_sending_day(day, quiet_july=quiet_july, quiet_christmas=quiet_christmas):
        day += timedelta(days=1)
    return datetime.combine(day, SENDING_STARTS, tzinfo=COPENHAGEN)


def _local(now: datetime) -> datetime:
    if now.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    return now.astimezone(COPENHAGEN)
