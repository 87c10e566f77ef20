"""What the coordinator decides about a message."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from messaging.doorbell import ring
from messaging.enums import MessageState
from messaging.models import OutboundMessage
from messaging.services.delivery import NO_TEXT


class MessageHasMovedOn(Exception):
    """The message is no longer in a state in which this can be decided."""


@transaction.atomic
def cancel_message(
    *, message: OutboundMessage, because: str, now: dt.datetime, by: User | None = None
) -> OutboundMessage:
    """Keep a planned message from being sent; `because` is a Danish sentence and is kept.

    :raises MessageHasMovedOn: when it is on its way already, or settled.
    """
    locked = _locked(message, MessageState.PLANNED)
    locked.state = MessageState.CANCELLED
    locked.cancelled_because = because
    locked.save(update_fields=["state", "cancelled_because"])
    return locked


def retry_message(*, message: OutboundMessage, by: User, now: dt.datetime) -> OutboundMessage:
    """Plan a failed message again, with all its attempts before it.

    :raises MessageHasMovedOn: when it has not failed.
    """
    return _plan_again(message, MessageState.FAILED, now)


def send_message_again(*, message: OutboundMessage, by: User, now: dt.datetime) -> OutboundMessage:
    """Plan an uncertain message again, for it did not arrive; it gets a Message-ID of its own.

    :raises MessageHasMovedOn: when it is not uncertain.
    """
    return _plan_again(message, MessageState.UNCERTAIN, now)


@transaction.atomic
def confirm_message(*, message: OutboundMessage, by: User, now: dt.datetime) -> OutboundMessage:
    """Mark an uncertain message as sent, for it arrived.

    :raises MessageHasMovedOn: when it is not uncertain.
    """
    locked = _locked(message, MessageState.UNCERTAIN)
    locked.state = MessageState.SENT
    locked.sent_at = locked.claimed_at
    locked.fault = ""
    locked.save(update_fields=["state", "sent_at", "fault"])
    return locked


@transaction.atomic
def _plan_again(message: OutboundMessage, state: MessageState, now: dt.datetime) -> OutboundMessage:
    locked = _locked(message, state)
    locked.state = MessageState.PLANNED
    locked.send_after = now  # the claim waits for sending hours where the kind keeps to them
    locked.attempts = 0
    locked.message_id = ""
    locked.fault = ""
    for field, nothing in NO_TEXT.items():
        setattr(locked, field, nothing)
    locked.save(update_fields=["state", "send_after", "attempts", "message_id", "fault", *NO_TEXT])
    ring("messaging.deliver", locked.pk)
    return locked


def _locked(message: OutboundMessage, state: MessageState) -> OutboundMessage:
    locked: OutboundMessage = OutboundMessage.objects.select_for_update(no_key=True).get(pk=message.pk)
    if locked.state != state:
        raise MessageHasMovedOn
    return locked
