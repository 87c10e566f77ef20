"""Reads of the outbox. Those for workers find ids across programmes and nothing else."""

import datetime as dt
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django_scopes import scopes_disabled

from messaging.enums import MessageState
from messaging.kinds import kind_label, known_kinds
from messaging.models import RECIPIENTS, OutboundMessage, OutboundMessageQuerySet

BATCH = 100


@dataclass(frozen=True)
class Waiting:
    """A message that a worker should look at, and the programme whose scope to look at it in.

    `recipient` is the key of whoever it goes to, by what they are: see `messaging.models.RECIPIENTS`.
    """

    pk: int
    programme_id: int
    channel: str
    kind: str
    recipient: list[int | None]


def due_messages(channel: str, now: dt.datetime) -> list[Waiting]:
    """Return the channel's next hundred messages whose time has come, longest waiting first.

    Only kinds that this process knows: a message planned by newer code waits for a newer worker.
    """
    with scopes_disabled():
        known = [kind.name for kind in known_kinds()]
        due = OutboundMessage.objects.due(now).filter(channel=channel, kind__in=known)
        return _waiting(due.order_by("send_after", "pk")[:BATCH])


def due_among(pks: Sequence[int], now: dt.datetime) -> list[Waiting]:
    """Return those of the messages whose time has come, of whatever programme, longest waiting first."""
    with scopes_disabled():
        due = OutboundMessage.objects.due(now).filter(pk__in=pks)
        return _waiting(due.order_by("send_after", "pk"))


def abandoned_messages(channel: str, now: dt.datetime) -> list[Waiting]:
    """Return the channel's messages whose claim is older than a send can last, oldest first."""
    with scopes_disabled():
        abandoned = OutboundMessage.objects.abandoned(now).filter(channel=channel)
        return _waiting(abandoned.order_by("claimed_at", "pk"))


def message_known_as(reference: str) -> Waiting | None:
    """Return the message whose Message-ID holds the uuid `reference`, of whatever programme."""
    try:
        known = uuid.UUID(reference)
    except ValueError:
        return None
    with scopes_disabled():
        found = OutboundMessage.objects.filter(message_id__startswith=f"<{known}@")
        return next(iter(_waiting(found)), None)


def _waiting(messages: QuerySet[OutboundMessage]) -> list[Waiting]:
    keys = [f"{recipient}_id" for recipient in RECIPIENTS]
    rows = messages.values_list("pk", "programme_id", "channel", "kind", *keys)
    return [Waiting(pk, programme, channel, kind, to) for pk, programme, channel, kind, *to in rows]


def messages_with_recipients() -> OutboundMessageQuerySet:
    """Return the programme's messages, newest first, with their recipients loaded."""
    rows: OutboundMessageQuerySet = OutboundMessage.objects.newest_first().select_related(
        *RECIPIENTS, "programme"
    )
    return rows


def failed_or_uncertain() -> OutboundMessageQuerySet:
    """Return the programme's messages that want a person's decision, newest first."""
    return messages_with_recipients().unsettled()


BADGES: dict[str, str] = {
    MessageState.PLANNED: "info",
    MessageState.CLAIMED: "info",
    MessageState.SENT: "success",
    MessageState.FAILED: "error",
    MessageState.UNCERTAIN: "warning",
    MessageState.CANCELLED: "neutral",
    MessageState.RETURNED: "error",
}


@dataclass(frozen=True)
class MessageLine:
    """A message as a list shows it: what, to whom, how it stands, when, and why it did not go."""

    message: OutboundMessage
    label: str
    recipient: str
    badge: str
    when: str
    remark: str


def line_of(message: OutboundMessage) -> MessageLine:
    """Return `message` in words; its recipient must be loaded."""
    return MessageLine(
        message=message,
        label=kind_label(message.kind),
        recipient=str(message.recipient),
        badge=BADGES[message.state],
        when=_when(message),
        remark=message.cancelled_because or message.fault,
    )


def _when(message: OutboundMessage) -> str:
    if message.state == MessageState.RETURNED and message.returned_at is not None:
        return f"Kom retur {danish_moment(message.returned_at)}"
    if message.state == MessageState.SENT and message.delivered_at is not None:
        return f"Leveret {danish_moment(message.delivered_at)}"
    if message.sent_at is not None:
        return f"Sendt {danish_moment(message.sent_at)}"
    if message.state == MessageState.PLANNED:
        return f"Sendes tidligst {danish_moment(message.send_after)}"
    if message.state == MessageState.CANCELLED or message.claimed_at is None:
        return f"Planlagt {danish_moment(message.planned_at)}"
    return f"Forsøgt {danish_moment(message.claimed_at)}"


def danish_moment(moment: dt.datetime) -> str:
    """Return `moment` as 10.03.2026 kl. 14.30, Danish time."""
    return date_format(timezone.localtime(moment), r"d.m.Y \k\l. H.i")


# A personal link in a text that was sent; see core.tokens for how a token looks.
_PERSONAL_LINK = re.compile(r"(?<=/)[a-z2-7]{26}(?=/|\b)")


def without_personal_links(text: str) -> str:
    """Return `text` with the secret part of personal links left out: each opens one person's page."""
    return _PERSONAL_LINK.sub("…", text)


def shown_text(message: OutboundMessage) -> str:
    """Return the text as it was sent, without what opens the recipient's own pages; "" when there is none.

    A demonstration has no mailboxes, so there the links are kept.
    """
    text = message.body or ""
    return text if message.programme.is_demo else without_personal_links(text)


TOLD_ABOVE = (MessageState.FAILED, MessageState.RETURNED)


def message_facts(message: OutboundMessage) -> list[tuple[str, str]]:
    """Return what is known of the message as label and value, without what does not apply.

    Why it failed stands above them on the page, with what to do about it.
    """
    facts = [
        ("Til", str(message.recipient)),
        ("Sendes som", str(message.get_channel_display())),
        ("Adresse", message.address or ""),
        ("Planlagt", danish_moment(message.planned_at)),
        ("Hvornår", _when(message)),
        ("Forsøg", str(message.attempts or "")),
        ("Hvad gik galt", "" if message.state in TOLD_ABOVE else message.fault),
        ("Hvorfor ikke", message.cancelled_because),
    ]
    return [(label, value) for label, value in facts if value]
