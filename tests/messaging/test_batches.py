"""Messages that leave together: who goes with whom, and what becomes of the rest when one goes wrong."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django_scopes import scopes_disabled

from accounts.models import Programme
from messaging import kinds, tasks
from messaging.batches import MOST, MOST_ONE_BY_ONE, Pace, next_batch
from messaging.channels import Envelope, LastingFault, TemporaryFault, UnclearFault
from messaging.enums import MessageState
from messaging.kinds import Kind, Rendered
from messaging.models import LEASE, LEASE_IN_LINE, OutboundMessage
from messaging.queries import abandoned_messages, due_messages
from messaging.services import Outcome, deliver_messages, plan_message, reconcile_message
from messaging.services.delivery import GOOD_FOR, LAST_ATTEMPT
from tests.factories import make_referrer
from tests.messaging.conftest import LETTER, Wire
from tests.smtp_sink import SmtpSink

pytestmark = pytest.mark.usefixtures("in_scope")


@pytest.fixture(autouse=True)
def written_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """A letter that is written for many at once."""

    def render_many(messages: Any, now: dt.datetime) -> list[Rendered]:
        return [LETTER.render(message, now) for message in messages]

    together = Kind("test_more", "", kinds.always_eligible, LETTER.render, False, render_many=render_many)
    monkeypatch.setitem(kinds._kinds, together.name, together)


@pytest.fixture
def plan(programme: Programme, now: dt.datetime) -> Callable[..., list[OutboundMessage]]:
    """Plan so many letters, each to a referrer of its own."""

    def planned(number: int, kind: str = "test_letter", **referrer: Any) -> list[OutboundMessage]:
        recipients = [make_referrer(programme, **referrer) for _ in range(number)]
        return [
            plan_message(programme=programme, kind=kind, unique_key=f"{kind}:{one.pk}", referrer=one, now=now)
            for one in recipients
        ]

    return planned


Plan = Callable[..., list[OutboundMessage]]


def keys(messages: list[OutboundMessage]) -> list[int]:
    return [message.pk for message in messages]


def states(messages: list[OutboundMessage]) -> list[str]:
    found = dict(OutboundMessage.objects.filter(pk__in=keys(messages)).values_list("pk", "state"))
    return [found[pk] for pk in keys(messages)]


class Clock:
    """A clock that goes on by `step` each time it is read."""

    def __init__(self, now: dt.datetime, step: dt.timedelta = dt.timedelta()) -> None:
        self.now, self.step = now, step

    def __call__(self) -> dt.datetime:
        self.now += self.step
        return self.now


# --- Who goes with whom ----------------------------------------------------------------------------


def test_a_batch_is_of_one_kind_and_one_programme_in_the_order_of_what_waits(
    plan: Plan, other_programme: Programme, now: dt.datetime
) -> None:
    letters = plan(2)
    plan(1, "test_nudge")
    plan_message(
        programme=other_programme,
        kind="test_letter",
        unique_key="k",
        referrer=make_referrer(other_programme),
        now=now,
    )
    waiting = due_messages("email", now)
    assert len(waiting) == 4
    assert [each.pk for each in next_batch(waiting, Pace())] == keys(letters)


def test_two_messages_to_one_recipient_never_share_a_batch(
    plan: Plan, programme: Programme, now: dt.datetime
) -> None:
    first, other = plan(2)
    plan_message(
        programme=programme, kind="test_letter", unique_key="second", referrer=first.referrer, now=now
    )
    waiting = due_messages("email", now)
    assert [each.pk for each in next_batch(waiting, Pace())] == keys([first, other])
    assert len(next_batch(waiting[2:], Pace())) == 1


def test_what_is_written_one_by_one_goes_in_small_batches(plan: Plan, now: dt.datetime) -> None:
    plan(MOST_ONE_BY_ONE + 1)
    assert len(next_batch(due_messages("email", now), Pace())) == MOST_ONE_BY_ONE


def test_what_is_written_together_goes_in_large_ones(plan: Plan, now: dt.datetime) -> None:
    plan(MOST_ONE_BY_ONE + 1, "test_more")
    assert len(next_batch(due_messages("email", now), Pace())) == MOST_ONE_BY_ONE + 1


@pytest.mark.parametrize(("seconds", "size"), [(0.0, MOST), (1.0, MOST), (5.0, 50), (50.0, 5), (5000.0, 1)])
def test_a_slow_mail_server_makes_the_next_batch_smaller(seconds: float, size: int) -> None:
    pace = Pace()
    pace.note(100, seconds)
    assert pace.size == size


def test_while_nothing_gets_out_one_message_at_a_time_finds_out(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(5, "test_more")
    tried: list[int] = []

    def unreachable(*, message_ids: list[int], **said: Any) -> dict[int, Outcome]:
        tried.append(len(message_ids))
        gone, *rest = message_ids
        return {gone: Outcome.UNREACHABLE} | dict.fromkeys(rest, Outcome.GIVEN_BACK)

    def gets_out(*, message_ids: list[int], **said: Any) -> dict[int, Outcome]:
        tried.append(len(message_ids))
        return dict.fromkeys(message_ids, Outcome.SENT)

    monkeypatch.setattr(tasks, "_paces", defaultdict(Pace))
    monkeypatch.setattr(tasks, "deliver_messages", unreachable)
    monkeypatch.setattr(tasks.timezone, "now", lambda: OutboundMessage.objects.latest("pk").planned_at)
    with scopes_disabled():
        tasks.sweep()
        tasks.sweep()
        assert tried == [5, 1]
        monkeypatch.setattr(tasks, "deliver_messages", gets_out)
        tasks.sweep()
    assert tried[2:] == [1, 4], "and once something got out, the others go together again"


def test_what_was_given_back_does_not_count_as_done_in_that_time(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(5, "test_more")
    noted: list[int] = []

    def two_get_out(*, message_ids: list[int], **said: Any) -> dict[int, Outcome]:
        out, rest = message_ids[:2], message_ids[2:]
        return dict.fromkeys(out, Outcome.SENT) | dict.fromkeys(rest, Outcome.GIVEN_BACK)

    monkeypatch.setattr(Pace, "note", lambda pace, messages, seconds: noted.append(messages))
    monkeypatch.setattr(tasks, "_paces", defaultdict(Pace))
    monkeypatch.setattr(tasks, "deliver_messages", two_get_out)
    monkeypatch.setattr(tasks.timezone, "now", lambda: OutboundMessage.objects.latest("pk").planned_at)
    with scopes_disabled():
        tasks.sweep()
    assert noted[:3] == [2, 2, 1]


# --- What becomes of each --------------------------------------------------------------------------


def test_a_batch_is_sent_in_order_and_each_keeps_its_own_text(
    plan: Plan, wire: Wire, now: dt.datetime
) -> None:
    messages = plan(3, "test_more")
    outcomes = deliver_messages(message_ids=keys(messages), channel=wire, clock=Clock(now))
    assert outcomes == dict.fromkeys(keys(messages), Outcome.SENT)
    assert [envelope.to for envelope in wire.sent] == [message.referrer.email for message in messages]
    for message, envelope in zip(messages, wire.sent, strict=True):
        message.refresh_from_db()
        assert (message.state, message.sent_at, message.attempts) == (MessageState.SENT, now, 1)
        assert (message.message_id, message.address) == (envelope.message_id, envelope.to)
        assert (message.body, message.in_line) == (envelope.text, False)
    assert len({envelope.message_id for envelope in wire.sent}) == 3


class Troubled(Wire):
    """A wire on which one address meets a fault."""

    def __init__(self, address: str, fault: BaseException) -> None:
        super().__init__()
        self.address, self.trouble = address, fault

    def send(self, envelope: Envelope) -> None:
        if envelope.to == self.address:
            raise self.trouble
        super().send(envelope)


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (TemporaryFault("Ikke lige nu."), MessageState.PLANNED),
        (LastingFault("Findes ikke."), MessageState.FAILED),
        (UnclearFault("Afbrudt."), MessageState.UNCERTAIN),
    ],
)
def test_a_fault_of_one_stops_no_other(plan: Plan, now: dt.datetime, fault: Exception, state: str) -> None:
    messages = plan(3)
    wire = Troubled(messages[1].referrer.email, fault)
    deliver_messages(message_ids=keys(messages), channel=wire, clock=Clock(now))
    assert states(messages) == [MessageState.SENT, state, MessageState.SENT]


def test_when_nothing_gets_out_the_rest_waits_as_if_it_had_not_been_tried(
    plan: Plan, now: dt.datetime
) -> None:
    messages = plan(3)
    wire = Troubled(messages[1].referrer.email, TemporaryFault("Svarer ikke.", unreachable=True))
    outcomes = deliver_messages(message_ids=keys(messages), channel=wire, clock=Clock(now))
    assert list(outcomes.values()) == [Outcome.SENT, Outcome.UNREACHABLE, Outcome.GIVEN_BACK]
    rest = messages[2]
    rest.refresh_from_db()
    assert (rest.state, rest.attempts, rest.send_after) == (MessageState.PLANNED, 0, now)
    assert (rest.address, rest.subject, rest.body, rest.in_line) == (None, None, None, False)


def test_one_that_cannot_be_written_stops_no_other(
    plan: Plan, wire: Wire, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = plan(3)

    def broken_for_one(message: OutboundMessage, at: dt.datetime) -> Rendered:
        if message.pk == messages[1].pk:
            raise KeyError("cohort")
        return LETTER.render(message, at)

    broken = Kind("test_letter", "", LETTER.eligible, broken_for_one, False)
    monkeypatch.setitem(kinds._kinds, "test_letter", broken)
    outcomes = deliver_messages(message_ids=keys(messages), channel=wire, clock=Clock(now))
    assert list(outcomes.values()) == [Outcome.SENT, Outcome.POSTPONED, Outcome.SENT]
    assert len(wire.sent) == 2


def test_in_a_batch_the_unwanted_are_cancelled_and_the_unaddressed_fail(
    plan: Plan, wire: Wire, now: dt.datetime
) -> None:
    wanted, unwanted, unaddressed = plan(3, "test_nudge")
    unwanted.referrer.stopped_at = now
    unwanted.referrer.save()
    unaddressed.referrer.email = ""
    unaddressed.referrer.save()
    batch = [wanted, unwanted, unaddressed]
    deliver_messages(message_ids=keys(batch), channel=wire, clock=Clock(now))
    assert states(batch) == [MessageState.SENT, MessageState.CANCELLED, MessageState.FAILED]
    assert [envelope.to for envelope in wire.sent] == [wanted.referrer.email]


# --- Who waits too long ----------------------------------------------------------------------------


def test_who_waits_in_line_longer_than_the_claim_is_good_for_is_given_back(
    plan: Plan, wire: Wire, now: dt.datetime
) -> None:
    messages = plan(3)
    outcomes = deliver_messages(message_ids=keys(messages), channel=wire, clock=Clock(now, GOOD_FOR / 2))
    assert list(outcomes.values()) == [Outcome.SENT, Outcome.GIVEN_BACK, Outcome.GIVEN_BACK]
    assert states(messages) == [MessageState.SENT, MessageState.PLANNED, MessageState.PLANNED]


def test_however_slow_the_claim_was_one_message_gets_on(plan: Plan, wire: Wire, now: dt.datetime) -> None:
    messages = plan(2)
    outcomes = deliver_messages(message_ids=keys(messages), channel=wire, clock=Clock(now, GOOD_FOR * 9))
    assert list(outcomes.values()) == [Outcome.SENT, Outcome.GIVEN_BACK]


def test_nobody_in_line_is_sent_after_hours(plan: Plan, wire: Wire, now: dt.datetime) -> None:
    messages = plan(3, "test_nudge")
    closing = Clock(now.replace(hour=15, minute=59, second=57), dt.timedelta(seconds=1))
    outcomes = deliver_messages(message_ids=keys(messages), channel=wire, clock=closing)
    assert list(outcomes.values()) == [Outcome.SENT, Outcome.GIVEN_BACK, Outcome.GIVEN_BACK]
    outcomes = deliver_messages(message_ids=keys(messages), channel=wire, clock=closing)
    assert list(outcomes.values()) == [Outcome.NOTHING_DUE, Outcome.POSTPONED, Outcome.POSTPONED]


def test_the_sweeper_takes_what_was_given_back_once_more(
    plan: Plan, smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(5)
    given: list[int] = []

    def give_back_all_but_one(*, message_ids: list[int], **said: Any) -> dict[int, Outcome]:
        given.extend(message_ids[1:])
        rest = dict.fromkeys(message_ids[1:], Outcome.GIVEN_BACK)
        return deliver_messages(message_ids=message_ids[:1], **said) | rest

    monkeypatch.setattr(tasks, "deliver_messages", give_back_all_but_one)
    monkeypatch.setattr(tasks.timezone, "now", lambda: OutboundMessage.objects.latest("pk").planned_at)
    with scopes_disabled():
        tasks.sweep()
    assert len(smtp_sink.mails) == 5
    assert given


# --- Killed senders --------------------------------------------------------------------------------


class Killed(BaseException):
    """What a kill is to a thread."""


def left_in_line(messages: list[OutboundMessage], now: dt.datetime) -> Wire:
    """Leave the batch as a sender does that is killed while it hands the second one over."""
    wire = Troubled(messages[1].referrer.email, Killed())
    with pytest.MonkeyPatch.context() as patch:
        # A killed sender gives nothing back and marks nothing more.
        patch.setattr("messaging.services.delivery._give_back", lambda line: None)
        with pytest.raises(Killed):
            deliver_messages(message_ids=keys(messages), channel=wire, clock=Clock(now))
    return wire


def test_of_a_killed_senders_batch_only_the_one_in_hand_is_uncertain(
    plan: Plan, wire: Wire, now: dt.datetime
) -> None:
    messages = plan(4)
    left_in_line(messages, now)
    claimed = MessageState.CLAIMED
    assert states(messages) == [MessageState.SENT, claimed, claimed, claimed]
    later = now + LEASE + dt.timedelta(seconds=1)
    outcomes = [reconcile_message(message_id=pk, channel=wire, now=later) for pk in keys(messages)]
    assert outcomes == [Outcome.NOTHING_DUE, Outcome.UNCERTAIN, Outcome.POSTPONED, Outcome.POSTPONED]
    waiting = messages[2:]
    assert states(waiting) == [MessageState.PLANNED] * 2
    deliver_messages(message_ids=keys(waiting), channel=wire, clock=Clock(later + dt.timedelta(minutes=1)))
    assert [envelope.to for envelope in wire.sent] == [message.referrer.email for message in waiting]


def test_who_stood_in_line_is_planned_again_within_minutes_and_the_one_in_hand_is_not(
    plan: Plan, wire: Wire, now: dt.datetime
) -> None:
    messages = plan(3)
    left_in_line(messages, now)
    soon = now + LEASE_IN_LINE + dt.timedelta(seconds=1)
    assert [each.pk for each in abandoned_messages("email", soon)] == [messages[2].pk]
    assert reconcile_message(message_id=messages[1].pk, channel=wire, now=soon) is Outcome.NOTHING_DUE
    assert reconcile_message(message_id=messages[2].pk, channel=wire, now=soon) is Outcome.POSTPONED
    messages[2].refresh_from_db()
    assert (messages[2].attempts, messages[2].body, messages[2].in_line) == (1, None, False)


def test_whoever_kills_its_sender_every_time_fails_in_the_end(
    plan: Plan, wire: Wire, now: dt.datetime
) -> None:
    messages = plan(3)
    left_in_line(messages, now)
    OutboundMessage.objects.filter(pk=messages[2].pk).update(attempts=LAST_ATTEMPT)
    soon = now + LEASE_IN_LINE + dt.timedelta(seconds=1)
    assert reconcile_message(message_id=messages[2].pk, channel=wire, now=soon) is Outcome.FAILED
    messages[2].refresh_from_db()
    assert (messages[2].state, messages[2].in_line) == (MessageState.FAILED, False)


def test_a_claim_that_was_reconciled_meanwhile_is_not_sent(plan: Plan, now: dt.datetime) -> None:
    """A sender that lost its session, and its locks with it, asks before it hands over."""
    messages = plan(2)

    class Slow(Wire):
        def send(self, envelope: Envelope) -> None:
            super().send(envelope)
            OutboundMessage.objects.filter(pk=messages[1].pk).update(
                state=MessageState.PLANNED, in_line=False, send_after=now
            )

    wire = Slow()
    outcomes = deliver_messages(message_ids=keys(messages), channel=wire, clock=Clock(now))
    assert list(outcomes.values()) == [Outcome.SENT, Outcome.NOTHING_DUE]
    assert len(wire.sent) == 1
    assert states(messages) == [MessageState.SENT, MessageState.PLANNED]


def test_all_locks_are_free_after_a_batch(plan: Plan, wire: Wire, now: dt.datetime) -> None:
    messages = plan(3)
    deliver_messages(message_ids=keys(messages), channel=wire, clock=Clock(now))
    left_in_line(plan(3, "test_more"), now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone()[0] == 0


def test_a_batch_takes_the_same_number_of_queries_but_for_one_each(
    plan: Plan, wire: Wire, now: dt.datetime, django_assert_num_queries: Any
) -> None:
    few, many = plan(2, "test_more"), plan(12, "test_more")
    with django_assert_num_queries(9 + 2):
        deliver_messages(message_ids=keys(few), channel=wire, clock=Clock(now))
    with django_assert_num_queries(9 + 12):
        deliver_messages(message_ids=keys(many), channel=wire, clock=Clock(now))
