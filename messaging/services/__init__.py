"""Every write to the outbox: plan, deliver, decide, reconcile, forget."""

from messaging.services.decisions import (
    MessageHasMovedOn,
    cancel_message,
    confirm_message,
    retry_message,
    send_message_again,
)
from messaging.services.delivery import Outcome, deliver_message, reconcile_message
from messaging.services.planning import plan_message
from messaging.services.preview import Preview, preview_message
from messaging.services.retention import forget_old_texts

__all__ = [
    "MessageHasMovedOn",
    "Outcome",
    "Preview",
    "cancel_message",
    "confirm_message",
    "deliver_message",
    "forget_old_texts",
    "plan_message",
    "preview_message",
    "reconcile_message",
    "retry_message",
    "send_message_again",
]
