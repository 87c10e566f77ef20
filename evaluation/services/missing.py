"""Measures that are missing: the task that asks for them, and why one never came."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from evaluation.enums import MissingReasonKind, Occasion
from evaluation.models import MissingReason, Response
from evaluation.services.invitations import AlreadyAnswered, lock_participant
from evaluation.services.responses import MEASURE_TASKS
from participants.models import Participant
from worklist.models import Task
from worklist.services import close_tasks, open_task

_WHY_MISSING = {
    Occasion.BEFORE: "Skemaet før forløbet er ikke udfyldt.",
    Occasion.AFTER: "Skemaet efter forløbet er ikke udfyldt.",
}


@transaction.atomic
def note_missing_reason(
    *,
    participant: Participant,
    occasion: Occasion,
    reason: MissingReasonKind,
    by: User | None,
    now: dt.datetime,
) -> MissingReason:
    """Note why there is no complete measure and set its task aside; a later note replaces the first.

    :raises AlreadyAnswered: when the measure is there and complete.
    """
    locked = lock_participant(participant.pk)
    if Response.objects.complete().filter(participant=locked, occasion=occasion).exists():
        raise AlreadyAnswered
    noted: MissingReason
    noted, _ = MissingReason.objects.update_or_create(
        programme_id=locked.programme_id,
        participant=locked,
        occasion=occasion,
        defaults={"reason": MissingReasonKind(reason), "noted_at": now, "noted_by": by},
    )
    if occasion in MEASURE_TASKS:
        close_tasks(kind=MEASURE_TASKS[occasion], participant=locked, by=by, now=now)
    return noted


@transaction.atomic
def open_measure_task(
    *, participant: Participant, occasion: Occasion, due_on: dt.date, now: dt.datetime
) -> Task | None:
    """Open the task that asks for a measure; None when an answer or a reason came in the meantime."""
    locked = lock_participant(participant.pk)
    answered = Response.objects.filter(participant=locked, occasion=occasion).exists()
    if answered or MissingReason.objects.filter(participant=locked, occasion=occasion).exists():
        return None
    return open_task(
        programme=locked.programme,
        kind=MEASURE_TASKS[occasion],
        participant=locked,
        why=_WHY_MISSING[occasion],
        due_on=due_on,
        now=now,
    )
