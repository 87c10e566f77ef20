"""How a message reads at this moment, and the envelope it goes in."""

import datetime as dt
import uuid
from collections.abc import Sequence
from email.utils import formataddr, parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.db import InterfaceError, OperationalError

from messaging.channels import Envelope
from messaging.enums import Channel as Way
from messaging.kinds import Kind, Rendered
from messaging.models import OutboundMessage


class RenderFailed(Exception):
    """The kind could not write its message."""


def render(message: OutboundMessage, kind: Kind, now: dt.datetime) -> Rendered:
    """Return the message as it would be sent now.

    :raises RenderFailed: when the kind or its template raises.
    """
    return render_all([message], kind, now)[0]


def render_all(messages: Sequence[OutboundMessage], kind: Kind, now: dt.datetime) -> list[Rendered]:
    """Return each of the messages, all of `kind`, as it would be sent now.

    :raises RenderFailed: when one of them cannot be written.
    """
    try:
        if kind.render_many is not None and all(message.channel == Way.EMAIL for message in messages):
            return kind.render_many(messages, now)
        return [_render_one(message, kind, now) for message in messages]
    except (OperationalError, InterfaceError):
        raise
    except Exception as fault:
        raise RenderFailed from fault


def _render_one(message: OutboundMessage, kind: Kind, now: dt.datetime) -> Rendered:
    if message.channel != Way.SMS:
        return kind.render(message, now)
    if kind.render_sms is None:
        raise TypeError(f"{kind.name} cannot go as a text message.")
    return kind.render_sms(message, now)


def new_message_id() -> str:
    return f"<{uuid.uuid4()}@{urlsplit(settings.SITE_URL).hostname}>"


def envelope_of(message: OutboundMessage, rendered: Rendered) -> Envelope:
    """Return what a channel needs to send `message`, which has its Message-ID and its programme."""
    return Envelope(
        message_id=message.message_id,
        sender=_sender(message),
        to=rendered.address,
        reply_to=rendered.reply_to,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        unsubscribe_url=rendered.unsubscribe_url,
    )


def _sender(message: OutboundMessage) -> str:
    if message.channel == Way.SMS:
        return message.programme.sms_sender
    own_address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return formataddr((message.programme.municipality, own_address))
