"""Reads of the outbox. Those for workers find ids across programmes and nothing else."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet
from django_scopes import scopes_disabled

from messaging.kinds import known_kinds
from messaging.models import OutboundMessage

BATCH = 100


@dataclass(frozen=True)
class Waiting:
    """A message that a worker should look at, and the programme whose scope to look at it in."""

    pk: int
    programme_id: int
    channel: str


def due_messages(channel: str, now: dt.datetime) -> list[Waiting]:
    """Return the channel's next hundred messages whose time has come, longest waiting first.

    Only kinds that this process knows: a message planned by newer code waits for a newer worker.
    """
    with scopes_disabled():
        known = [kind.name for kind in known_kinds()]
        due = OutboundMessage.objects.due(now).filter(channel=channel, kind__in=known)
        return _waiting(due.order_by("send_after", "pk")[:BATCH])


def due_message(pk: int, now: dt.datetime) -> Waiting | None:
    """Return the message if its time has come, of whatever programme."""
    with scopes_disabled():
        return next(iter(_waiting(OutboundMessage.objects.due(now).filter(pk=pk))), None)


def abandoned_messages(channel: str, now: dt.datetime) -> list[Waiting]:
    """Return the channel's messages whose claim is older than a send can last, oldest first."""
    with scopes_disabled():
        abandoned = OutboundMessage.objects.abandoned(now).filter(channel=channel)
        return _waiting(abandoned.order_by("claimed_at", "pk"))


def _waiting(messages: QuerySet[OutboundMessage]) -> list[Waiting]:
    return [Waiting(*row) for row in messages.values_list("pk", "programme_id", "channel")]


def failed_or_uncertain() -> QuerySet[OutboundMessage]:
    """Return the programme's messages that want a person's decision, recipients loaded."""
    found: QuerySet[OutboundMessage] = OutboundMessage.objects.unsettled().select_related(
        "participant", "referrer"
    )
    return found
