"""Retention: the text of a message is kept no longer than the programme has decided."""

import datetime as dt

from django.db.models.functions import Coalesce

from accounts.models import Programme
from messaging.enums import MessageState
from messaging.models import OutboundMessage
from messaging.services.delivery import NO_TEXT


def forget_old_texts(*, programme: Programme, now: dt.datetime) -> int:
    """Delete address, subject and text of messages that were sent, or tried, too long ago; return how many.

    That a message was sent, to whom and when, stays. Runs inside the programme's scope.
    """
    limit = now - dt.timedelta(days=programme.message_retention_days)
    forgotten: int = (
        OutboundMessage.objects.exclude(state__in=[MessageState.PLANNED, MessageState.CLAIMED])
        .filter(body__isnull=False)
        .annotate(tried_at=Coalesce("sent_at", "claimed_at"))
        .filter(tried_at__lt=limit)
        .update(**NO_TEXT)
    )
    return forgotten
