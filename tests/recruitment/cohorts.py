"""What the tests of the cohort pages share. The pages read the clock, so their rows stand around today."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.models import Programme
from courses.models import Cohort
from tests.factories import make_cohort


def today() -> dt.date:
    return timezone.localdate()


def in_days(days: int) -> dt.date:
    return today() + dt.timedelta(days=days)


def at(days: int, hour: int = 10) -> dt.datetime:
    """Return the moment so many days from today at so many o'clock in Denmark."""
    return dt.datetime.combine(in_days(days), dt.time(hour), tzinfo=timezone.get_current_timezone())


def address(name: str, *keys: int, **query: Any) -> str:
    return reverse(f"recruitment:{name}", args=keys) + (f"?{urlencode(query)}" if query else "")


def upcoming(programme: Programme, **fields: Any) -> Cohort:
    return make_cohort(programme, **{"starts_on": in_days(14), **fields})


def running(programme: Programme, **fields: Any) -> Cohort:
    return make_cohort(programme, **{"starts_on": in_days(-14), **fields})


def over(programme: Programme, **fields: Any) -> Cohort:
    return make_cohort(programme, **{"starts_on": in_days(-60), **fields})


def text(response: HttpResponse) -> str:
    return response.content.decode()
