"""Who is away, and when nobody calls."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import Membership, Programme, User
from worklist.models import Task

# So long before the first day the desk tells of it.
TOLD_BEFORE = dt.timedelta(days=14)


@dataclass(frozen=True)
class Absences:
    """What the desk tells of the days to come.

    `holiday` is the programme's, under way or soon; `call_by` the day that somebody who writes to us today
    is promised. `mine` is my own time away, `standing_in` those I stand in for, `others` the rest.
    """

    holiday: tuple[dt.date, dt.date] | None
    call_by: dt.date
    mine: Membership | None
    standing_in: list[Membership]
    others: list[Membership]

    @property
    def any(self) -> bool:
        return bool(self.holiday or self.mine or self.standing_in or self.others)


def absences(programme: Programme, user: User, today: dt.date) -> Absences:
    """Return who is away and who stands in, from two weeks before to the last day; one query."""
    soon = today + TOLD_BEFORE
    away = list(
        Membership.objects.at_work()
        .filter(Q(programme=programme), away_from__lte=soon, away_until__gte=today)
        .exclude(deputy=None)
        .select_related("user", "deputy")
        .order_by("away_from", "pk")
    )
    holiday = programme.holiday
    told = holiday is not None and holiday[0] <= soon and holiday[1] >= today
    return Absences(
        holiday=holiday if told else None,
        call_by=programme.call_by(today),
        mine=next((one for one in away if one.user_id == user.pk), None),
        standing_in=[one for one in away if one.deputy_id == user.pk],
        others=[one for one in away if user.pk not in (one.user_id, one.deputy_id)],
    )


def tasks_due_within(days: tuple[dt.date, dt.date] | None) -> int:
    """Return how many open tasks have their day in the holiday: they were promised before it was set."""
    if days is None:
        return 0
    return int(Task.objects.open().filter(due_on__range=days).count())
