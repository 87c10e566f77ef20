"""A person wants no messages, and wants them again."""

import datetime as dt

from accounts.models import Programme
from participants.services import resume_messages, stop_messages
from tests.factories import make_participant


def test_stop_messages_keeps_the_time_of_the_first_no(in_scope: Programme, now: dt.datetime) -> None:
    anna, other = make_participant(in_scope), make_participant(in_scope)

    assert stop_messages(participant=anna, now=now)
    assert not stop_messages(participant=anna, now=now + dt.timedelta(hours=1))

    anna.refresh_from_db()
    other.refresh_from_db()
    assert (anna.messages_stopped_at, other.messages_stopped_at) == (now, None)


def test_resume_messages_lets_them_through_again(in_scope: Programme, now: dt.datetime) -> None:
    anna = make_participant(in_scope, messages_stopped_at=now)

    assert resume_messages(participant=anna)
    assert not resume_messages(participant=anna)

    anna.refresh_from_db()
    assert anna.messages_stopped_at is None
