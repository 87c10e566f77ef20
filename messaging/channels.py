"""Ways out: how an envelope leaves the house, and what may go wrong on the way.

A channel sends one envelope, or raises a fault that says what is known of it. Fault texts are Danish, are
shown to the coordinator, and hold no address: what the server answered is never copied into them.
"""

import contextlib
import os
import smtplib
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.utils.module_loading import import_string


class DeliveryFault(Exception):
    """The envelope was not handed over, as far as is known; the text is for the coordinator."""


class TemporaryFault(DeliveryFault):
    """Not sent, and worth another attempt. `unreachable`: no other envelope would get out now either."""

    def __init__(self, text: str, *, unreachable: bool = False) -> None:
        super().__init__(text)
        self.unreachable = unreachable


class LastingFault(DeliveryFault):
    """Not sent, and another attempt would end the same way."""


class UnclearFault(DeliveryFault):
    """The other side fell silent while it held the whole envelope: it may have been sent."""


class Lookup(Enum):
    """What a channel knows of a Message-ID."""

    FOUND = "found"
    NOT_FOUND = "not found"
    CANNOT_SAY = "cannot say"


@dataclass(frozen=True)
class Envelope:
    """What a channel needs to send one message; `message_id` is the whole header, `<uuid@host>`."""

    message_id: str
    sender: str
    to: str
    reply_to: str
    subject: str
    text: str
    html: str
    unsubscribe_url: str = ""


class Channel(ABC):
    """A way out. One instance serves one batch; `close` ends what the batch shared."""

    @abstractmethod
    def send(self, envelope: Envelope) -> None:
        """Hand `envelope` over; on return the other side has taken it.

        :raises DeliveryFault: one of its three kinds.
        """

    @abstractmethod
    def look_up(self, message_id: str) -> Lookup:
        """Return whether an envelope with `message_id` was taken, as far as the channel can say."""

    def close(self) -> None:  # noqa: B027 - most channels share nothing
        """End what the batch shared; never raises."""


@contextlib.contextmanager
def open_channel(name: str) -> Iterator[Channel]:
    """Give the channel that settings.MESSAGE_CHANNELS names, for the length of a batch."""
    channel: Channel = import_string(settings.MESSAGE_CHANNELS[name])()
    try:
        yield channel
    finally:
        channel.close()


def as_email(envelope: Envelope, connection: Any = None) -> EmailMultiAlternatives:
    """Return `envelope` as a mail with its Message-ID, marked as sent by a machine (RFC 3834)."""
    headers = {"Message-ID": envelope.message_id, "Auto-Submitted": "auto-generated"}
    if envelope.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{envelope.unsubscribe_url}>"
    mail = EmailMultiAlternatives(
        envelope.subject,
        envelope.text,
        envelope.sender,
        [envelope.to],
        reply_to=[envelope.reply_to],
        headers=headers,
        connection=connection,
    )
    mail.attach_alternative(envelope.html, "text/html")
    return mail


class _HandingOver:
    """Makes smtplib remember whether the server held the envelope when the line went dead."""

    handing_over = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.handing_over = True
        answer: tuple[int, bytes] = super().data(msg)  # type: ignore[misc]
        self.handing_over = False
        return answer


class _Smtp(_HandingOver, smtplib.SMTP):
    pass


class _SmtpOverTls(_HandingOver, smtplib.SMTP_SSL):
    pass


class _Backend(EmailBackend):
    @property
    def connection_class(self) -> Any:
        return _SmtpOverTls if self.use_ssl else _Smtp


SERVICE_CLOSING = 421  # RFC 5321 §4.2.1: the server hangs up, whatever was asked


class SmtpChannel(Channel):
    """Mail by the SMTP server of Django's EMAIL_ settings; one connection for a batch, 30 s for an answer.

    SMTP keeps no record that could be asked, so this channel cannot look up.
    """

    def __init__(self) -> None:
        self._backend = _Backend(fail_silently=False)

    def send(self, envelope: Envelope) -> None:
        reused = self._backend.connection is not None
        try:
            self._hand_over(envelope)
        except _LineWasDead:
            if not reused:
                raise
            self._hand_over(envelope)  # the server had closed a line kept from an earlier envelope

    def _hand_over(self, envelope: Envelope) -> None:
        self._connect()
        try:
            self._backend.send_messages([as_email(envelope)])
        except smtplib.SMTPRecipientsRefused as refusal:
            code = max(code for code, _ in refusal.recipients.values())
            raise self._refused(code, "Mailserveren afviste modtagerens adresse") from None
        except smtplib.SMTPSenderRefused as refusal:
            raise self._refused(refusal.smtp_code, "Mailserveren afviste afsenderen") from None
        except smtplib.SMTPResponseException as refusal:
            raise self._refused(refusal.smtp_code, "Mailserveren afviste beskeden") from None
        except OSError as fault:  # smtplib's own faults are OSErrors too
            raise self._broken() from fault
        except ValueError as fault:  # a line break in a header, an address that is none
            raise LastingFault("Adressen eller emnet kan ikke bruges i en e-mail.") from fault

    def _connect(self) -> None:
        try:
            self._backend.open()
        except smtplib.SMTPAuthenticationError:
            self._hang_up()
            raise TemporaryFault(
                "Mailserveren afviste vores adgangskode. Bed it-afdelingen se på det.", unreachable=True
            ) from None
        except OSError as fault:
            self._hang_up()
            raise TemporaryFault("Mailserveren svarer ikke.", unreachable=True) from fault

    def _refused(self, code: int, what: str) -> DeliveryFault:
        if code == SERVICE_CLOSING:
            self._hang_up()
            return _LineWasDead()
        if 500 <= code < 600:
            return LastingFault(f"{what} (svarkode {code}).")
        return TemporaryFault(f"{what} lige nu (svarkode {code}).")

    def _broken(self) -> DeliveryFault:
        handing_over = getattr(self._backend.connection, "handing_over", False)
        self._hang_up()
        if handing_over:
            return UnclearFault("Forbindelsen til mailserveren blev afbrudt, mens beskeden blev afleveret.")
        return _LineWasDead()

    def _hang_up(self) -> None:
        with contextlib.suppress(OSError):
            self._backend.close()

    def look_up(self, message_id: str) -> Lookup:
        return Lookup.CANNOT_SAY

    def close(self) -> None:
        self._hang_up()


class _LineWasDead(TemporaryFault):
    """The server hung up before it held the envelope."""

    def __init__(self) -> None:
        super().__init__("Forbindelsen til mailserveren blev afbrudt.", unreachable=True)


class FolderChannel(Channel):
    """Mail into settings.MAIL_FOLDER, one .eml file per Message-ID: for demonstrations, and able to look up.

    A file is there whole or not at all; sending the same Message-ID again leaves one file.
    """

    SUFFIX: ClassVar[str] = ".eml"

    def __init__(self) -> None:
        self._folder = Path(settings.MAIL_FOLDER)

    def send(self, envelope: Envelope) -> None:
        try:
            self._write(self._file(envelope.message_id), as_email(envelope).message().as_bytes())
        except OSError as fault:
            raise TemporaryFault("Mailmappen kan ikke skrives.", unreachable=True) from fault
        except ValueError as fault:
            raise LastingFault("Adressen eller emnet kan ikke bruges i en e-mail.") from fault

    def _write(self, target: Path, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".part", delete=False) as draft:
            draft.write(content)
            draft.flush()
            os.fsync(draft.fileno())
        Path(draft.name).replace(target)

    def look_up(self, message_id: str) -> Lookup:
        return Lookup.FOUND if self._file(message_id).is_file() else Lookup.NOT_FOUND

    def _file(self, message_id: str) -> Path:
        name = message_id.strip("<>").partition("@")[0]
        return self._folder / f"{name}{self.SUFFIX}"
