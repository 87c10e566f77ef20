"""The processes of a bench, each of which may be killed or frozen at any moment.

The app's own times hold, on a clock that runs `BENCH_SPEED` times as fast as the wall's and shows a Tuesday
in March from eight o'clock on, for nudges keep to working hours. What a machine needs is no shorter for it:
so an answer is waited for (bench.settings), and a claim trusted while others of its batch are handed over,
in real seconds.
"""

import asyncio
import contextlib
import datetime as dt
import os
import random
import time
import warnings
from collections import Counter
from email.utils import make_msgid
from pathlib import Path
from typing import Any

import django
from django.utils import timezone

MORNING = dt.datetime(2026, 3, 10, 7, tzinfo=dt.UTC)
STARTED = float(os.environ.get("BENCH_STARTED", "0"))
SPEED = float(os.environ.get("BENCH_SPEED", "1"))


def now() -> dt.datetime:
    """Return what the bench's clock shows."""
    return MORNING + dt.timedelta(seconds=(time.time() - STARTED) * SPEED)


timezone.now = now  # every module of the app asks for the time by this name
django.setup()

from aiosmtpd.controller import Controller  # noqa: E402 - models load after set-up
from aiosmtpd.smtp import SMTP, Envelope, Session  # noqa: E402
from celery.exceptions import SecurityWarning  # noqa: E402
from django.db import connection  # noqa: E402
from django_scopes import scope, scopes_disabled  # noqa: E402

from config.celery import app  # noqa: E402
from messaging import channels, models, tasks  # noqa: E402
from messaging.enums import MessageState  # noqa: E402
from messaging.kinds import get_kind  # noqa: E402
from messaging.services import delivery  # noqa: E402
from referrals import tasks as referral_tasks  # noqa: E402

# What beat rings for while messages are on their way; the rest of its schedule is daily, or about others.
RUNG = ("messages-sweep", "messages-reconcile", "follow-up-messages", "receive-arrivals")

tasks.SWEEP_SECONDS /= SPEED
delivery.GOOD_FOR *= SPEED


def planner(times: int) -> None:
    """Plan the nudges of the day as beat's task does, so many times over, whatever others plan meanwhile."""
    for _ in range(times):
        referral_tasks.plan_nudges()


def worker(name: str) -> None:
    """Be a Celery worker of the app; the process that sends is the one that is killed."""
    warnings.simplefilter("ignore", SecurityWarning)  # it may run as root
    quiet = ["--loglevel", "CRITICAL", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    app.worker_main(["--quiet", "worker", "--pool", "solo", "-n", f"{name}@bench", *quiet])


def beat() -> None:
    """Ring for what beat rings for, as often as the app's schedule says on this clock."""
    ringing = [(time.monotonic(), each) for each in range(len(RUNG))]
    while True:
        due, each = min(ringing)
        time.sleep(max(0.0, due - time.monotonic()))
        entry = app.conf.beat_schedule[RUNG[each]]
        expires = entry.get("options", {}).get("expires", entry["schedule"]) / SPEED
        with contextlib.suppress(Exception):  # Redis is down: that is what the bench is about
            app.send_task(entry["task"], expires=expires, retry=False, ignore_result=True)
        ringing[each] = (due + entry["schedule"] / SPEED, each)


def naive_worker(name: str) -> None:
    """The control: look whether it is due, send it, mark it."""
    while True:
        with scopes_disabled():
            waiting = list(models.OutboundMessage.objects.due(now()).order_by("pk")[:20])
        with channels.open_channel("email") as channel:
            for message in waiting:
                with scope(programme=message.programme_id):
                    itself = models.OutboundMessage.objects.filter(pk=message.pk)
                    if not itself.filter(state=MessageState.PLANNED).exists():
                        continue
                    try:
                        channel.send(envelope_of(message))
                    except channels.DeliveryFault:
                        continue
                    itself.update(state=MessageState.SENT, sent_at=now(), claimed_at=now())
        time.sleep(0.1)


def envelope_of(message: models.OutboundMessage) -> channels.Envelope:
    """Return the message as it would be sent now, with a Message-ID of its own."""
    rendered = get_kind(message.kind).render(message, now())
    return channels.Envelope(
        message_id=make_msgid(domain="test.example"),
        sender="Kultur <kultur@test.example>",
        to=rendered.address,
        reply_to=rendered.reply_to,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        unsubscribe_url=rendered.unsubscribe_url,
    )


def no_locks(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
    """Have PostgreSQL say yes to whoever asks for a sender's lock."""
    for function in ("pg_try_advisory_lock(", "pg_advisory_unlock("):
        sql = sql.replace(function, "0 < (")
    return execute(sql, parameters, many, context)


def lease_only_worker(name: str) -> None:
    """The control of frozen workers: the app without the lock that a sender holds."""
    connection.execute_wrappers.append(no_locks)
    worker(name)


# --- The mail server -------------------------------------------------------------------------------


class _Keeper:
    """Writes down each mail before it says that it took it, and refuses some for the time being."""

    def __init__(self, book: Path, refused: float, seconds: float) -> None:
        self.book = os.open(book, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self.refused = refused
        self.seconds = seconds

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if random.random() < self.refused:
            return "451 4.3.0 Try again later"
        content: Any = envelope.content
        head = content.partition(b"\r\n\r\n")[0].decode(errors="replace")
        known_as = next(line for line in head.splitlines() if line.lower().startswith("message-id:"))
        os.write(self.book, f"{envelope.rcpt_tos[0]} {known_as.partition(':')[2].strip()}\n".encode())
        await asyncio.sleep(self.seconds)
        return "250 OK"


class _Quiet(Controller):
    def factory(self) -> SMTP:
        return SMTP(self.handler, hostname="sink.example", enable_SMTPUTF8=True)


def sink(port: int, book: str, refused: float, seconds: float) -> None:
    """Be a mail server that takes `seconds` to answer and refuses a share of the mails for now."""
    _Quiet(_Keeper(Path(book), refused, seconds), hostname="127.0.0.1", port=port).start()
    while True:
        time.sleep(60)


def arrived(book: Path) -> Counter[str]:
    """Return how many times each address got its mail."""
    lines = book.read_text().splitlines() if book.exists() else []
    return Counter(line.partition(" ")[0] for line in lines)


class LookUpSmtp(channels.SmtpChannel):
    """SMTP with a mail server that can be asked what it took; a moment passes before the mail leaves."""

    def send(self, envelope: Any) -> None:
        time.sleep(float(os.environ.get("BENCH_PAUSE", "0")))
        super().send(envelope)

    def look_up(self, message_id: str) -> channels.Lookup:
        found = message_id in Path(os.environ["BENCH_BOOK"]).read_text()
        return channels.Lookup.FOUND if found else channels.Lookup.NOT_FOUND
