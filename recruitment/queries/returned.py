"""Addresses from which a message came back, and the tasks that ask somebody to find another."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from core.lookups import email_hash
from messaging.enums import Channel, MessageState
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
    asked_about = (
        Q(participant=OuterRef("participant")) | Q(referrer=OuterRef("referrer")) | Q(message=OuterRef("pk"))
    )
    # Of the merely interested their own list tells: nobody is asked to find another number for them.
    returned = messages_with_recipients().filter(
        has_dead_address() | Q(user__in=colleagues_out_of_reach()),
        state=MessageState.RETURNED,
        interested=None,
    )
    found: QuerySet[OutboundMessage] = returned.filter(~Exists(asked.filter(asked_about)))
    return found


def colleagues_out_of_reach() -> list[int]:
    """Return the keys of those to whom a mail came back and whose address still is a dead one; two queries.

    A colleague's address has no hash of its own, so it is made here, for the few whom it may concern.
    """
    returned = OutboundMessage.objects.filter(state=MessageState.RETURNED, user__isnull=False)
    dead = set(DeadAddress.objects.filter(channel=Channel.EMAIL).values_list("address_hash", flat=True))
    colleagues = User.objects.filter(pk__in=returned.values("user"))
    return [colleague.pk for colleague in colleagues if email_hash(colleague.email) in dead]


def tasks_of_mended() -> QuerySet[Task]:
    """Return the open tasks whose person has no dead address any more."""
    dead = DeadAddress.objects.values("address_hash")
    unreachable = Q(email_hash__in=dead) | Q(phone_hash__in=dead)
    mended = (
        ~Q(participant__in=Participant.objects.filter(unreachable))
        & ~Q(referrer__in=Referrer.objects.filter(unreachable))
        & ~Q(message__user__in=colleagues_out_of_reach())
    )
    found: QuerySet[Task] = Task.objects.open().filter(mended, kind=TaskKind.ADDRESS_DEAD)
    return found
