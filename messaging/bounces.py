"""Mails that came back: reading a delivery status notification (RFC 3464).

Whoever knows a mail's Message-ID can say that it came back; only its recipient and the servers on its
way do, for it holds a random uuid.
"""

import email
import email.policy
from dataclasses import dataclass
from email.message import EmailMessage, Message
from typing import Any

from messaging.channels.base import reference_of

# RFC 3463: the classes of fault that say that the address itself is no good. All else (a full mailbox,
# a filter, a server that was away for days) may be otherwise tomorrow.
DEAD_ADDRESS = ("5.0.", "5.1.", "5.2.1", "5.4.4")


@dataclass(frozen=True)
class Returned:
    """A mail that did not arrive: our reference, the status code, and whether the address is dead."""

    reference: str
    status: str

    @property
    def is_dead(self) -> bool:
        return self.status.startswith(DEAD_ADDRESS)


def read_returned(raw: bytes) -> Returned | None:
    """Return what a mail in the bounce mailbox says of one of ours, or None when it says nothing.

    A delay, a receipt, an answer by a person and a holiday reply say nothing.
    """
    notice: Any = email.message_from_bytes(raw, policy=email.policy.default)
    if notice.get_content_type() != "multipart/report":
        return None
    status = _failure(notice)
    reference = _original_reference(notice)
    return Returned(reference, status) if status and reference else None


def _failure(notice: EmailMessage) -> str:
    """Return the status of the recipient who did not get it, "" where everybody did or may yet."""
    for part in notice.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in part.get_payload():
            if isinstance(block, Message) and str(block.get("Action", "")).strip().lower() == "failed":
                return str(block.get("Status", "")).split("(")[0].strip() or "5.0.0"
    return ""


def _original_reference(notice: EmailMessage) -> str:
    """Return the reference of the mail that came back, whole or as its headers alone."""
    for part in notice.walk():
        if part.get_content_type() == "message/rfc822":
            original = part.get_payload(0)
        elif part.get_content_type() == "text/rfc822-headers":
            original = email.message_from_string(part.get_content())
        else:
            continue
        if isinstance(original, Message) and original.get("Message-ID"):
            return reference_of(str(original["Message-ID"]))
    return reference_of(str(notice.get("In-Reply-To", "")))
