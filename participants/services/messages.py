"""Whether a person wants messages from us; every kind of message asks before it is sent."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from participants.models import MessageStop, Participant


@transaction.atomic
def stop_messages(*, participant: Participant, by: User | None, now: dt.datetime) -> bool:
    """Send the person nothing from `now` on; return whether that is news.

    A second no keeps the time of the first. Without `by` the person said so themselves.
    """
    locked: Participant = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    if locked.messages_stopped_at is not None:
        return False
    MessageStop.objects.create(
        programme_id=locked.programme_id, participant=locked, stopped_at=now, stopped_by=by
    )
    locked.messages_stopped_at = now
    locked.save(update_fields=["messages_stopped_at"])
    return True


@transaction.atomic
def resume_messages(*, participant: Participant, by: User | None, now: dt.datetime) -> bool:
    """Let messages reach the person again from `now` on; return whether they had been stopped."""
    locked: Participant = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    if locked.messages_stopped_at is None:
        return False
    MessageStop.objects.filter(participant=locked, resumed_at=None).update(resumed_at=now, resumed_by=by)
    locked.messages_stopped_at = None
    locked.save(update_fields=["messages_stopped_at"])
    return True
