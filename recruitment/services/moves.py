"""Moves that the coordinator makes by hand, with what they mean for the person's seat."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from courses.enums import EnrolmentState
from courses.models import Enrolment
from courses.services import finish_enrolment, leave_cohorts
from participants.enums import Outcome, Stage
from participants.models import Participant
from participants.services import MoveNotAllowed, change_stage
from participants.transitions import BY_THEMSELVES, is_allowed

HAD_A_SEAT = (Stage.PLACED, Stage.PAUSED)


@transaction.atomic
def move_participant(
    *,
    participant: Participant,
    to_stage: Stage,
    by: User | None,
    now: dt.datetime,
    outcome: Outcome | str = "",
    reason: str = "",
) -> Participant:
    """Move the person as `change_stage` does, and let go of the seat where the move means so.

    Closing ends every place in a cohort; going back to *ready* frees the seat; *completed* finishes it.

    :raises MoveNotAllowed: when the table does not have the move, or it follows from a seat or attendance.
    :raises OutcomeMissing: when closing without an outcome, or giving one without closing.
    """
    from_stage = Stage(Participant.objects.values_list("stage", flat=True).get(pk=participant.pk))
    to_stage = Stage(to_stage)
    if (from_stage, to_stage) in BY_THEMSELVES:
        raise MoveNotAllowed(from_stage, to_stage)
    if is_allowed(from_stage, to_stage):
        _let_go(participant, from_stage, to_stage, by, now)
    moved = change_stage(
        participant=participant, to_stage=to_stage, by=by, now=now, outcome=outcome, reason=reason
    )
    if to_stage == Stage.CLOSED and Enrolment.objects.filter(participant=participant).current().exists():
        raise MoveNotAllowed(Stage.PLACED, to_stage)  # a colleague gave them a seat at this very moment
    return moved


def _let_go(
    participant: Participant, from_stage: Stage, to_stage: Stage, by: User | None, now: dt.datetime
) -> None:
    """End the places first: cohorts are locked before people, here as everywhere."""
    if to_stage == Stage.CLOSED or (to_stage == Stage.READY and from_stage in HAD_A_SEAT):
        leave_cohorts(participant=participant, by=by, now=now)
    if to_stage == Stage.COMPLETED:
        started = Enrolment.objects.filter(participant=participant, state=EnrolmentState.STARTED).first()
        if started is not None:
            finish_enrolment(enrolment=started, completed=True, by=by, now=now)
