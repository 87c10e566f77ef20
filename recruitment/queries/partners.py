"""Partners and what came of them; figures about the work, exact, and no person's name but the referrer's."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Max, Prefetch, QuerySet

from outreach.models import Organisation, Referrer


def partners() -> QuerySet[Organisation]:
    """Return organisations by name, each with `referrals_total`, `last_referral_at` and its referrers."""
    rows: QuerySet[Organisation] = (
        Organisation.objects.annotate(
            referrals_total=Count("referrers__referrals"),
            last_referral_at=Max("referrers__referrals__received_at"),
        )
        .prefetch_related(Prefetch("referrers", referrers()))
        .order_by("name_key", "pk")
    )
    return rows


def referrers() -> QuerySet[Referrer]:
    """Return referrers by name, those who have left last, each with `referrals_total` and who took over."""
    rows: QuerySet[Referrer] = (
        Referrer.objects.select_related("successor")
        .annotate(referrals_total=Count("referrals"))
        .order_by("left_on", "name_key", "pk")
    )
    return rows


def referrers_without_organisation() -> QuerySet[Referrer]:
    """Return those whose workplace we do not know."""
    return referrers().filter(organisation=None)


@dataclass(frozen=True)
class ReminderState:
    """Whether reminders reach a referrer, in words and as the kind of badge that shows it."""

    text: str
    badge: str


def reminder_state(referrer: Referrer, *, now: dt.datetime) -> ReminderState:
    """Return why or why not a reminder may reach the referrer at `now`."""
    if referrer.left_on is not None:
        return ReminderState("Stoppet i jobbet", "neutral")
    if not referrer.email_hash:
        return ReminderState("Ingen e-mail", "warning")
    if referrer.stopped_at is not None:
        return ReminderState("Har sagt nej til påmindelser", "neutral")
    if referrer.paused_until is not None and referrer.paused_until > now:
        return ReminderState("Holder pause", "info")
    return ReminderState("Får påmindelser", "success")
