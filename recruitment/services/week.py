"""Making the week fit: what there is no time for waits for the next one."""

import datetime as dt

from django.db import transaction

from accounts.models import Programme, User
from core.danish import add_working_days
from recruitment.queries.week import week_plan
from recruitment.services.tasks import move_task
from worklist.services import TaskAlreadyClosed


@transaction.atomic
def postpone_what_does_not_fit(*, programme: Programme, by: User | None, now: dt.datetime) -> int:
    """Move the tasks that the week has no time for to the first working day after it; return how many.

    A planned activity moves with its task. What a colleague closes meanwhile stays closed. Care is never
    moved. Done twice it moves nothing more, unless the week has filled up since.
    """
    plan = week_plan(programme, now)
    due_on = add_working_days(plan.sunday, 1)
    moved = 0
    for task in sorted(plan.left_over, key=lambda task: task.line.task.pk):
        try:
            move_task(task=task.line.task, due_on=due_on, by=by, now=now)
        except TaskAlreadyClosed:
            continue
        moved += 1
    return moved
