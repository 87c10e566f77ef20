"""Mail by an SMTP server."""

import contextlib
import smtplib
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend

from messaging.channels.base import (
    Channel,
    DeliveryFault,
    Envelope,
    LastingFault,
    Lookup,
    TemporaryFault,
    UnclearFault,
    as_email,
)


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
            self._backend.send_messages([self._mail(envelope)])
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

    def _mail(self, envelope: Envelope) -> EmailMultiAlternatives:
        """Return the mail; what comes back of it goes to BOUNCE_ADDRESS, where there is one."""
        mail = as_email(envelope)
        if settings.BOUNCE_ADDRESS:
            mail.extra_headers["From"] = mail.from_email
            mail.from_email = settings.BOUNCE_ADDRESS
        return mail

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
