"""The week's overview: planned on the week's first days, once for each reader."""

import datetime as dt

from django.utils.timezone import localdate
from django_scopes import scope

from accounts.models import Membership, Programme, User
from core.lookups import email_hash
from courses.queries import day_starts_at
from messaging.enums import Channel
from messaging.models import DeadAddress
from messaging.services import plan_message
from recruitment.kinds import WEEK_DIGEST

# On Monday at eight; who asks for the mail later gets the next one.
WEEK_BEGINS = dt.timedelta(hours=8)


def plan_week_digests(*, now: dt.datetime) -> int:
    """Plan the week's mail to each who wanted it before the week began, or to who stands in; return how many.

    However many run at once, a reader gets one a week and programme: its key is the reader and the Monday.
    A Monday without a beat is made up for on the days after.
    """
    today = localdate(now)
    monday = today - dt.timedelta(days=today.weekday())
    planned = 0
    for programme in Programme.objects.order_by("pk"):
        with scope(programme=programme):
            for reader in _readers(programme, monday, today):
                plan_message(
                    programme=programme,
                    kind=WEEK_DIGEST,
                    unique_key=f"week-digest:{reader.pk}:{monday:%Y-%m-%d}",
                    user=reader,
                    now=now,
                )
                planned += 1
    return planned


def _readers(programme: Programme, monday: dt.date, today: dt.date) -> list[User]:
    """Return who reads the mail today: for each who wants it they themself, or whoever stands in."""
    wanted = Membership.objects.at_work().filter(
        programme=programme, digest_since__lt=day_starts_at(monday) + WEEK_BEGINS
    )
    away = set(
        Membership.objects.stood_in_for(today).filter(programme=programme).values_list("pk", flat=True)
    )
    readers = {
        member.deputy if member.pk in away else member.user
        for member in wanted.select_related("user", "deputy")
    }
    dead = set(DeadAddress.objects.filter(channel=Channel.EMAIL).values_list("address_hash", flat=True))
    reached = [reader for reader in readers if reader is not None and email_hash(reader.email) not in dead]
    return sorted(reached, key=lambda reader: reader.pk)
