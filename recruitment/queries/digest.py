"""The week in figures: what a mail may tell of it."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.utils.timezone import localdate

from accounts.models import Membership, Programme, User
from recruitment.queries.week import WeekTask, week_plan
from worklist.enums import TaskKind


@dataclass(frozen=True)
class WeekDigest:
    """Tasks counted: `due` this week, `overdue` among them, by kind, and those there is no time for.

    `stands_in` says whether the reader gets it for a colleague who is away.
    """

    week: int
    due: int
    overdue: int
    kinds: list[tuple[str, int]]
    left_over: int
    stands_in: bool


def week_digest(programme: Programme, reader: User, now: dt.datetime) -> WeekDigest:
    """Return the figures of the week in which `now` lies; a fixed number of queries."""
    today = localdate(now)
    plan = week_plan(programme, now)
    tasks: list[WeekTask] = [*plan.planned, *plan.left_over]
    counted = Counter(task.line.task.kind for task in tasks)
    away = Membership.objects.stood_in_for(today).filter(
        programme=programme, deputy=reader, digest_since__isnull=False
    )
    return WeekDigest(
        week=plan.monday.isocalendar().week,
        due=len(tasks),
        overdue=sum(task.line.task.due_on < today for task in tasks),
        kinds=[(str(TaskKind(kind).label), number) for kind, number in counted.most_common()],
        left_over=len(plan.left_over),
        stands_in=away.exists(),
    )
