"""A referrer's own choice about reminders: not for a while, not at all, or again."""

import calendar
import datetime as dt

from django.db import transaction

from outreach.models import Referrer

PAUSE_MONTHS = (1, 3, 6)


class PauseNotOffered(ValueError):
    """A pause lasts one of `PAUSE_MONTHS`."""


@transaction.atomic
def pause_reminders(*, referrer: Referrer, months: int, now: dt.datetime) -> Referrer:
    """Send the referrer no reminder for `months` calendar months from `now`.

    :raises PauseNotOffered: for another number than 1, 3 or 6.
    """
    if months not in PAUSE_MONTHS:
        raise PauseNotOffered(months)
    return _choose(referrer, paused_until=_months_later(now, months), stopped_at=None)


@transaction.atomic
def stop_reminders(*, referrer: Referrer, now: dt.datetime) -> Referrer:
    """Send the referrer no reminder any more; the time of the first stop stands."""
    stopped_at = referrer.stopped_at or now
    return _choose(referrer, paused_until=None, stopped_at=stopped_at)


@transaction.atomic
def resume_reminders(*, referrer: Referrer, now: dt.datetime) -> Referrer:
    """Send reminders again, from `now` on."""
    return _choose(referrer, paused_until=None, stopped_at=None)


def _choose(
    referrer: Referrer, *, paused_until: dt.datetime | None, stopped_at: dt.datetime | None
) -> Referrer:
    locked: Referrer = Referrer.objects.select_for_update(no_key=True).get(pk=referrer.pk)
    locked.paused_until = paused_until
    locked.stopped_at = stopped_at
    locked.save(update_fields=["paused_until", "stopped_at"])
    return locked


def _months_later(moment: dt.datetime, months: int) -> dt.datetime:
    """Return the same day `months` later, or the last day of a shorter month."""
    year, month = divmod(moment.month - 1 + months, 12)
    year += moment.year
    last_day = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last_day))
