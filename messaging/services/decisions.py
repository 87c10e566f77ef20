"""What the coordinator decides about a message."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from messaging.doorbell import ring
from messaging.enums import MessageState
from messaging.models import DeadAddress, OutboundMessage
from messaging.services.delivery import NO_TEXT
from messaging.services.eligibility import address_hash

PLANNED_ANEW = ("state", "send_after", "attempts", "message_id", "fault", "delivered_at", "returned_at")


class MessageHasMovedOn(Exception):
    """The message is no longer in a state in which this can be decided."""


@transaction.atomic
def cancel_message(
    *, message: OutboundMessage, because: str, now: dt.datetime, by: User | None = None
) -> OutboundMessage:
    """Keep a planned message from being sent; `because` is a Danish sentence and is kept.

    :raises MessageHasMovedOn: when it is on its way already, or settled.
    """
    locked = _locked(message, (MessageState.PLANNED,))
    locked.state = MessageState.CANCELLED
    locked.cancelled_because = because
    locked.save(update_fields=["state", "cancelled_because"])
    return locked


@transaction.atomic
def retry_message(*, message: OutboundMessage, by: User, now: dt.datetime) -> OutboundMessage:
    """Plan a failed or returned message again, with all its attempts before it.

    Somebody has seen to the address it came back from, so that one may be written to again.

    :raises MessageHasMovedOn: when it has neither failed nor come back.
    """
    planned = _plan_again(message, (MessageState.FAILED, MessageState.RETURNED), now)
    if message.address:
        known_as = address_hash(message.channel, message.address)
        DeadAddress.objects.filter(channel=message.channel, address_hash=known_as).delete()
    return planned


def send_message_again(*, message: OutboundMessage, by: User, now: dt.datetime) -> OutboundMessage:
    """Plan an uncertain message again, for it did not arrive; it gets a Message-ID of its own.

    :raises MessageHasMovedOn: when it is not uncertain.
    """
    return _plan_again(message, (MessageState.UNCERTAIN,), now)


@transaction.atomic
def confirm_message(*, message: OutboundMessage, by: User, now: dt.datetime) -> OutboundMessage:
    """Mark an uncertain message as sent, for it arrived.

    :raises MessageHasMovedOn: when it is not uncertain.
    """
    locked = _locked(message, (MessageState.UNCERTAIN,))
    locked.state = MessageState.SENT
    locked.sent_at = locked.claimed_at
    locked.fault = ""
    locked.save(update_fields=["state", "sent_at", "fault"])
    return locked


@transaction.atomic
def _plan_again(
    message: OutboundMessage, states: tuple[MessageState, ...], now: dt.datetime
) -> OutboundMessage:
    locked = _locked(message, states)
    locked.state = MessageState.PLANNED
    locked.send_after = now  # the claim waits for sending hours where the kind keeps to them
    locked.attempts = 0
    locked.message_id = ""
    locked.fault = ""
    locked.delivered_at = None
    locked.returned_at = None
    for field, nothing in NO_TEXT.items():
        setattr(locked, field, nothing)
    locked.save(update_fields=[*PLANNED_ANEW, *NO_TEXT])
    ring("messaging.deliver", locked.pk)
    return locked


def _locked(message: OutboundMessage, states: tuple[MessageState, ...]) -> OutboundMessage:
    locked: OutboundMessage = OutboundMessage.objects.select_for_update(no_key=True).get(pk=message.pk)
    if locked.state not in states:
        raise MessageHasMovedOn
    return locked
