"""What every way out has in common: the envelope, the faults, and what a channel must be able to do.

Fault texts are Danish, are shown to the coordinator, and hold no address: what the server answered is
never copied into them.
"""

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
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
    """What a channel needs to send one message; `message_id` is the whole header, `<uuid@host>`.

    A text message has an E.164 number for `to`, a name for `sender`, and neither subject nor HTML.
    """

    message_id: str
    sender: str
    to: str
    reply_to: str
    subject: str
    text: str
    html: str
    unsubscribe_url: str = ""

    @property
    def reference(self) -> str:
        """The uuid alone: what a provider keeps beside the message and gives back in its receipt."""
        return reference_of(self.message_id)


def reference_of(message_id: str) -> str:
    """Return what stands before the @ of a Message-ID."""
    return message_id.strip().strip("<>").partition("@")[0]


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


def as_email(envelope: Envelope) -> EmailMultiAlternatives:
    """Return `envelope` as a mail with its Message-ID, marked as sent by a machine (RFC 3834)."""
    headers: dict[str, Any] = {"Message-ID": envelope.message_id, "Auto-Submitted": "auto-generated"}
    if envelope.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{envelope.unsubscribe_url}>"
    mail = EmailMultiAlternatives(
        envelope.subject,
        envelope.text,
        envelope.sender,
        [envelope.to],
        reply_to=[envelope.reply_to],
        headers=headers,
    )
    mail.attach_alternative(envelope.html, "text/html")
    return mail
