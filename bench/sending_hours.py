"""R8: time is right. Run `python -m bench.sending_hours`.

Every minute of 2026–2036 is offered to the rule by which a nudge is sent or put off, and its answer is
compared with a calendar of our own making here: Easter by Gauss's rule as Butcher wrote it down, summer
time by the Union's directive. Then each daily job of the app's schedule is run by Celery's own reckoning
over every day of a clock change. The control forgets the holidays, and reckons in UTC.
"""

import argparse
import datetime as dt
import os
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache, partial

from core.danish import COPENHAGEN, next_sending_time

FIRST, LAST = 2026, 2036
MINUTE = dt.timedelta(minutes=1)
Rule = Callable[[dt.datetime], dt.datetime]


@lru_cache
def easter(year: int) -> dt.date:
    """Return Easter Sunday (Butcher 1876, as in Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return dt.date(year, month, day + 1)


@lru_cache
def days_off(year: int) -> frozenset[dt.date]:
    """Return the Danish public holidays, without Store Bededag, which ended in 2024."""
    moving = (easter(year) + dt.timedelta(days=days) for days in (-3, -2, 0, 1, 39, 49, 50))
    return frozenset({dt.date(year, 1, 1), dt.date(year, 12, 25), dt.date(year, 12, 26), *moving})


@lru_cache
def summer(year: int) -> tuple[dt.datetime, dt.datetime]:
    """Return when summer time begins and ends (directive 2000/84/EC: last Sundays, 01.00 UTC)."""
    ends = [dt.datetime(year, month, 31, 1, tzinfo=dt.UTC) for month in (3, 10)]
    begins, over = (end - dt.timedelta(days=(end.weekday() + 1) % 7) for end in ends)
    return begins, over


def danish(moment: dt.datetime) -> dt.datetime:
    """Return the wall clock's time in Denmark, without a zone."""
    begins, over = summer(moment.year)
    hours = 2 if begins <= moment < over else 1
    return moment.replace(tzinfo=None) + dt.timedelta(hours=hours)


def is_allowed(moment: dt.datetime) -> bool:
    """Return whether a nudge may be sent at `moment`, by the calendar of this file."""
    local = danish(moment.astimezone(dt.UTC))
    return 8 <= local.hour < 16 and local.weekday() < 5 and local.date() not in days_off(local.year)


def ours(moment: dt.datetime) -> dt.datetime:
    return next_sending_time(moment, quiet_july=False, quiet_christmas=False)


def naive(moment: dt.datetime) -> dt.datetime:
    """The control: working days and hours, but no holidays, and the server's clock in UTC."""
    return moment if 7 <= moment.hour < 15 and moment.weekday() < 5 else moment + MINUTE


def wrong_minutes(rule: Rule, year: int) -> tuple[int, int, int]:
    """Return how many minutes of the year were tried, sent at a wrong time, and put off without need."""
    moment, end = dt.datetime(year, 1, 1, tzinfo=dt.UTC), dt.datetime(year + 1, 1, 1, tzinfo=dt.UTC)
    tried = wrong = idle = 0
    while moment < end:
        sent = rule(moment) == moment
        allowed = is_allowed(moment)
        wrong += sent and not allowed
        idle += allowed and not sent
        tried += 1
        moment += MINUTE
    return tried, wrong, idle


def minutes(name: str, rule: Rule, years: range) -> tuple[int, int]:
    with ProcessPoolExecutor() as pool:
        counted = list(pool.map(partial(wrong_minutes, rule), years))
    tried, wrong, idle = (sum(column) for column in zip(*counted, strict=True))
    print(f"{name}: {tried} minutes, {wrong} sent outside hours, {idle} put off within them", flush=True)
    return wrong, idle


def daily_jobs() -> int:
    """Run each daily job over the days of every clock change; return how many days had not just one run."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.check")
    from celery.schedules import crontab  # noqa: PLC0415 - the settings must stand first

    from config.celery import app  # noqa: PLC0415

    daily = {
        name: entry
        for name, entry in app.conf.beat_schedule.items()
        # What runs each hour may run once more or less on a day of 25 or 23 of them.
        if isinstance(entry["schedule"], crontab) and entry["schedule"]._orig_hour != "*"
    }
    faults = days = 0
    for entry in daily.values():
        for year in range(FIRST, LAST + 1):
            for change in summer(year):
                runs = _runs_around(entry["schedule"], change)
                wanted = _wanted(entry["schedule"], change)
                days += len(wanted)
                faults += sum(runs[day] != number for day, number in wanted.items())
    print(f"{len(daily)} daily jobs on {days} days around clock changes: {faults} not run as often as due")
    return faults


def _wanted(schedule: object, change: dt.datetime) -> dict[dt.date, int]:
    days = [danish(change).date() + dt.timedelta(days=each) for each in (-1, 0, 1)]
    allowed = schedule.day_of_week  # type: ignore[attr-defined]
    return {day: int((day.weekday() + 1) % 7 in allowed) for day in days}


def _runs_around(schedule: object, change: dt.datetime) -> Counter[dt.date]:
    """Ask the schedule as beat does: whenever it said to ask again, and each hour at least."""
    now = [change - dt.timedelta(days=3)]
    asked = schedule.__class__(  # type: ignore[call-arg]
        minute=schedule._orig_minute,  # type: ignore[attr-defined]
        hour=schedule._orig_hour,  # type: ignore[attr-defined]
        day_of_week=schedule._orig_day_of_week,  # type: ignore[attr-defined]
        nowfun=lambda: now[0].astimezone(COPENHAGEN),
        app=schedule.app,  # type: ignore[attr-defined]
    )
    last, runs = now[0], Counter[dt.date]()
    while now[0] < change + dt.timedelta(days=3):
        is_due, again = asked.is_due(last.astimezone(COPENHAGEN))
        if is_due:
            last = now[0]
            runs[danish(now[0]).date()] += 1
        now[0] += dt.timedelta(seconds=min(max(again, 1), 3600))
    return runs


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.sending_hours", description=__doc__)
    parser.add_argument("--last", type=int, default=LAST, help="the last year to try")
    years = range(FIRST, parser.parse_args().last + 1)
    wrong, idle = minutes("the app's rule", ours, years)
    control, _ = minutes("control, no holidays and UTC", naive, years)
    faults = daily_jobs()
    return 0 if not (wrong or idle or faults) and control else 1


if __name__ == "__main__":
    sys.exit(main())
