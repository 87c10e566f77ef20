"""Nudges: a referrer the programme has not heard from for some weeks gets one message worth reading."""

import datetime as dt

from django_scopes import scope

from accounts.models import Programme
from messaging.doorbell import ringing_once
from messaging.services import plan_message
from referrals.enums import MessageKind
from referrals.queries import silent_referrers


def plan_silent_referrer_nudges(*, now: dt.datetime) -> int:
    """Plan one nudge for each silent referrer of each programme that sends nudges; return how many are due.

    However many run at once, a referrer gets one: its key is the moment they fell silent, which moves
    only when they refer or are nudged. Whether it is still wanted is asked again when it is sent.
    """
    planned = 0
    for programme in Programme.objects.filter(nudges_on=True).order_by("pk"):
        with scope(programme=programme), ringing_once():
            for referrer in silent_referrers(programme, now):
                silent_since: dt.datetime = referrer.silent_since  # type: ignore[attr-defined]
                plan_message(
                    programme=programme,
                    kind=MessageKind.SILENT_REFERRER,
                    unique_key=f"silent:{referrer.pk}:{silent_since.astimezone(dt.UTC):%Y%m%dT%H%M%S.%f}",
                    referrer=referrer,
                    now=now,
                )
                planned += 1
    return planned
