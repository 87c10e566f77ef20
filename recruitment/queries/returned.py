"""Addresses from which a message came back, and the tasks that ask somebody to find another."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from messaging.enums import MessageState
from messaging.models import DeadAddress, OutboundMessage
from messaging.queries import messages_with_recipients
from messaging.services import has_dead_address
from outreach.models import Referrer
from participants.models import Participant
from worklist.enums import TaskKind
from worklist.models import Task


def returned_without_task() -> QuerySet[OutboundMessage]:
    """Return the programme's returned messages to addresses still dead that nobody was asked about since."""
    asked = Task.objects.filter(kind=TaskKind.ADDRESS_DEAD, created_at__gte=OuterRef("returned_at"))
    asked_about = Q(participant=OuterRef("participant")) | Q(referrer=OuterRef("referrer"))
    # Of the merely interested their own list tells: nobody is asked to find another number for them. A
    # colleague is in the house.
    returned = messages_with_recipients().filter(
        has_dead_address(), state=MessageState.RETURNED, interested=None, user=None
    )
    found: QuerySet[OutboundMessage] = returned.filter(~Exists(asked.filter(asked_about)))
    return found


def tasks_of_mended() -> QuerySet[Task]:
    """Return the open tasks whose person has no dead address any more."""
    dead = DeadAddress.objects.values("address_hash")
    unreachable = Q(email_hash__in=dead) | Q(phone_hash__in=dead)
    mended = ~Q(participant__in=Participant.objects.filter(unreachable)) & ~Q(
        referrer__in=Referrer.objects.filter(unreachable)
    )
    found: QuerySet[Task] = Task.objects.open().filter(mended, kind=TaskKind.ADDRESS_DEAD)
    return found
