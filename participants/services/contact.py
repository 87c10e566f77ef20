"""Attempts to reach a person, and what follows from each."""

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from core.danish import add_working_days
from participants.enums import ContactMethod, ContactOutcome, Stage
from participants.models import ContactAttempt, Participant
from participants.services.path import change_stage
from worklist.enums import TaskKind
from worklist.models import Task
from worklist.services import close_tasks, open_task, postpone_task

# When to try again, in working days: another hour of another day reaches more people.
TRY_AGAIN_DAYS = {
    ContactOutcome.NO_ANSWER: 1,
    ContactOutcome.LEFT_MESSAGE: 2,
    ContactOutcome.CALL_BACK: 1,
    ContactOutcome.WRONG_NUMBER: 1,
}
TRY_AGAIN_WHY = {
    ContactOutcome.NO_ANSWER: "Intet svar sidst. Prøv igen.",
    ContactOutcome.LEFT_MESSAGE: "Der er lagt besked. Prøv igen, hvis personen ikke ringer.",
    ContactOutcome.CALL_BACK: "I har aftalt, at du ringer igen.",
    ContactOutcome.WRONG_NUMBER: "Nummeret er forkert. Find det rigtige nummer hos henviseren.",
}
# Nobody rings the same person twice within a minute and gets the same answer: it is a second click.
SAME_ATTEMPT = dt.timedelta(minutes=1)
BEFORE_CONVERSATION = (Stage.RECEIVED, Stage.CONTACTING)


@transaction.atomic
def record_contact_attempt(
    *,
    participant: Participant,
    method: ContactMethod,
    outcome: ContactOutcome,
    note: str = "",
    by: User | None,
    now: dt.datetime,
) -> ContactAttempt:
    """Keep the attempt and what follows from it.

    Reached: the call task is done, and someone not yet spoken with moves to *conversation*. Not reached:
    *received* moves to *contacting*, and the call task stands again after `TRY_AGAIN_DAYS`. The same
    attempt within `SAME_ATTEMPT` returns the one that is kept and changes nothing.
    """
    locked: Participant = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    same = _same_attempt(locked, method, outcome, by, now)
    if same is not None and same.note == note:
        return same
    attempt: ContactAttempt = ContactAttempt.objects.create(
        programme_id=locked.programme_id,
        participant=locked,
        method=method,
        outcome=outcome,
        note=note,
        at=now,
        by=by,
    )
    if outcome == ContactOutcome.REACHED:
        close_tasks(kind=TaskKind.CALL, participant=locked, by=by, now=now)
        if locked.stage in BEFORE_CONVERSATION:
            change_stage(participant=locked, to_stage=Stage.CONVERSATION, by=by, now=now)
    elif locked.stage != Stage.CLOSED:
        if locked.stage == Stage.RECEIVED:
            change_stage(participant=locked, to_stage=Stage.CONTACTING, by=by, now=now)
        _try_again(locked, outcome, by, now)
    participant.refresh_from_db()
    return attempt


def _same_attempt(
    participant: Participant,
    method: ContactMethod,
    outcome: ContactOutcome,
    by: User | None,
    now: dt.datetime,
) -> ContactAttempt | None:
    """Return the newest attempt of the last minute that is alike in all but its note."""
    recent = ContactAttempt.objects.filter(participant=participant, at__gt=now - SAME_ATTEMPT)
    found: ContactAttempt | None = recent.filter(method=method, outcome=outcome, by=by).last()
    return found


def _try_again(participant: Participant, outcome: ContactOutcome, by: User | None, now: dt.datetime) -> None:
    due_on = add_working_days(localdate(now), TRY_AGAIN_DAYS[outcome])
    task: Task = open_task(
        programme=participant.programme,
        kind=TaskKind.CALL,
        participant=participant,
        why=TRY_AGAIN_WHY[outcome],
        due_on=due_on,
        by=by,
        now=now,
    )
    if task.due_on != due_on:  # it was due today or earlier, and today's call has been made
        postpone_task(task=task, due_on=due_on, by=by, now=now)
