"""Many senders at once, killed senders and frozen ones: no message is sent twice, none is lost in silence."""

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings
from django_scopes import scope, scopes_disabled

from accounts.models import Programme
from messaging.channels import Envelope, FolderChannel, SmtpChannel, open_channel
from messaging.enums import MessageState
from messaging.kinds import get_kind
from messaging.models import LEASE, OutboundMessage
from messaging.services import Outcome, deliver_message, plan_message, reconcile_message
from messaging.services import delivery as delivery_module
from messaging.services.locking import sending_locks
from messaging.services.rendering import envelope_of, render
from tests.factories import NOW, make_programme, make_referrer
from tests.messaging.conftest import Wire
from tests.smtp_sink import SmtpSink

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers]
LATER = NOW + LEASE + dt.timedelta(seconds=1)


@pytest.fixture
def programme() -> Programme:
    return make_programme()


@pytest.fixture
def message(programme: Programme) -> OutboundMessage:
    return plan_message(
        programme=programme,
        kind="test_letter",
        unique_key="letter",
        referrer=make_referrer(programme),
        now=NOW,
    )


def state_of(message: OutboundMessage) -> str:
    with scopes_disabled():
        return str(OutboundMessage.objects.values_list("state", flat=True).get(pk=message.pk))


def at_once(number: int, act: Callable[[], None]) -> None:
    """Run `act` in as many threads at the same moment, each with a database connection of its own."""
    together = threading.Barrier(number)
    faults: list[BaseException] = []

    def run() -> None:
        together.wait()
        try:
            act()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults, faults


def test_twenty_senders_at_once_send_one_mail(message: OutboundMessage, smtp_sink: SmtpSink) -> None:
    def send() -> None:
        with scope(programme=message.programme), open_channel("email") as channel:
            deliver_message(message_id=message.pk, channel=channel, now=NOW)

    at_once(20, send)
    assert len(smtp_sink.mails) == 1
    assert state_of(message) == MessageState.SENT


def test_senders_that_only_look_before_they_send_send_many(
    message: OutboundMessage, smtp_sink: SmtpSink
) -> None:
    """The control: the same race with the protection left out, to know that the race is run."""
    envelope = envelope_of(message, render(message, get_kind("test_letter"), NOW))

    looked = threading.Barrier(20)

    def look_and_send() -> None:
        with scope(programme=message.programme):
            due = OutboundMessage.objects.due(NOW).filter(pk=message.pk).exists()
            looked.wait()
            if due:
                with open_channel("email") as channel:
                    channel.send(envelope)
                OutboundMessage.objects.filter(pk=message.pk).update(state=MessageState.SENT, sent_at=NOW)

    at_once(20, look_and_send)
    assert len(smtp_sink.mails) == 20


def start_sender(message: OutboundMessage, channel: str) -> subprocess.Popen[bytes]:
    """Start a process that delivers `message` over "smtp" or "dying_folder", on the tests' own database."""
    address = urlsplit(os.environ["DATABASE_URL"])
    return subprocess.Popen(
        [sys.executable, "-m", "tests.messaging.sender", channel, str(message.pk), str(message.programme_id)],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DATABASE_URL": urlunsplit(address._replace(path=f"/{connection.settings_dict['NAME']}")),
            "SINK_PORT": str(settings.EMAIL_PORT),
            "FOLDER": str(settings.MAIL_FOLDER),
        },
    )


@contextmanager
def sender_struck_by(
    blow: signal.Signals, message: OutboundMessage, sink: SmtpSink
) -> Iterator[Callable[[], None]]:
    """Run a sender that is struck when the server holds its mail; gives a function that lets it go on."""
    struck = threading.Event()

    def strike() -> None:
        os.kill(process.pid, blow)
        struck.set()

    sink.on_data = strike
    process = start_sender(message, "smtp")

    def go_on() -> None:
        os.kill(process.pid, signal.SIGCONT)
        process.wait(20)

    try:
        assert struck.wait(30), "the sender never reached the mail server"
        sink.on_data = None
        yield go_on
    finally:
        process.kill()
        process.wait(20)


def wait_until_postgresql_notices(message: OutboundMessage) -> None:
    """Wait for the end of a killed sender's session, and of its lock with it."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with sending_locks([message.pk]) as free:
            if free:
                return
        time.sleep(0.02)
    pytest.fail("the killed sender's lock was never let go of")


def reconcile(message: OutboundMessage, channel: Wire | SmtpChannel | FolderChannel) -> Outcome:
    with scope(programme=message.programme):
        return reconcile_message(message_id=message.pk, channel=channel, now=LATER)


def test_a_sender_killed_between_send_and_mark_leaves_an_uncertain_message(
    message: OutboundMessage, smtp_sink: SmtpSink
) -> None:
    with sender_struck_by(signal.SIGKILL, message, smtp_sink):
        pass
    wait_until_postgresql_notices(message)
    assert state_of(message) == MessageState.CLAIMED
    assert reconcile(message, SmtpChannel()) is Outcome.UNCERTAIN
    with scope(programme=message.programme):
        deliver_message(message_id=message.pk, channel=SmtpChannel(), now=LATER)
    assert len(smtp_sink.mails) <= 1
    assert state_of(message) == MessageState.UNCERTAIN


def test_a_sender_killed_between_send_and_mark_is_found_out_by_look_up(
    message: OutboundMessage, tmp_path: Path
) -> None:
    with override_settings(MAIL_FOLDER=tmp_path / "mail"):
        process = start_sender(message, "dying_folder")
        assert process.wait(30) == -signal.SIGKILL
        wait_until_postgresql_notices(message)
        assert state_of(message) == MessageState.CLAIMED
        assert reconcile(message, FolderChannel()) is Outcome.SENT
    assert len(list((tmp_path / "mail").iterdir())) == 1
    assert state_of(message) == MessageState.SENT


def test_a_frozen_sender_keeps_its_message_however_long_it_sleeps(
    message: OutboundMessage, smtp_sink: SmtpSink, wire: Wire
) -> None:
    wire.can_look_up = True  # and it would answer "not found", for this wire has sent nothing
    with sender_struck_by(signal.SIGSTOP, message, smtp_sink) as go_on:
        assert reconcile(message, wire) is Outcome.NOTHING_DUE
        assert state_of(message) == MessageState.CLAIMED
        go_on()
    assert state_of(message) == MessageState.SENT
    assert len(smtp_sink.mails) == 1


def test_a_lease_alone_would_send_a_frozen_senders_message_twice(
    message: OutboundMessage, smtp_sink: SmtpSink, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same freeze with nobody asking for the lock."""

    @contextmanager
    def no_locks(message_pks: list[int]) -> Iterator[list[int]]:
        yield message_pks

    wire.can_look_up = True
    with sender_struck_by(signal.SIGSTOP, message, smtp_sink) as go_on:
        monkeypatch.setattr(delivery_module, "sending_locks", no_locks)
        assert reconcile(message, wire) is Outcome.POSTPONED
        with scope(programme=message.programme), open_channel("email") as channel:
            deliver_message(message_id=message.pk, channel=channel, now=LATER + dt.timedelta(minutes=1))
        go_on()
    assert len(smtp_sink.mails) == 2


def test_a_message_is_marked_although_postgresql_drops_the_connection(
    message: OutboundMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_module, "STORE_PAUSES", (0.01, 0.01))

    class CutOff(Wire):
        def send(self, envelope: Envelope) -> None:
            super().send(envelope)
            cut_own_connection()

    wire = CutOff()
    with scope(programme=message.programme):
        assert deliver_message(message_id=message.pk, channel=wire, now=NOW) is Outcome.SENT
    assert len(wire.sent) == 1
    assert state_of(message) == MessageState.SENT


def cut_own_connection() -> None:
    """Do to our session what a restart of PostgreSQL does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        own = cursor.fetchone()[0]
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [own])
    other.close()


def test_a_claim_cannot_be_made_inside_a_transaction(message: OutboundMessage, wire: Wire) -> None:
    with (
        scope(programme=message.programme),
        transaction.atomic(),
        pytest.raises(RuntimeError, match="durable"),
    ):
        deliver_message(message_id=message.pk, channel=wire, now=NOW)
    assert not wire.sent
