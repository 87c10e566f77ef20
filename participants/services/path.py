"""Moves on the path: the only writer of a participant's stage."""

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from core.danish import add_working_days
from participants.enums import Outcome, Stage
from participants.models import Participant, StageChange
from participants.transitions import is_allowed
from worklist.enums import TaskKind
from worklist.services import close_tasks, drop_tasks, open_task

# A person who is ready for a cohort is looked at again within a working week.
PLACE_WITHIN_DAYS = 5


class MoveNotAllowed(Exception):
    """The table in transitions.py does not have this move."""

    def __init__(self, from_stage: Stage, to_stage: Stage) -> None:
        super().__init__(f"{from_stage} → {to_stage}")
        self.from_stage = from_stage
        self.to_stage = to_stage


class OutcomeMissing(Exception):
    """A path closes with an outcome, and no other move carries one."""


@transaction.atomic
def change_stage(
    *,
    participant: Participant,
    to_stage: Stage,
    by: User | None,
    now: dt.datetime,
    outcome: Outcome | str = "",
    reason: str = "",
) -> Participant:
    """Move the participant; a move to where they stand already changes nothing and is no error.

    Keeps the tasks true: ready opens "Find plads", taking a closed path up again opens "Ring", a closed
    path sets its open tasks aside.

    :raises MoveNotAllowed: when the table does not have the move.
    :raises OutcomeMissing: when closing without an outcome, or giving one without closing.
    """
    to_stage = Stage(to_stage)
    locked: Participant = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    from_stage = Stage(locked.stage)
    if from_stage != to_stage:
        if not is_allowed(from_stage, to_stage):
            raise MoveNotAllowed(from_stage, to_stage)
        if (to_stage == Stage.CLOSED) != bool(outcome):
            raise OutcomeMissing
        locked.stage = to_stage
        locked.outcome = Outcome(outcome) if outcome else ""
        locked.stage_changed_at = now
        locked.save(update_fields=["stage", "outcome", "stage_changed_at"])
        StageChange.objects.create(
            programme_id=locked.programme_id,
            participant=locked,
            from_stage=from_stage,
            to_stage=to_stage,
            outcome=locked.outcome,
            reason=reason,
            at=now,
            by=by,
        )
        _keep_tasks_true(locked, from_stage, by, now)
    participant.stage = locked.stage
    participant.outcome = locked.outcome
    participant.stage_changed_at = locked.stage_changed_at
    return locked


def _keep_tasks_true(participant: Participant, from_stage: Stage, by: User | None, now: dt.datetime) -> None:
    stage = Stage(participant.stage)
    if stage == Stage.CLOSED:
        drop_tasks(participant=participant, by=by, now=now)
        return
    if stage in (Stage.CONVERSATION, Stage.READY):
        close_tasks(kind=TaskKind.CALL, participant=participant, by=by, now=now)
    if from_stage == Stage.CLOSED and stage == Stage.CONTACTING:
        due_on = participant.programme.call_by(localdate(now))
        _open(participant, TaskKind.CALL, "Forløbet er taget op igen.", due_on, by, now)
    if stage == Stage.READY:
        due_on = add_working_days(localdate(now), PLACE_WITHIN_DAYS)
        _open(participant, TaskKind.PLACE, "Klar til et hold.", due_on, by, now)
    else:
        close_tasks(kind=TaskKind.PLACE, participant=participant, by=by, now=now)


def _open(
    participant: Participant, kind: TaskKind, why: str, due_on: dt.date, by: User | None, now: dt.datetime
) -> None:
    open_task(
        programme=participant.programme,
        kind=kind,
        participant=participant,
        why=why,
        due_on=due_on,
        by=by,
        now=now,
    )
