"""Every write to the outbox: plan, deliver, decide, reconcile, forget."""

from messaging.services.decisions import (
    MessageHasMovedOn,
    cancel_message,
    confirm_message,
    retry_message,
    send_message_again,
)
from messaging.services.delivery import deliver_message, deliver_messages, reconcile_message
from messaging.services.eligibility import has_dead_address
from messaging.services.outcomes import Outcome
from messaging.services.planning import plan_message, sends_sms, way_to
from messaging.services.preview import Preview, preview_message
from messaging.services.receipts import StillBeingSent, note_delivered, note_returned
from messaging.services.retention import forget_old_texts

__all__ = [
    "MessageHasMovedOn",
    "Outcome",
    "Preview",
    "StillBeingSent",
    "cancel_message",
    "confirm_message",
    "deliver_message",
    "deliver_messages",
    "forget_old_texts",
    "has_dead_address",
    "note_delivered",
    "note_returned",
    "plan_message",
    "preview_message",
    "reconcile_message",
    "retry_message",
    "send_message_again",
    "sends_sms",
    "way_to",
]
