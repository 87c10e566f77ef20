"""The processes of a bench, each of which may be killed or frozen at any moment.

Time runs a hundred times faster than in the app: a lease is 6 seconds instead of 600, a second attempt
comes after one instead of 60, an answer is waited for 3 instead of 30. The clock shows a Tuesday in March
from nine o'clock on, for nudges keep to working hours. A bench that wants hours of the app's own settings
has `BENCH_SPEED` make the clock itself run as much faster.
"""

import asyncio
import contextlib
import datetime as dt
import os
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import django

django.setup()

from aiosmtpd.controller import Controller  # noqa: E402 - models load after set-up
from aiosmtpd.smtp import SMTP, Envelope, Session  # noqa: E402
from django_scopes import scope, scopes_disabled  # noqa: E402

from config.celery import app  # noqa: E402
from core.danish import COPENHAGEN  # noqa: E402
from messaging import models, tasks  # noqa: E402
from messaging.channels import DeliveryFault, Lookup, SmtpChannel, open_channel  # noqa: E402
from messaging.enums import MessageState  # noqa: E402
from messaging.kinds import get_kind  # noqa: E402
from messaging.services import delivery, rendering  # noqa: E402
from referrals import tasks as referral_tasks  # noqa: E402

MORNING = dt.datetime(2026, 3, 10, 8, tzinfo=dt.UTC)
LEASE = dt.timedelta(seconds=6)
BEAT_SECONDS = 0.6


class Clock:
    """What django.utils.timezone is to the tasks."""

    started = float(os.environ.get("BENCH_STARTED", "0"))
    speed = float(os.environ.get("BENCH_SPEED", "1"))

    def now(self) -> dt.datetime:
        return MORNING + dt.timedelta(seconds=(time.time() - self.started) * self.speed)

    def localdate(self) -> dt.date:
        return self.now().astimezone(COPENHAGEN).date()


def quicken() -> None:
    """Run the app's own code on the bench's clock."""
    tasks.timezone = Clock()  # type: ignore[assignment]
    referral_tasks.timezone = Clock()  # type: ignore[assignment]
    tasks.SWEEP_SECONDS = 3.0
    if Clock.speed == 1:
        models.LEASE = LEASE
        models.LEASE_IN_LINE = LEASE / 10
        delivery.RETRY_MINUTES = (1 / 60,)  # type: ignore[assignment]


def planner(times: int) -> None:
    """Plan the nudges of the day as beat's task does, so many times over, whatever others plan meanwhile."""
    quicken()
    for _ in range(times):
        referral_tasks.plan_nudges()


def worker(name: str) -> None:
    """Be a Celery worker of the app; the process that sends is the one that is killed."""
    quicken()
    quiet = ["--loglevel", "CRITICAL", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    app.worker_main(["--quiet", "worker", "--pool", "solo", "-n", f"{name}@bench", *quiet])


def beat() -> None:
    """Ask for a sweep and a reconciliation as often as beat would, on this clock."""
    while True:
        for name in ("messaging.sweep", "messaging.reconcile"):
            with contextlib.suppress(Exception):  # Redis is down: that is what the bench is about
                app.send_task(name, expires=5 * BEAT_SECONDS, retry=False, ignore_result=True)
        time.sleep(BEAT_SECONDS)


def naive_worker(name: str) -> None:
    """The control: look whether it is due, send it, mark it."""
    clock = Clock()
    kind = get_kind("nudge")
    while True:
        with scopes_disabled():
            waiting = list(models.OutboundMessage.objects.due(clock.now()).order_by("pk")[:20])
        with open_channel("email") as channel:
            for message in waiting:
                with scope(programme=message.programme_id):
                    itself = models.OutboundMessage.objects.filter(pk=message.pk)
                    if not itself.filter(state=MessageState.PLANNED).exists():
                        continue
                    message.message_id = rendering.new_message_id()
                    try:
                        rendered = kind.render(message, clock.now())
                        channel.send(rendering.envelope_of(message, rendered))
                    except DeliveryFault:
                        continue
                    itself.update(state=MessageState.SENT, sent_at=clock.now(), claimed_at=clock.now())
        time.sleep(0.1)


@contextlib.contextmanager
def no_locks(message_pks: list[int]) -> Any:
    """Give every sender the messages: the claim and its lease are all that stands between them."""
    yield message_pks


def lease_only_worker(name: str) -> None:
    """The control of frozen workers: the app without the lock that a sender holds."""
    delivery.sending_locks = no_locks  # type: ignore[assignment]
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


class LookUpSmtp(SmtpChannel):
    """SMTP with a mail server that can be asked what it took; a moment passes before the mail leaves."""

    def send(self, envelope: Any) -> None:
        time.sleep(float(os.environ.get("BENCH_PAUSE", "0")))
        super().send(envelope)

    def look_up(self, message_id: str) -> Lookup:
        found = message_id in Path(os.environ["BENCH_BOOK"]).read_text()
        return Lookup.FOUND if found else Lookup.NOT_FOUND
