"""Delivery: a message that is due and still wanted leaves once; each fault has its own end."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from accounts.models import Programme
from messaging import kinds, queries, tasks
from messaging.channels import LastingFault, TemporaryFault, UnclearFault
from messaging.enums import MessageState
from messaging.kinds import Kind, Rendered, UnknownKind
from messaging.models import LEASE, OutboundMessage
from messaging.services import Outcome, deliver_message, plan_message, reconcile_message
from messaging.services.delivery import LAST_ATTEMPT
from messaging.services.locking import LOCK_SPACE, sending_locks
from tests.factories import make_referrer
from tests.messaging.conftest import LETTER, Wire
from tests.smtp_sink import SmtpSink, free_port

pytestmark = pytest.mark.usefixtures("in_scope")


@pytest.fixture
def plan(programme: Programme, now: dt.datetime) -> Callable[..., OutboundMessage]:
    """Plan a letter to a new referrer."""

    def planned(kind: str = "test_letter", at: dt.datetime = now, **referrer: Any) -> OutboundMessage:
        recipient = make_referrer(programme, **referrer)
        return plan_message(
            programme=programme, kind=kind, unique_key=f"{kind}:{recipient.pk}", referrer=recipient, now=at
        )

    return planned


Plan = Callable[..., OutboundMessage]


def test_a_due_message_is_sent_from_the_municipality_to_the_address_of_today(
    plan: Plan, wire: Wire, now: dt.datetime
) -> None:
    message = plan(email="gammel@jobcenter.example")
    message.referrer.email = "ny@jobcenter.example"
    message.referrer.save()
    assert deliver_message(message_id=message.pk, channel=wire, now=now) is Outcome.SENT
    (envelope,) = wire.sent
    assert envelope.to == "ny@jobcenter.example"
    assert envelope.sender == "Prøve Kommune <kultur@test.example>" or envelope.sender.startswith("=?utf-8?")
    assert envelope.reply_to == message.programme.contact_email


def test_a_sent_message_keeps_when_and_what(plan: Plan, wire: Wire, now: dt.datetime) -> None:
    message = plan(name="Henrik Ærø")
    deliver_message(message_id=message.pk, channel=wire, now=now)
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.attempts) == (MessageState.SENT, now, 1)
    assert message.message_id == wire.sent[0].message_id
    assert message.address == message.referrer.email
    assert message.subject == "Næste hold på museet"
    assert message.body == "Hej Henrik Ærø\n\nÆbler, øl og å.\n"


def test_the_text_as_sent_stands_encrypted_in_the_database(plan: Plan, wire: Wire, now: dt.datetime) -> None:
    message = plan(name="Henrik Mærkelig")
    deliver_message(message_id=message.pk, channel=wire, now=now)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT row_to_json(m)::text FROM messaging_outboundmessage m WHERE id = %s", [message.pk]
        )
        stored = cursor.fetchone()[0]
    for plain in ("Henrik", "jobcenter.example", "museet"):
        assert plain not in stored
        assert plain.encode().hex() not in stored


def test_delivering_again_sends_nothing(plan: Plan, wire: Wire, now: dt.datetime) -> None:
    message = plan()
    deliver_message(message_id=message.pk, channel=wire, now=now)
    assert deliver_message(message_id=message.pk, channel=wire, now=now) is Outcome.NOTHING_DUE
    assert len(wire.sent) == 1


def test_a_message_for_later_waits(plan: Plan, wire: Wire, now: dt.datetime) -> None:
    message = plan(at=now + dt.timedelta(days=1))
    assert deliver_message(message_id=message.pk, channel=wire, now=now) is Outcome.NOTHING_DUE
    assert not wire.sent


def test_a_message_of_another_programme_is_not_seen(
    other_programme: Programme, wire: Wire, now: dt.datetime
) -> None:
    message = plan_message(
        programme=other_programme,
        kind="test_letter",
        unique_key="k",
        referrer=make_referrer(other_programme),
        now=now,
    )
    assert deliver_message(message_id=message.pk, channel=wire, now=now) is Outcome.NOTHING_DUE
    assert not wire.sent


def test_a_message_nobody_wants_any_more_is_cancelled_with_the_reason(
    plan: Plan, wire: Wire, now: dt.datetime
) -> None:
    message = plan("test_nudge")
    message.referrer.stopped_at = now
    message.referrer.save()
    assert deliver_message(message_id=message.pk, channel=wire, now=now) is Outcome.CANCELLED
    message.refresh_from_db()
    assert message.state == MessageState.CANCELLED
    assert message.cancelled_because == "Henviseren har frabedt sig påmindelser."
    assert not wire.sent


def test_a_nudge_that_comes_due_after_hours_waits_for_the_morning(
    plan: Plan, wire: Wire, now: dt.datetime
) -> None:
    message = plan("test_nudge")
    evening = now.replace(hour=16)
    assert deliver_message(message_id=message.pk, channel=wire, now=evening) is Outcome.POSTPONED
    message.refresh_from_db()
    assert message.state == MessageState.PLANNED
    assert message.send_after == (now + dt.timedelta(days=1)).replace(hour=8)
    assert not wire.sent


def test_a_temporary_fault_is_tried_again_sooner_first_and_hourly_later(
    plan: Plan, wire: Wire, now: dt.datetime
) -> None:
    wire.fault = TemporaryFault("Mailserveren afviste beskeden lige nu (svarkode 450).")
    message = plan()
    at, waits = now, []
    for _ in range(6):
        assert deliver_message(message_id=message.pk, channel=wire, now=at) is Outcome.POSTPONED
        message.refresh_from_db()
        waits.append((message.send_after - at) // dt.timedelta(minutes=1))
        assert message.state == MessageState.PLANNED
        at = message.send_after
    assert waits == [1, 5, 15, 60, 60, 60]
    assert message.fault == "Mailserveren afviste beskeden lige nu (svarkode 450)."
    assert message.body is None
    wire.fault = None
    assert deliver_message(message_id=message.pk, channel=wire, now=at) is Outcome.SENT
    message.refresh_from_db()
    assert message.fault == ""


def test_a_fault_that_lasts_a_day_ends_as_failed(plan: Plan, wire: Wire, now: dt.datetime) -> None:
    wire.fault = TemporaryFault("Mailserveren svarer ikke.", unreachable=True)
    message = plan()
    at = now
    for _ in range(LAST_ATTEMPT):
        deliver_message(message_id=message.pk, channel=wire, now=at)
        message.refresh_from_db()
        last, at = at, message.send_after
    assert message.state == MessageState.FAILED
    assert dt.timedelta(hours=23) < last - now <= dt.timedelta(hours=24)


def test_a_retry_of_a_nudge_stays_within_sending_hours(plan: Plan, wire: Wire, now: dt.datetime) -> None:
    wire.fault = TemporaryFault("Mailserveren svarer ikke.")
    message = plan("test_nudge")
    deliver_message(message_id=message.pk, channel=wire, now=now.replace(hour=15, minute=59, second=30))
    message.refresh_from_db()
    assert message.send_after == (now + dt.timedelta(days=1)).replace(hour=8)


def test_a_lasting_fault_fails_at_once(plan: Plan, wire: Wire, now: dt.datetime) -> None:
    wire.fault = LastingFault("Mailserveren afviste modtagerens adresse (svarkode 550).")
    message = plan()
    assert deliver_message(message_id=message.pk, channel=wire, now=now) is Outcome.FAILED
    message.refresh_from_db()
    assert message.state == MessageState.FAILED
    assert message.fault == "Mailserveren afviste modtagerens adresse (svarkode 550)."


def test_an_unclear_fault_becomes_uncertain_and_is_never_sent_again_by_itself(
    plan: Plan, wire: Wire, now: dt.datetime
) -> None:
    wire.fault = UnclearFault("Forbindelsen blev afbrudt.")
    message = plan()
    assert deliver_message(message_id=message.pk, channel=wire, now=now) is Outcome.UNCERTAIN
    wire.fault = None
    tomorrow = now + dt.timedelta(days=1)
    assert deliver_message(message_id=message.pk, channel=wire, now=tomorrow) is Outcome.NOTHING_DUE
    assert reconcile_message(message_id=message.pk, channel=wire, now=tomorrow) is Outcome.NOTHING_DUE
    assert not wire.sent


def test_an_unclear_fault_is_settled_by_a_channel_that_can_say(
    plan: Plan, wire: Wire, now: dt.datetime
) -> None:
    wire.can_look_up = True
    wire.fault = UnclearFault("Forbindelsen blev afbrudt.")
    message = plan()
    assert deliver_message(message_id=message.pk, channel=wire, now=now) is Outcome.POSTPONED


def test_a_recipient_without_an_address_fails_with_what_to_do(
    plan: Plan, wire: Wire, now: dt.datetime
) -> None:
    message = plan(email="")
    assert deliver_message(message_id=message.pk, channel=wire, now=now) is Outcome.FAILED
    message.refresh_from_db()
    assert message.fault == "Modtageren har ingen e-mailadresse."
    assert not wire.sent


def test_a_message_that_cannot_be_written_waits_and_stops_nobody_else(
    plan: Plan, wire: Wire, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(message: OutboundMessage, at: dt.datetime) -> Rendered:
        raise KeyError("cohort")

    message = plan()
    monkeypatch.setitem(kinds._kinds, "test_letter", Kind("test_letter", "", LETTER.eligible, broken, False))
    assert deliver_message(message_id=message.pk, channel=wire, now=now) is Outcome.POSTPONED
    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.PLANNED, 1)
    assert message.send_after == now + dt.timedelta(minutes=1)
    assert "kunne ikke skrives" in message.fault
    message.attempts = LAST_ATTEMPT - 1
    message.save()
    assert deliver_message(message_id=message.pk, channel=wire, now=message.send_after) is Outcome.FAILED


def test_a_kind_this_process_does_not_know_is_left_for_one_that_does(
    plan: Plan, wire: Wire, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = plan()
    assert [waiting.pk for waiting in queries.due_messages("email", now)] == [message.pk]
    monkeypatch.delitem(kinds._kinds, "test_letter")
    assert queries.due_messages("email", now) == []
    with pytest.raises(UnknownKind):
        deliver_message(message_id=message.pk, channel=wire, now=now)
    message.refresh_from_db()
    assert message.state == MessageState.PLANNED


def leave_claimed(message: OutboundMessage, wire: Wire, now: dt.datetime, *, sent: bool) -> None:
    """Do what a sender has done when it is killed: claimed, and perhaps handed over."""

    class Killed(BaseException):
        pass

    wire.fault = None if sent else Killed()
    original = wire.send

    def send_and_die(envelope: Any) -> None:
        original(envelope)
        raise Killed

    wire.send = send_and_die  # type: ignore[method-assign]
    with pytest.raises(Killed):
        deliver_message(message_id=message.pk, channel=wire, now=now)
    wire.send = original  # type: ignore[method-assign]
    wire.fault = None
    message.refresh_from_db()
    assert message.state == MessageState.CLAIMED


@pytest.mark.parametrize("sent", [True, False])
def test_a_killed_sender_is_settled_by_a_channel_that_can_look_up(
    plan: Plan, wire: Wire, now: dt.datetime, sent: bool
) -> None:
    wire.can_look_up = True
    message = plan()
    leave_claimed(message, wire, now, sent=sent)
    later = now + LEASE + dt.timedelta(seconds=1)
    outcome = reconcile_message(message_id=message.pk, channel=wire, now=later)
    message.refresh_from_db()
    if sent:
        assert (outcome, message.state, message.sent_at) == (Outcome.SENT, MessageState.SENT, now)
    else:
        assert (outcome, message.state) == (Outcome.POSTPONED, MessageState.PLANNED)
        deliver_message(message_id=message.pk, channel=wire, now=message.send_after)
    assert len(wire.sent) == 1


@pytest.mark.parametrize("sent", [True, False])
def test_a_killed_sender_leaves_an_uncertain_message_where_nobody_can_look_up(
    plan: Plan, wire: Wire, now: dt.datetime, sent: bool
) -> None:
    message = plan()
    leave_claimed(message, wire, now, sent=sent)
    later = now + LEASE + dt.timedelta(seconds=1)
    assert reconcile_message(message_id=message.pk, channel=wire, now=later) is Outcome.UNCERTAIN
    message.refresh_from_db()
    assert message.state == MessageState.UNCERTAIN
    assert message.body is not None, "the coordinator sees what may have been sent"
    assert len(wire.sent) == int(sent)


def test_a_claim_younger_than_ten_minutes_is_left_alone(plan: Plan, wire: Wire, now: dt.datetime) -> None:
    message = plan()
    leave_claimed(message, wire, now, sent=True)
    assert queries.abandoned_messages("email", now + LEASE) == []
    assert reconcile_message(message_id=message.pk, channel=wire, now=now + LEASE) is Outcome.NOTHING_DUE


def test_a_message_keeps_its_message_id_through_every_attempt(
    plan: Plan, wire: Wire, now: dt.datetime
) -> None:
    wire.fault = TemporaryFault("Mailserveren svarer ikke.")
    message = plan()
    deliver_message(message_id=message.pk, channel=wire, now=now)
    message.refresh_from_db()
    first = message.message_id
    wire.fault = None
    deliver_message(message_id=message.pk, channel=wire, now=message.send_after)
    assert first == wire.sent[0].message_id
    assert first.startswith("<")
    assert first.endswith("@testserver>")


def test_the_lock_is_free_after_every_end(plan: Plan, wire: Wire, now: dt.datetime) -> None:
    ends = [None, TemporaryFault("x"), LastingFault("x"), UnclearFault("x")]
    for fault in ends:
        wire.fault = fault
        deliver_message(message_id=plan().pk, channel=wire, now=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone()[0] == 0


def test_the_lock_lies_in_a_space_of_our_own() -> None:
    with sending_locks([7]) as ours, connection.cursor() as cursor:
        assert ours == [7]
        cursor.execute(
            "SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks"
            " WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
        )
        assert cursor.fetchone()[0] == LOCK_SPACE + 7


def test_the_sweeper_sends_what_is_due_in_every_programme(
    plan: Plan, other_programme: Programme, smtp_sink: SmtpSink
) -> None:
    at = timezone.now()
    plan(at=at, email="her@jobcenter.example")
    plan_message(
        programme=other_programme,
        kind="test_letter",
        unique_key="k",
        referrer=make_referrer(other_programme, email="der@jobcenter.example"),
        now=at,
    )
    tasks.sweep()
    assert sorted(smtp_sink.recipients) == ["der@jobcenter.example", "her@jobcenter.example"]
    assert smtp_sink.connections == 1


def test_the_sweeper_takes_more_than_one_batch(
    plan: Plan, smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "BATCH", 3)
    for _ in range(8):
        plan(at=timezone.now())
    tasks.sweep()
    assert len(smtp_sink.mails) == 8


def test_the_sweeper_stops_at_the_first_sign_that_the_mail_server_is_down(plan: Plan) -> None:
    messages = [plan(at=timezone.now()) for _ in range(3)]
    with override_settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=free_port()):
        tasks.sweep()
    for message in messages:
        message.refresh_from_db()
    assert {message.state for message in messages} == {MessageState.PLANNED}
    assert sorted(message.attempts for message in messages) == [0, 0, 1]


def test_what_waited_while_the_mail_server_was_down_is_sent_once_afterwards(
    plan: Plan, smtp_sink: SmtpSink
) -> None:
    messages = [plan(at=timezone.now()) for _ in range(3)]
    with override_settings(EMAIL_PORT=free_port()):
        tasks.sweep()
    OutboundMessage.objects.update(send_after=timezone.now())
    tasks.sweep()
    tasks.sweep()
    assert sorted(smtp_sink.recipients) == sorted(message.referrer.email for message in messages)


def test_the_doorbell_delivers_its_one_message(plan: Plan, smtp_sink: SmtpSink) -> None:
    first, second = plan(at=timezone.now()), plan(at=timezone.now())
    tasks.deliver(first.pk)
    assert smtp_sink.recipients == [first.referrer.email]
    second.refresh_from_db()
    assert second.state == MessageState.PLANNED


def test_the_doorbell_for_a_message_that_is_gone_does_nothing(smtp_sink: SmtpSink) -> None:
    tasks.deliver(987_654_321)
    assert not smtp_sink.mails


def test_the_reconcile_task_settles_claims_of_every_programme(
    plan: Plan, wire: Wire, now: dt.datetime
) -> None:
    message = plan()
    leave_claimed(message, wire, now, sent=True)
    tasks.reconcile()
    message.refresh_from_db()
    assert message.state == MessageState.UNCERTAIN
