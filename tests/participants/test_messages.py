"""A person wants no messages, and wants them again; both are kept."""

import datetime as dt

from accounts.models import Programme, User
from participants.models import MessageStop
from participants.services import resume_messages, stop_messages
from tests.factories import make_participant


def test_stop_messages_keeps_the_time_of_the_first_no(in_scope: Programme, now: dt.datetime) -> None:
    anna, other = make_participant(in_scope), make_participant(in_scope)

    assert stop_messages(participant=anna, by=None, now=now)
    assert not stop_messages(participant=anna, by=None, now=now + dt.timedelta(hours=1))

    anna.refresh_from_db()
    other.refresh_from_db()
    assert (anna.messages_stopped_at, other.messages_stopped_at) == (now, None)


def test_resume_messages_lets_them_through_again(in_scope: Programme, now: dt.datetime) -> None:
    anna = make_participant(in_scope, messages_stopped_at=now)

    assert resume_messages(participant=anna, by=None, now=now)
    assert not resume_messages(participant=anna, by=None, now=now)

    anna.refresh_from_db()
    assert anna.messages_stopped_at is None


def test_each_no_to_messages_keeps_from_when_to_when_and_by_whom(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    anna = make_participant(in_scope)
    hours = [now + dt.timedelta(hours=hour) for hour in range(3)]

    stop_messages(participant=anna, by=None, now=hours[0])
    resume_messages(participant=anna, by=coordinator, now=hours[1])
    stop_messages(participant=anna, by=coordinator, now=hours[2])

    kept = MessageStop.objects.values_list("stopped_at", "stopped_by", "resumed_at", "resumed_by")
    assert list(kept) == [
        (hours[0], None, hours[1], coordinator.pk),
        (hours[2], coordinator.pk, None, None),
    ]
