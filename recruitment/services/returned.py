"""Tasks about addresses that do not work: the outbox lies below the worklist and opens none itself."""

import datetime as dt

from django.utils.timezone import localdate

from accounts.models import Programme
from core.danish import add_working_days
from messaging.kinds import kind_label
from messaging.models import OutboundMessage
from recruitment.queries.returned import returned_without_task, tasks_of_mended
from worklist.enums import TaskKind
from worklist.services import TaskAlreadyClosed, complete_task, open_task


def open_tasks_for_dead_addresses(*, programme: Programme, now: dt.datetime) -> int:
    """Ask, once for each return, for an address that works; return how many messages had come back.

    Runs inside the programme's scope and is safe to run twice and at once.
    """
    messages = list(returned_without_task())
    for message in messages:
        open_task(
            programme=programme,
            kind=TaskKind.ADDRESS_DEAD,
            participant=message.participant,
            referrer=message.referrer,
            message=message if message.user else None,
            why=_why(message),
            due_on=add_working_days(localdate(now), 1),
            now=now,
        )
    return len(messages)


def _why(message: OutboundMessage) -> str:
    came_back = f"{kind_label(message.kind)} kom retur."
    if message.user:  # signs in with that address: nobody but the mailbox can be put right here
        return (
            f"{came_back} Tal med {message.user} om postkassen, og prøv beskeden igen, når den virker. "
            "Indtil da sender vi intet dertil."
        )
    return f"{came_back} Ring, og ret adressen. Indtil da skriver vi ikke til den."


def close_tasks_of_mended(*, now: dt.datetime) -> int:
    """Close the tasks whose person has an address that works, or none at all; return how many.

    Runs inside the programme's scope.
    """
    closed = 0
    for task in tasks_of_mended():
        try:
            complete_task(task=task, by=None, now=now)
        except TaskAlreadyClosed:  # somebody ticked it off in this very moment
            continue
        closed += 1
    return closed
