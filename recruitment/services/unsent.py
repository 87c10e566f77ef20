"""Tasks about messages that did not get out: the outbox lies below the worklist and opens none itself."""

import datetime as dt

from django.utils.timezone import localdate

from accounts.models import Programme
from core.danish import add_working_days
from messaging.kinds import kind_label
from recruitment.queries.unsent import TASK_OF_STATE, messages_without_task, tasks_of_settled_messages
from worklist.services import TaskAlreadyClosed, complete_task, open_task


def open_tasks_for_unsent(*, programme: Programme, now: dt.datetime) -> int:
    """Ask, once for each try, about each failed or uncertain message; return how many were asked about.

    Runs inside the programme's scope and is safe to run twice and at once.
    """
    messages = list(messages_without_task())
    for message in messages:
        recipient = message.recipient
        open_task(
            programme=programme,
            kind=TASK_OF_STATE[message.state],
            message=message,
            why=f"{kind_label(message.kind)} til {recipient}. {message.fault}",
            due_on=add_working_days(localdate(now), 0),
            now=now,
        )
    return len(messages)


def close_tasks_of_settled(*, now: dt.datetime) -> int:
    """Close the tasks whose message was sent, confirmed or planned again; return how many.

    Runs inside the programme's scope.
    """
    closed = 0
    for task in tasks_of_settled_messages():
        try:
            complete_task(task=task, by=None, now=now)
        except TaskAlreadyClosed:  # somebody ticked it off in this very moment
            continue
        closed += 1
    return closed
