"""A referrer's own choices: reminders not for a while, not at all, or again; and what news to hear."""

import calendar
import datetime as dt

from django.db import transaction

from outreach.models import NEWS_SWITCHES, Referrer

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


@transaction.atomic
def choose_news(*, referrer: Referrer, wanted: dict[str, bool], now: dt.datetime) -> Referrer:
    """Tell the referrer from now on what they want to hear of those they sent, by the name of its switch.

    :raises KeyError: for a name that is no switch.
    """
    unknown = set(wanted) - set(NEWS_SWITCHES)
    if unknown:
        raise KeyError(*unknown)
    Referrer.objects.filter(pk=referrer.pk).update(**wanted)
    referrer.refresh_from_db()
    return referrer


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
