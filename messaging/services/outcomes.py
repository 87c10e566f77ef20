"""What may become of an attempt to send, and what a sender has in hand."""

from dataclasses import dataclass
from enum import Enum

from messaging.channels import Envelope
from messaging.models import OutboundMessage


class Outcome(Enum):
    """What became of an attempt; all but UNREACHABLE let the next batch go on."""

    SENT = "sent"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    UNREACHABLE = "unreachable"
    GIVEN_BACK = "given back"
    NOTHING_DUE = "nothing due"


@dataclass(frozen=True)
class Claim:
    """A message that is ours to send, and what to send."""

    message: OutboundMessage
    envelope: Envelope
