"""A referrer decides about reminders: a pause, a stop, or reminders again."""

import datetime as dt

import pytest

from accounts.models import Programme
from outreach.models import Referrer
from referrals.services import PauseNotOffered, pause_reminders, resume_reminders, stop_reminders
from tests.factories import make_referrer


def reachable(referrer: Referrer, now: dt.datetime) -> bool:
    return Referrer.objects.reachable(now).filter(pk=referrer.pk).exists()


@pytest.mark.parametrize(
    ("months", "until"), [(1, dt.date(2026, 4, 10)), (3, dt.date(2026, 6, 10)), (6, dt.date(2026, 9, 10))]
)
def test_pause_reminders_ends_on_the_same_day_of_a_later_month(
    in_scope: Programme, now: dt.datetime, months: int, until: dt.date
) -> None:
    referrer = make_referrer(in_scope)

    paused = pause_reminders(referrer=referrer, months=months, now=now)

    assert paused.paused_until is not None
    assert paused.paused_until.date() == until
    assert not reachable(referrer, now)
    assert reachable(referrer, paused.paused_until)


def test_pause_reminders_from_the_last_of_august_ends_on_the_last_of_february(in_scope: Programme) -> None:
    august = dt.datetime(2026, 8, 31, 9, tzinfo=dt.UTC)

    paused = pause_reminders(referrer=make_referrer(in_scope), months=6, now=august)

    assert paused.paused_until == dt.datetime(2027, 2, 28, 9, tzinfo=dt.UTC)


def test_pause_reminders_of_another_length_is_refused(in_scope: Programme, now: dt.datetime) -> None:
    with pytest.raises(PauseNotOffered):
        pause_reminders(referrer=make_referrer(in_scope), months=12, now=now)


def test_stop_reminders_keeps_the_time_of_the_first_stop(in_scope: Programme, now: dt.datetime) -> None:
    referrer = stop_reminders(referrer=make_referrer(in_scope), now=now)

    again = stop_reminders(referrer=referrer, now=now + dt.timedelta(days=1))

    assert again.stopped_at == now
    assert not reachable(referrer, now)


@pytest.mark.parametrize("before", ["paused", "stopped"])
def test_resume_reminders_ends_a_pause_and_a_stop(in_scope: Programme, now: dt.datetime, before: str) -> None:
    referrer = make_referrer(in_scope)
    if before == "paused":
        pause_reminders(referrer=referrer, months=3, now=now)
    else:
        stop_reminders(referrer=referrer, now=now)

    resume_reminders(referrer=referrer, now=now)

    assert reachable(referrer, now)
