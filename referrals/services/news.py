"""News: what has happened to those a referrer sent, in one mail a day to whoever follows them now."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localdate
from django_scopes import scope

from accounts.models import Programme
from core.danish import COPENHAGEN
from messaging.enums import MessageState
from messaging.models import OutboundMessage
from messaging.services import plan_message
from outreach.models import Referrer
from outreach.queries import recipients_of
from referrals.enums import MessageKind
from referrals.news import fresh_news, news_to_tell


def plan_referrer_news(*, now: dt.datetime) -> int:
    """Plan one mail to each referrer of each programme who is to hear something; return how many are due.

    However many run at once, a referrer gets one a day: its key is the referrer and the day. What it tells
    is read when it is sent. While one waits to be sent no other is planned, for the first tells it all; a
    day on which nobody planned is made up for by the next.
    """
    planned = 0
    for programme in Programme.objects.order_by("pk"):
        with scope(programme=programme):
            for referrer in _due(now):
                plan_message(
                    programme=programme,
                    kind=MessageKind.REFERRER_NEWS,
                    unique_key=f"news:{referrer.pk}:{localdate(now):%Y-%m-%d}",
                    referrer=referrer,
                    now=now,
                )
                planned += 1
    return planned


def _due(now: dt.datetime) -> list[Referrer]:
    """Return who follows something there is news of, and is to hear it now."""
    midnight = dt.datetime.combine(localdate(now), dt.time.min, tzinfo=COPENHAGEN)
    news = OutboundMessage.objects.filter(referrer=OuterRef("pk"), kind=MessageKind.REFERRER_NEWS)
    under_way = Q(state__in=[MessageState.PLANNED, MessageState.CLAIMED]) | Q(claimed_at__gte=midnight)
    senders = fresh_news(now).values_list("referrer_id", flat=True).distinct()
    readers = {reader.pk for reader in recipients_of(senders).values()}
    return list(
        Referrer.objects.with_live_address()
        .filter(
            Exists(news_to_tell(now, OuterRef("pk"))),
            ~Exists(news.filter(under_way)),
            pk__in=readers,
            left_on=None,
        )
        .order_by("pk")
    )
