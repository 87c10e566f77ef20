"""Delivery: claim, lock, send, mark; and reconciling what a killed sender left behind.

The locks of a batch are held until its last outcome is stored. Claims, texts as sent and the link tokens
in them are stored together before anything leaves the house; then each message in its turn is taken out
of the line by a conditional update, and handed over only if that update found it. So a message is never
sent twice, and where nobody can say whether it left, it becomes uncertain and a person decides.
"""

import datetime as dt
import logging
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F

from messaging.channels import Channel, LastingFault, Lookup, TemporaryFault, UnclearFault
from messaging.enums import MessageState
from messaging.kinds import get_kind
from messaging.models import OutboundMessage
from messaging.services.claiming import cancel_unwanted, claim_messages, update_claim
from messaging.services.locking import sending_locks
from messaging.services.outcomes import Claim, Outcome
from messaging.services.planning import earliest_sending
from messaging.services.rendering import RenderFailed

logger = logging.getLogger(__name__)
Stored = TypeVar("Stored")

# After a temporary fault: soon, then hourly. 27 attempts are 24 hours, a mail server's long bad day.
RETRY_MINUTES = (1, 5, 15, 60)
LAST_ATTEMPT = 27

# Waits between attempts to store an outcome while PostgreSQL restarts, in seconds.
STORE_PAUSES = (0.2, 1.0, 2.0, 4.0, 8.0)

# What was tested at the claim is trusted for so long; who stands in line longer is given back.
GOOD_FOR = dt.timedelta(seconds=5)

# One statement and no transaction around it: this is done for each message, and the ORM's two updates would
# cost more than the mail itself. The first part finds nothing where there is none before.
NEXT_IN_LINE = f"""
WITH taken AS (
    UPDATE {OutboundMessage._meta.db_table}
    SET state = '{MessageState.SENT}', sent_at = claimed_at, fault = ''
    WHERE id = %s AND claimed_at = %s AND state = '{MessageState.CLAIMED}' AND NOT in_line
)
UPDATE {OutboundMessage._meta.db_table} SET in_line = false
WHERE id = %s AND claimed_at = %s AND state = '{MessageState.CLAIMED}' AND in_line
"""  # noqa: S608 - made of our own names
INTERRUPTED = "Afsendelsen blev afbrudt."
NO_TEXT: dict[str, Any] = {"address": None, "subject": None, "body": None}


def deliver_message(*, message_id: int, channel: Channel, now: dt.datetime) -> Outcome:
    """Send the message if it is due, still wanted, and nobody else is sending it; see `deliver_messages`."""
    return deliver_messages(message_ids=[message_id], channel=channel, clock=lambda: now)[message_id]


def deliver_messages(
    *, message_ids: Sequence[int], channel: Channel, clock: Callable[[], dt.datetime]
) -> dict[int, Outcome]:
    """Send those of the messages that are due, still wanted, and nobody else's; return what became of each.

    All are of one kind and of the programme in scope, to different recipients. Safe to call any number of
    times, at once too. Runs outside any transaction, for the claims must be stored before a message leaves.

    :raises messaging.kinds.UnknownKind: when no package has registered the kind; they stay planned.
    """
    try:
        return _deliver(message_ids, channel, clock)
    except RenderFailed:
        outcomes: dict[int, Outcome] = dict.fromkeys(message_ids, Outcome.NOTHING_DUE)
        for pk in message_ids:  # one that cannot be written stops no other
            outcomes |= _deliver([pk], channel, clock)
            if outcomes[pk] is Outcome.UNREACHABLE:
                break
        return outcomes


def _deliver(pks: Sequence[int], channel: Channel, clock: Callable[[], dt.datetime]) -> dict[int, Outcome]:
    """Send the batch, or one by itself; of several that cannot all be written, none.

    :raises RenderFailed: when one of several cannot be written.
    """
    outcomes = dict.fromkeys(pks, Outcome.NOTHING_DUE)
    with sending_locks(pks) as ours:
        now = clock()
        try:
            claimed = claim_messages(ours, now)
        except RenderFailed:
            if len(pks) > 1:
                raise
            logger.exception("Message %s could not be written.", pks[0])
            return {pks[0]: _postpone_unwritten(pks[0], now)}
        outcomes |= claimed.outcomes | _send_all(claimed.claims, channel, clock)
        # Why each is not wanted takes a while to find out, and by now nobody waits for it.
        return outcomes | {pk: cancel_unwanted(pk, now) for pk in claimed.unclaimed}


def _send_all(claims: list[Claim], channel: Channel, clock: Callable[[], dt.datetime]) -> dict[int, Outcome]:
    """Send the claims one after the other; what cannot be sent in good time is given back."""
    line, outcomes = list(claims), {claim.message.pk: Outcome.GIVEN_BACK for claim in claims}
    unmarked: Claim | None = None
    try:
        while line and _may_still_go(line[0], clock(), is_first=len(line) == len(claims)):
            claim = line.pop(0)
            is_ours = _store(partial(_take_out_of_line, claim, unmarked))
            unmarked = None
            outcome = _send(claim, channel, clock()) if is_ours else Outcome.NOTHING_DUE
            outcomes[claim.message.pk] = outcome
            if outcome is Outcome.SENT:
                unmarked = claim
            if outcome is Outcome.UNREACHABLE:
                break
    finally:
        if unmarked is not None:
            _store(partial(_settle_sent, unmarked.message))
        if line:
            _store(partial(_give_back, line))
    return outcomes


def _may_still_go(claim: Claim, now: dt.datetime, *, is_first: bool) -> bool:
    """Return whether the claim is fresh, the first one however long it took, and the hour is right."""
    message = claim.message
    assert message.claimed_at is not None  # noqa: S101 - it is claimed
    if now - message.claimed_at > GOOD_FOR and not is_first:
        return False
    return earliest_sending(get_kind(message.kind), programme=message.programme, after=now) <= now


def _take_out_of_line(claim: Claim, sent: Claim | None) -> bool:
    """Store that `claim` is being handed over, and with it that `sent`, the one before it, was taken.

    Returns whether the claim is still ours: only then may it be sent. Where PostgreSQL is lost before it
    can say that it stored this, the claim counts as lost too.
    """
    before = sent.message if sent else claim.message
    with connection.cursor() as cursor:
        cursor.execute(
            NEXT_IN_LINE,
            [before.pk, before.claimed_at, claim.message.pk, claim.message.claimed_at],
        )
        return bool(cursor.rowcount)


def _send(claim: Claim, channel: Channel, now: dt.datetime) -> Outcome:
    """Hand the envelope over; every outcome but SENT is stored."""
    message = claim.message
    message.in_line = False
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
    return Outcome.SENT


def _give_back(line: list[Claim]) -> None:
    """Plan again what was not handed over, as if it had not been claimed."""
    for claim in line:
        update_claim(
            claim.message,
            state=MessageState.PLANNED,
            in_line=False,
            attempts=F("attempts") - 1,
            **NO_TEXT,
        )


def _store(change: Callable[[], Stored]) -> Stored:
    """Store an outcome, waiting out a restart of PostgreSQL; each `change` is one conditional update."""
    for pause in STORE_PAUSES:
        try:
            return change()
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(pause)
    return change()


def _settle(message: OutboundMessage, outcome: Outcome, **fields: Any) -> Outcome:
    update_claim(message, in_line=False, **fields)
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

    One that stood in line was not sent. A sender that is alive or frozen holds the message's lock and is
    left alone. Runs inside the programme's scope.
    """
    with sending_locks([message_id]) as ours:
        abandoned = OutboundMessage.objects.abandoned(now).select_related("programme")
        message = abandoned.filter(pk__in=ours).first()
        if message is None:
            return Outcome.NOTHING_DUE
        if message.in_line:
            return _postpone(message, INTERRUPTED, now)
        return _settle_by_lookup(message, channel, now, INTERRUPTED)
