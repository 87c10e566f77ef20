"""The text of a message goes when the programme's retention ends; that it was sent stays."""

import datetime as dt

import pytest
from django_scopes import scope

from accounts.models import Programme
from messaging import tasks
from messaging.enums import MessageState
from messaging.models import OutboundMessage
from messaging.services import forget_old_texts
from tests.factories import NOW, make_referrer

DAY = dt.timedelta(days=1)


def make_old(programme: Programme, state: str, tried_at: dt.datetime) -> OutboundMessage:
    with scope(programme=programme):
        message: OutboundMessage = OutboundMessage.objects.create(
            programme=programme,
            kind="test_letter",
            unique_key=f"{state}:{tried_at}",
            referrer=make_referrer(programme),
            state=state,
            planned_at=tried_at,
            send_after=tried_at,
            claimed_at=tried_at,
            sent_at=tried_at if state == MessageState.SENT else None,
            address="henrik@jobcenter.example",
            subject="Næste hold",
            body="Hej Henrik",
        )
    return message


@pytest.mark.parametrize("state", [MessageState.SENT, MessageState.FAILED, MessageState.UNCERTAIN])
def test_a_text_is_forgotten_after_its_retention_and_the_sending_is_not(
    in_scope: Programme, state: str
) -> None:
    old = make_old(in_scope, state, NOW - 181 * DAY)
    kept = make_old(in_scope, state, NOW - 179 * DAY)
    assert forget_old_texts(programme=in_scope, now=NOW) == 1
    old.refresh_from_db()
    kept.refresh_from_db()
    assert (old.address, old.subject, old.body) == (None, None, None)
    assert (old.state, old.claimed_at) == (state, NOW - 181 * DAY)
    assert kept.body == "Hej Henrik"


def test_the_programme_decides_how_long(in_scope: Programme) -> None:
    in_scope.message_retention_days = 30
    make_old(in_scope, MessageState.SENT, NOW - 31 * DAY)
    assert forget_old_texts(programme=in_scope, now=NOW) == 1


def test_forgetting_twice_finds_nothing_more(in_scope: Programme) -> None:
    make_old(in_scope, MessageState.SENT, NOW - 181 * DAY)
    forget_old_texts(programme=in_scope, now=NOW)
    assert forget_old_texts(programme=in_scope, now=NOW) == 0


def test_a_message_on_its_way_keeps_its_text(in_scope: Programme) -> None:
    make_old(in_scope, MessageState.CLAIMED, NOW - 181 * DAY)
    assert forget_old_texts(programme=in_scope, now=NOW) == 0


def test_the_daily_task_forgets_for_each_programme_by_its_own_rule(
    programme: Programme, other_programme: Programme
) -> None:
    Programme.objects.filter(pk=other_programme.pk).update(message_retention_days=10_000)
    forgotten = make_old(programme, MessageState.SENT, NOW - 1000 * DAY)
    kept = make_old(other_programme, MessageState.SENT, NOW - 1000 * DAY)
    tasks.forget_texts()
    forgotten.refresh_from_db()
    kept.refresh_from_db()
    assert forgotten.body is None
    assert kept.body == "Hej Henrik"
