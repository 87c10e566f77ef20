"""What every message must pass besides its own kind's condition: a way that is open, and a live address."""

import operator
from functools import reduce

from django.db import models
from django.db.models import Exists, OuterRef, Q

from core.lookups import email_hash, phone_hash
from messaging.enums import Channel
from messaging.models import DeadAddress, OutboundMessage

DEAD_ADDRESS = "Adressen virker ikke: en tidligere besked kom retur. Ret den, så skriver vi igen."
SMS_OFF = "Programmet sender ikke sms."


def has_dead_address() -> Q:
    """Match messages to an address from which an earlier one came back."""
    by_mail, by_phone = _address_is("email_hash"), _address_is("phone_hash")
    # The base manager: the condition is part of a message's own query, which keeps to the programme.
    dead = DeadAddress._base_manager.filter(programme=OuterRef("programme_id"), channel=OuterRef("channel"))
    return Q(Exists(dead.filter(Q(by_mail, channel=Channel.EMAIL) | Q(by_phone, channel=Channel.SMS))))


def _address_is(known_by: str) -> Q:
    """Match the address of whoever of the three the message goes to."""
    recipients = ("participant", "referrer", "interested")
    return reduce(operator.or_, (Q(address_hash=OuterRef(f"{one}__{known_by}")) for one in recipients))


def has_open_way() -> Q:
    """Match messages by e-mail, and those by SMS of programmes that send such."""
    return Q(channel=Channel.EMAIL) | Q(programme__sms_on=True)


def may_leave() -> Q:
    """Match messages that no general rule holds back."""
    return has_open_way() & ~has_dead_address()


def why_held_back(message: OutboundMessage) -> str:
    """Return the general rule that holds the message back, in a Danish sentence; "" when none does."""
    itself = OutboundMessage.objects.filter(pk=message.pk)
    if not itself.filter(has_open_way()).exists():
        return SMS_OFF
    return DEAD_ADDRESS if itself.filter(has_dead_address()).exists() else ""


def address_hash(channel: str, address: str) -> str:
    """Return the hash by which an address of the channel is known among the dead ones."""
    return phone_hash(address) if channel == Channel.SMS else email_hash(address)


def is_dead(*, recipient: models.Model, channel: str) -> bool:
    """Return whether the recipient's own address of the channel is a dead one; in the programme's scope."""
    known_by = "phone_hash" if channel == Channel.SMS else "email_hash"
    found: bool = DeadAddress.objects.filter(
        channel=channel, address_hash=getattr(recipient, known_by)
    ).exists()
    return found
