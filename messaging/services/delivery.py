"""Delivery: claim, lock, send, mark; and reconciling what a killed sender left behind.

A message is claimed by one conditional update that tests its kind's eligibility, under an advisory lock
that is held until the outcome is stored. The claim, the text as sent and the link tokens in it are
stored together before anything leaves the house. So a message is never sent twice: where nobody can say
whether it left, it becomes uncertain and a person decides.
"""

import datetime as dt
import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from enum import Enum
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F

from messaging.channels import Channel, Envelope, LastingFault, Lookup, TemporaryFault, UnclearFault
from messaging.enums import Channel as Way
from messaging.enums import MessageState
from messaging.kinds import Kind, Rendered, get_kind
from messaging.models import RECIPIENTS, OutboundMessage
from messaging.services.eligibility import may_leave, why_held_back
from messaging.services.locking import sending_lock
from messaging.services.planning import earliest_sending

logger = logging.getLogger(__name__)

# After a temporary fault: soon, then hourly. 27 attempts are 24 hours, a mail server's long bad day.
RETRY_MINUTES = (1, 5, 15, 60)
LAST_ATTEMPT = 27

# Waits between attempts to store an outcome while PostgreSQL restarts, in seconds.
STORE_PAUSES = (0.2, 1.0, 2.0, 4.0, 8.0)

NO_ADDRESS: dict[str, str] = {
    Way.EMAIL: "Modtageren har ingen e-mailadresse.",
    Way.SMS: "Modtageren har intet telefonnummer.",
}
NO_TEXT: dict[str, Any] = {"address": None, "subject": None, "body": None}


class Outcome(Enum):
    """What became of an attempt; all but UNREACHABLE let the batch go on."""

    SENT = "sent"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    UNREACHABLE = "unreachable"
    NOTHING_DUE = "nothing due"


class RenderFailed(Exception):
    """The kind could not write its message."""


@dataclass(frozen=True)
class Claim:
    """A message that is ours to send, and what to send."""

    message: OutboundMessage
    envelope: Envelope


def deliver_message(*, message_id: int, channel: Channel, now: dt.datetime) -> Outcome:
    """Send the message if it is due, still wanted, and nobody else is sending it.

    Safe to call any number of times, at once too. Runs inside the programme's scope and outside any
    transaction, for the claim must be stored before the message leaves.

    :raises messaging.kinds.UnknownKind: when no package has registered its kind; it stays planned.
    """
    with sending_lock(message_id) as ours:
        if not ours:
            return Outcome.NOTHING_DUE
        try:
            claim = _claim(message_id, now)
        except RenderFailed:
            logger.exception("Message %s could not be written.", message_id)
            return _postpone_unwritten(message_id, now)
        if isinstance(claim, Outcome):
            return claim
        return _send(claim, channel, now)


@transaction.atomic(durable=True)
def _claim(pk: int, now: dt.datetime) -> Claim | Outcome:
    waiting = OutboundMessage.objects.due(now).select_related("programme").filter(pk=pk).first()
    if waiting is None:
        return Outcome.NOTHING_DUE
    kind = get_kind(waiting.kind)
    earliest = earliest_sending(kind, programme=waiting.programme, after=now)
    if earliest > now:
        OutboundMessage.objects.due(now).filter(pk=pk).update(send_after=earliest)
        return Outcome.POSTPONED
    if kind.before_claim is not None:
        kind.before_claim(waiting)
    # Whether it is due is asked of the row as it is when it is locked: it may just have been cancelled.
    due = OutboundMessage.objects.due(now).filter(pk=pk)
    free = due.select_for_update(skip_locked=True, no_key=True)
    won = (
        OutboundMessage.objects.due(now)
        .filter(kind.eligible(now), may_leave(), pk__in=free.values("pk"))
        .update(
            state=MessageState.CLAIMED,
            claimed_at=now,
            attempts=F("attempts") + 1,
            message_id=waiting.message_id or _new_message_id(),
        )
    )
    if not won:
        return _cancel_unwanted(pk, kind, now)
    message = OutboundMessage.objects.select_related("programme", *RECIPIENTS).get(pk=pk)
    rendered = render(message, kind, now)
    if not rendered.address:
        _update(message, state=MessageState.FAILED, fault=NO_ADDRESS[message.channel])
        return Outcome.FAILED
    _update(message, address=rendered.address, subject=rendered.subject, body=rendered.text)
    return Claim(message, _envelope(message, rendered))


def _cancel_unwanted(pk: int, kind: Kind, now: dt.datetime) -> Outcome:
    """Cancel the message if it is still due and its kind still says no."""
    message = (
        OutboundMessage.objects.due(now)
        .filter(pk=pk)
        .select_for_update(skip_locked=True, no_key=True)
        .first()
    )
    if message is None or OutboundMessage.objects.filter(kind.eligible(now), may_leave(), pk=pk).exists():
        return Outcome.NOTHING_DUE
    because = why_held_back(message) or kind.why_not(message, now)
    OutboundMessage.objects.filter(pk=pk).update(state=MessageState.CANCELLED, cancelled_because=because)
    return Outcome.CANCELLED


def render(message: OutboundMessage, kind: Kind, now: dt.datetime) -> Rendered:
    """Return the message as it would be sent now.

    :raises RenderFailed: when the kind or its template raises.
    """
    try:
        if message.channel == Way.SMS:
            return _render_sms(message, kind, now)
        return kind.render(message, now)
    except (OperationalError, InterfaceError):
        raise
    except Exception as fault:
        raise RenderFailed from fault


def _render_sms(message: OutboundMessage, kind: Kind, now: dt.datetime) -> Rendered:
    if kind.render_sms is None:
        raise TypeError(f"{kind.name} cannot go as a text message.")
    return kind.render_sms(message, now)


def _new_message_id() -> str:
    return f"<{uuid.uuid4()}@{urlsplit(settings.SITE_URL).hostname}>"


def _envelope(message: OutboundMessage, rendered: Rendered) -> Envelope:
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


def _send(claim: Claim, channel: Channel, now: dt.datetime) -> Outcome:
    message = claim.message
    try:
        channel.send(claim.envelope)
    except TemporaryFault as fault:
        outcome = _store(partial(_postpone, message, str(fault), now))
        return Outcome.UNREACHABLE if fault.unreachable else outcome
    except LastingFault as fault:
        failed = {"state": MessageState.FAILED, "fault": str(fault)}
        return _store(partial(_settle, message, Outcome.FAILED, **failed))
    except UnclearFault as fault:
        return _store(partial(_settle_by_lookup, message, channel, now, str(fault)))
    return _store(partial(_settle_sent, message))


def _store(change: Callable[[], Outcome]) -> Outcome:
    """Store an outcome, waiting out a restart of PostgreSQL; each `change` is one conditional update."""
    for pause in STORE_PAUSES:
        try:
            return change()
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(pause)
    return change()


def _update(message: OutboundMessage, **fields: Any) -> None:
    """Change the message as long as the claim is the one it was made under."""
    OutboundMessage.objects.filter(
        pk=message.pk, state=MessageState.CLAIMED, claimed_at=message.claimed_at
    ).update(**fields)


def _settle(message: OutboundMessage, outcome: Outcome, **fields: Any) -> Outcome:
    _update(message, **fields)
    return outcome


def _settle_sent(message: OutboundMessage) -> Outcome:
    return _settle(message, Outcome.SENT, state=MessageState.SENT, sent_at=message.claimed_at, fault="")


def _settle_by_lookup(message: OutboundMessage, channel: Channel, now: dt.datetime, fault: str) -> Outcome:
    """Let the channel say whether the message left; where it cannot, a person must decide."""
    # A provider's receipt may have come before the answer to our own request.
    receipt = OutboundMessage.objects.filter(pk=message.pk, delivered_at__isnull=False).exists()
    found = Lookup.FOUND if receipt else channel.look_up(message.message_id)
    if found is Lookup.FOUND:
        return _settle_sent(message)
    if found is Lookup.NOT_FOUND:
        return _postpone(message, fault, now)
    return _settle(message, Outcome.UNCERTAIN, state=MessageState.UNCERTAIN, fault=fault)


def _postpone(message: OutboundMessage, fault: str, now: dt.datetime) -> Outcome:
    if message.attempts >= LAST_ATTEMPT:
        return _settle(message, Outcome.FAILED, state=MessageState.FAILED, fault=fault)
    later = next_attempt(message, now)
    return _settle(
        message, Outcome.POSTPONED, state=MessageState.PLANNED, send_after=later, fault=fault, **NO_TEXT
    )


def next_attempt(message: OutboundMessage, now: dt.datetime) -> dt.datetime:
    """Return when to try again after `message.attempts` attempts, within the kind's sending hours."""
    minutes = RETRY_MINUTES[min(max(message.attempts, 1), len(RETRY_MINUTES)) - 1]
    after = now + dt.timedelta(minutes=minutes)
    return earliest_sending(get_kind(message.kind), programme=message.programme, after=after)


@transaction.atomic
def _postpone_unwritten(pk: int, now: dt.datetime) -> Outcome:
    """Count an attempt that ended before there was anything to send: its claim was rolled back."""
    message = (
        OutboundMessage.objects.due(now)
        .select_related("programme")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=pk)
    )
    message.attempts += 1
    message.claimed_at = now  # when it was tried last
    message.fault = "Beskeden kunne ikke skrives. Fejlen er noteret i driftsloggen."
    failed = message.attempts >= LAST_ATTEMPT
    if failed:
        message.state = MessageState.FAILED
    else:
        message.send_after = next_attempt(message, now)
    message.save(update_fields=["attempts", "claimed_at", "fault", "state", "send_after"])
    return Outcome.FAILED if failed else Outcome.POSTPONED


def reconcile_message(*, message_id: int, channel: Channel, now: dt.datetime) -> Outcome:
    """Settle a claim whose sender is gone: sent, planned again, or uncertain where nobody can say.

    A sender that is alive or frozen holds the message's lock and is left alone. Runs inside the
    programme's scope.
    """
    with sending_lock(message_id) as ours:
        if not ours:
            return Outcome.NOTHING_DUE
        message = (
            OutboundMessage.objects.abandoned(now).select_related("programme").filter(pk=message_id).first()
        )
        if message is None:
            return Outcome.NOTHING_DUE
        return _settle_by_lookup(message, channel, now, "Afsendelsen blev afbrudt.")
