"""What others tell of a message that has left: it was delivered, or it came back.

Told twice, or late, or of a message we do not know, it changes nothing more.
"""

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django_scopes import scope

from messaging.enums import MessageState
from messaging.models import RECIPIENTS, DeadAddress, OutboundMessage
from messaging.queries import message_known_as
from messaging.services.eligibility import address_hash

ADDRESS_IS_DEAD = "Adressen virker ikke."
DID_NOT_ARRIVE = "Modtagerens udbyder kunne ikke aflevere beskeden. Måske kan den senere."


class StillBeingSent(Exception):
    """Its sender has not noted yet that it left: tell us again in a while."""


def note_delivered(*, reference: str, now: dt.datetime) -> bool:
    """Keep that the message known as `reference` was delivered; return whether that is news.

    So one that may have been sent is known to be sent, and one that waits to be tried again is not.
    """
    known = message_known_as(reference)
    if known is None:
        return False
    with scope(programme=known.programme_id):
        itself = OutboundMessage.objects.filter(pk=known.pk, delivered_at=None)
        on_its_way = itself.filter(state=MessageState.CLAIMED).update(delivered_at=now)
        left = itself.filter(
            state__in=[
                MessageState.SENT,
                MessageState.UNCERTAIN,
                MessageState.FAILED,
                MessageState.PLANNED,
            ],
            claimed_at__isnull=False,
        ).update(
            state=MessageState.SENT,
            sent_at=Coalesce(F("sent_at"), F("claimed_at")),
            delivered_at=now,
            fault="",
        )
    return bool(on_its_way or left)


@transaction.atomic
def note_returned(*, reference: str, address_is_dead: bool, now: dt.datetime) -> bool:
    """Keep that the message known as `reference` came back; return whether that is news.

    A dead address is not written to again until it is corrected, or somebody tries the message again.

    :raises StillBeingSent: when its sender has not noted the outcome.
    """
    known = message_known_as(reference)
    if known is None:
        return False
    with scope(programme=known.programme_id):
        message = (
            OutboundMessage.objects.select_related(*RECIPIENTS)
            .select_for_update(of=("self",), no_key=True)
            .get(pk=known.pk)
        )
        if message.state == MessageState.CLAIMED:
            raise StillBeingSent
        if message.state not in (MessageState.SENT, MessageState.UNCERTAIN):
            return False
        message.state = MessageState.RETURNED if address_is_dead else MessageState.FAILED
        message.returned_at = now
        message.fault = ADDRESS_IS_DEAD if address_is_dead else DID_NOT_ARRIVE
        message.save(update_fields=["state", "returned_at", "fault"])
        if address_is_dead:
            _bury(message, now)
    return True


def _bury(message: OutboundMessage, now: dt.datetime) -> None:
    if message.address:  # a text that retention has taken took its address along
        DeadAddress.objects.get_or_create(
            programme_id=message.programme_id,
            channel=message.channel,
            address_hash=address_hash(message.channel, message.address),
            defaults={"since": now},
        )
