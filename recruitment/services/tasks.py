"""Closing a task from the list, and with it the plan that it stands for."""

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from outreach.enums import ActivityState
from outreach.services import (
    ActivityAlreadyClosed,
    complete_activity,
    drop_activity,
    update_activity,
)
from worklist.models import Task
from worklist.services import TaskAlreadyClosed, complete_task, dismiss_task, postpone_task


@transaction.atomic
def finish_task(*, task: Task, by: User | None, now: dt.datetime) -> Task:
    """Mark the task as done; an activity that was planned is then done today, in the minutes planned.

    :raises TaskAlreadyClosed: when it is closed already.
    """
    if task.activity is None or task.activity.state != ActivityState.PLANNED:
        return complete_task(task=task, by=by, now=now)
    try:
        complete_activity(activity=task.activity, held_on=localdate(now), by=by, now=now)
    except ActivityAlreadyClosed as error:  # dropped in this moment
        raise TaskAlreadyClosed from error
    task.refresh_from_db()
    return task


@transaction.atomic
def set_task_aside(*, task: Task, by: User | None, now: dt.datetime) -> Task:
    """Set the task aside; an activity that was planned is then dropped.

    :raises TaskAlreadyClosed: when it is closed already.
    """
    if task.activity is None or task.activity.state != ActivityState.PLANNED:
        return dismiss_task(task=task, by=by, now=now)
    try:
        drop_activity(activity=task.activity, by=by, now=now)
    except ActivityAlreadyClosed as error:  # done in this moment
        raise TaskAlreadyClosed from error
    task.refresh_from_db()
    return task


@transaction.atomic
def move_task(*, task: Task, due_on: dt.date, by: User | None, now: dt.datetime) -> Task:
    """Move the task to another day; an activity that was planned moves with it.

    :raises TaskAlreadyClosed: when it is closed already.
    """
    if task.activity is None or task.activity.state != ActivityState.PLANNED:
        return postpone_task(task=task, due_on=due_on, by=by, now=now)
    moved = postpone_task(task=task, due_on=due_on, by=by, now=now)
    update_activity(activity=task.activity, planned_on=due_on, by=by, now=now)
    return moved
