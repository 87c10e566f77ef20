"""Claiming: messages become ours to send, each with its text stored before anything leaves the house.

A batch is claimed by one conditional update that tests the kind's eligibility, under the advisory locks of
all its messages. Whoever is claimed stands in line until it is handed over: so after a killed sender it
is known which of the batch nobody can have got.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from messaging.enums import Channel as Way
from messaging.enums import MessageState
from messaging.kinds import Kind, Rendered, get_kind
from messaging.models import RECIPIENTS, OutboundMessage
from messaging.services.eligibility import may_leave, why_held_back
from messaging.services.outcomes import Claim, Outcome
from messaging.services.planning import earliest_sending
from messaging.services.rendering import envelope_of, new_message_id, render_all

NO_ADDRESS: dict[str, str] = {
    Way.EMAIL: "Modtageren har ingen e-mailadresse.",
    Way.SMS: "Modtageren har intet telefonnummer.",
}
KEPT = ("id", "message_id", "address", "subject", "body")
# For a hundred messages of four fields the ORM's bulk_update builds more SQL than all else takes together.
KEEP_TEXTS = f"""
UPDATE {OutboundMessage._meta.db_table} AS kept
SET message_id = new.message_id, address = new.address, subject = new.subject, body = new.body
FROM unnest(%s::bigint[], %s::text[], %s::bytea[], %s::bytea[], %s::bytea[])
    AS new (id, message_id, address, subject, body)
WHERE kept.id = new.id
"""  # noqa: S608 - made of our own name


@dataclass(frozen=True)
class Claimed:
    """What of a batch is claimed; what was due and not claimed, so unwanted or taken; and what has ended."""

    claims: list[Claim] = field(default_factory=list)
    unclaimed: list[int] = field(default_factory=list)
    outcomes: dict[int, Outcome] = field(default_factory=dict)


@transaction.atomic(durable=True)
def claim_messages(pks: Sequence[int], now: dt.datetime) -> Claimed:
    """Claim those of the messages that are due and wanted.

    All are of one kind and of the programme in scope, to different recipients, and their locks are ours.

    :raises RenderFailed: when one cannot be written; then none is claimed.
    :raises messaging.kinds.UnknownKind: when no package has registered the kind.
    """
    due = list(OutboundMessage.objects.due(now).select_related("programme").filter(pk__in=pks))
    if not due:
        return Claimed()
    kind, programme, keys = get_kind(due[0].kind), due[0].programme, [message.pk for message in due]
    earliest = earliest_sending(kind, programme=programme, after=now)
    if earliest > now:
        OutboundMessage.objects.due(now).filter(pk__in=keys).update(send_after=earliest)
        return Claimed(outcomes=dict.fromkeys(keys, Outcome.POSTPONED))
    if kind.before_claim is not None:
        kind.before_claim(due)
    _claim(keys, kind, now)
    won = _won(keys, now)
    unclaimed = sorted(set(keys) - {message.pk for message in won})
    claims, unaddressed = _written(won, kind, now) if won else ([], [])
    return Claimed(claims, unclaimed, dict.fromkeys(unaddressed, Outcome.FAILED))


def _claim(keys: Sequence[int], kind: Kind, now: dt.datetime) -> None:
    # Whether one is due is asked of the row as it is when it is locked: it may just have been cancelled.
    due = OutboundMessage.objects.due(now).filter(pk__in=keys)
    free = due.select_for_update(skip_locked=True, no_key=True)
    wanted = due.filter(kind.eligible(now), may_leave(), pk__in=free.values("pk"))
    wanted.update(state=MessageState.CLAIMED, claimed_at=now, in_line=True, attempts=F("attempts") + 1)


def _won(keys: Sequence[int], now: dt.datetime) -> list[OutboundMessage]:
    """Return those of `keys`, all due a moment ago, that are claimed now: nobody else holds their locks."""
    claimed = OutboundMessage.objects.filter(pk__in=keys, state=MessageState.CLAIMED, claimed_at=now)
    return list(claimed.select_related("programme", *RECIPIENTS).order_by("send_after", "pk"))


@transaction.atomic
def cancel_unwanted(pk: int, now: dt.datetime) -> Outcome:
    """Cancel the message if it is still due and its kind still says no."""
    message = (
        OutboundMessage.objects.due(now)
        .filter(pk=pk)
        .select_for_update(skip_locked=True, no_key=True)
        .first()
    )
    if message is None:
        return Outcome.NOTHING_DUE
    kind = get_kind(message.kind)
    if OutboundMessage.objects.filter(kind.eligible(now), may_leave(), pk=pk).exists():
        return Outcome.NOTHING_DUE
    because = why_held_back(message) or kind.why_not(message, now)
    OutboundMessage.objects.filter(pk=pk).update(state=MessageState.CANCELLED, cancelled_because=because)
    return Outcome.CANCELLED


def _written(won: list[OutboundMessage], kind: Kind, now: dt.datetime) -> tuple[list[Claim], list[int]]:
    """Write the messages and store what is to be sent; return the claims, and those without an address."""
    both = list(zip(won, render_all(won, kind, now), strict=True))
    unaddressed = [message for message, rendered in both if not rendered.address]
    for message in unaddressed:
        update_claim(message, state=MessageState.FAILED, in_line=False, fault=NO_ADDRESS[message.channel])
    ready = [(message, rendered) for message, rendered in both if rendered.address]
    _keep_texts(ready)
    claims = [Claim(message, envelope_of(message, rendered)) for message, rendered in ready]
    return claims, [message.pk for message in unaddressed]


def _keep_texts(ready: list[tuple[OutboundMessage, Rendered]]) -> None:
    for message, rendered in ready:
        message.message_id = message.message_id or new_message_id()
        message.address, message.subject, message.body = rendered.address, rendered.subject, rendered.text
    with connection.cursor() as cursor:
        cursor.execute(KEEP_TEXTS, [[_stored(message, name) for message, _ in ready] for name in KEPT])


def _stored(message: OutboundMessage, name: str) -> Any:
    """Return the message's field as the database has it: what is to be encrypted is."""
    column: Any = OutboundMessage._meta.get_field(name)
    return column.get_db_prep_save(getattr(message, name), connection)


def update_claim(message: OutboundMessage, **fields: Any) -> bool:
    """Change the message as long as the claim is the one it was made under; return whether it is."""
    itself = OutboundMessage.objects.filter(pk=message.pk, **claim_of(message))
    return bool(itself.update(**fields))


def claim_of(message: OutboundMessage) -> dict[str, Any]:
    """Return what holds in the database until somebody settles the claim that `message` was read under."""
    return {"state": MessageState.CLAIMED, "claimed_at": message.claimed_at, "in_line": message.in_line}
