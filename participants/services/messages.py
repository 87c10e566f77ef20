"""Whether a person wants messages from us; every kind of message asks before it is sent."""

import datetime as dt

from participants.models import Participant


def stop_messages(*, participant: Participant, now: dt.datetime) -> bool:
    """Send the person nothing from `now` on; return whether that is news.

    A second no keeps the time of the first.
    """
    return bool(
        Participant.objects.filter(pk=participant.pk, messages_stopped_at=None).update(
            messages_stopped_at=now
        )
    )


def resume_messages(*, participant: Participant) -> bool:
    """Let messages reach the person again; return whether they had been stopped."""
    stopped = Participant.objects.filter(pk=participant.pk, messages_stopped_at__isnull=False)
    return bool(stopped.update(messages_stopped_at=None))
