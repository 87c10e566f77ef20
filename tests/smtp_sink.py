"""A real SMTP server that keeps what it is given, and fails in the ways that mail servers fail."""

import asyncio
import contextlib
import email
import email.policy
import socket
import threading
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.test import override_settings


class SmtpSink:
    """What arrived, and how the server answers: change an answer to see what the app makes of it."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.envelope_senders: list[str] = []
        self.connections = 0
        self.recipient_answer = "250 OK"
        self.data_answer = "250 OK"
        self.hang_up_before_answer = False  # after taking the mail, before saying so
        self.mails_per_connection: int | None = None
        self.on_data: Callable[[], None] | None = None
        self._lock = threading.Lock()

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        session.mails_taken = 0  # type: ignore[attr-defined]
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.mails_per_connection is not None and session.mails_taken >= self.mails_per_connection:  # type: ignore[attr-defined]
            return "421 4.7.0 Too many messages on this connection"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.on_data is not None:
            await asyncio.get_running_loop().run_in_executor(None, self.on_data)
        if self.data_answer.startswith("250"):
            content: Any = envelope.content
            mail = email.message_from_bytes(content, policy=email.policy.default)
            with self._lock:
                self.mails.append(mail)  # type: ignore[arg-type]
                self.envelope_senders.append(str(envelope.mail_from))
            session.mails_taken += 1  # type: ignore[attr-defined]
        if self.hang_up_before_answer:
            server.transport.abort()
        return self.data_answer

    @property
    def recipients(self) -> list[str]:
        """The address of each mail that arrived, in order of arrival."""
        return [str(mail["To"]) for mail in self.mails]


class _QuietController(Controller):
    """A controller whose connections that broke leave no warning behind."""

    def factory(self) -> SMTP:
        return SMTP(self.handler, hostname="sink.example", enable_SMTPUTF8=True)


@contextlib.contextmanager
def running_sink() -> Iterator[SmtpSink]:
    """Give a sink that Django's EMAIL_ settings point to."""
    sink = SmtpSink()
    controller = _QuietController(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        with override_settings(
            EMAIL_HOST="127.0.0.1", EMAIL_PORT=controller.port, EMAIL_USE_TLS=False, EMAIL_HOST_USER=""
        ):
            yield sink
    finally:
        controller.stop()


def free_port() -> int:
    """Return a port of 127.0.0.1 on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
