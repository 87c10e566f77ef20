"""A referrer's own choices: reminders not for a while, not at all, or again; and what news to hear."""

import calendar
import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate

from core.danish import add_working_days
from core.phones import format_phone
from outreach.models import NEWS_SWITCHES, Referrer
from worklist.enums import TaskKind
from worklist.services import open_task

PAUSE_MONTHS = (1, 3, 6)
ASK_WITHIN_DAYS = 5
POINTS_TO_NOBODY = "Skriver: Ikke relevant for mig. Har ikke peget på en anden."


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
    Referrer.objects.filter(pk=referrer.pk).update(not_relevant_at=None)
    return _choose(referrer, paused_until=None, stopped_at=None)


@transaction.atomic
def point_elsewhere(
    *, referrer: Referrer, name: str = "", email: str = "", phone: str = "", now: dt.datetime
) -> Referrer:
    """Leave the referrer in peace, and let a task tell the coordinator whom they would rather ask.

    Nothing is sent to whom they point to; `phone` in E.164 form. Said twice, one task stands.
    """
    locked: Referrer = Referrer.objects.select_for_update(no_key=True).get(pk=referrer.pk)
    locked.not_relevant_at = locked.not_relevant_at or now
    locked.save(update_fields=["not_relevant_at"])
    who = ", ".join(part for part in (name, email, format_phone(phone) if phone else "") if part)
    open_task(
        programme=locked.programme,
        kind=TaskKind.REFERRER_POINTS_ELSEWHERE,
        why=f"Skriver: Ikke relevant for mig. Spørg hellere {who}." if who else POINTS_TO_NOBODY,
        due_on=add_working_days(localdate(now), ASK_WITHIN_DAYS),
        now=now,
        referrer=locked,
    )
    return locked


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
