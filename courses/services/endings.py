"""How a place ends: for one person, and for a whole cohort in one go."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from courses.enums import ENDINGS_NOT_STARTED, NOT_STARTED, Ending, EnrolmentState
from courses.models import Cohort, Enrolment
from courses.queries import is_finishable
from courses.services.locks import lock_cohort, lock_enrolment, lock_enrolments
from courses.services.refusals import (
    CohortNotOver,
    EndingMissing,
    EndingNotPossible,
    NotOnCohort,
)
from courses.services.seats import free_unused_seat
from courses.services.states import set_state
from courses.services.waiting import propose_to_waiting
from participants.enums import Outcome, Stage
from participants.services import change_stage
from worklist.enums import TaskKind
from worklist.services import open_task

_OUTCOMES = {
    Ending.STOPPED_ILLNESS: Outcome.STOPPED_ILLNESS,
    Ending.STOPPED_WORK: Outcome.STOPPED_WORK,
    Ending.STOPPED_OTHER: Outcome.STOPPED_OTHER,
}
# The state in which each ending leaves the place.
_END_STATES = {
    Ending.COMPLETED: EnrolmentState.COMPLETED,
    Ending.PAUSED: EnrolmentState.STOPPED,
    Ending.STOPPED_ILLNESS: EnrolmentState.STOPPED,
    Ending.STOPPED_WORK: EnrolmentState.STOPPED,
    Ending.STOPPED_OTHER: EnrolmentState.STOPPED,
    Ending.READY: EnrolmentState.DECLINED,
    Ending.DECLINED: EnrolmentState.DECLINED,
}
# The moves that lead to *completed*; somebody on a pause completes by way of *active*.
_TO_COMPLETED: dict[str, tuple[Stage, ...]] = {
    Stage.PLACED: (Stage.ACTIVE, Stage.COMPLETED),
    Stage.ACTIVE: (Stage.COMPLETED,),
    Stage.PAUSED: (Stage.ACTIVE, Stage.COMPLETED),
}


@transaction.atomic
def finish_enrolment(
    *, enrolment: Enrolment, completed: bool, by: User | None, now: dt.datetime
) -> Enrolment:
    """End a started place: the person has completed, or stopped here and pauses until they are called.

    Safe to run twice.

    :raises EndingNotPossible: when the place was never started or has ended otherwise.
    """
    ending = Ending.COMPLETED if completed else Ending.PAUSED
    return end_enrolment(enrolment=enrolment, ending=ending, by=by, now=now)


@transaction.atomic
def end_enrolment(*, enrolment: Enrolment, ending: Ending, by: User | None, now: dt.datetime) -> Enrolment:
    """End the place as the coordinator says; a seat that comes free is proposed to the first who waits.

    Completed: the person moves to *completed*. Paused: to *paused*, with a task to call them. Stopped:
    the path closes with that outcome. Never came: back to *ready*, or closed as *declined*. Safe to run
    twice.

    :raises EndingNotPossible: when the ending does not suit the place, or it has ended otherwise.
    """
    locked = lock_enrolment(enrolment)
    if locked.state == _END_STATES[ending]:
        return locked
    _end(locked, ending, by, now)
    propose_to_waiting(locked.cohort, by=by, now=now)
    return locked


@transaction.atomic
def finish_cohort(*, cohort: Cohort, endings: Mapping[int, Ending], by: User | None, now: dt.datetime) -> int:
    """End every place of a cohort that is over, by the id of each enrolment, all or none.

    What is left of the waiting list ends too. Safe to run twice. Return how many places ended.

    :raises CohortNotOver: when there are sessions to come.
    :raises NotOnCohort: when an id is not an enrolment of the cohort.
    :raises EndingMissing: when somebody with a place is left out.
    :raises EndingNotPossible: when an ending does not suit a place.
    """
    locked_cohort = lock_cohort(cohort.pk)
    if not is_finishable(locked_cohort, now):
        raise CohortNotOver(locked_cohort)
    places = lock_enrolments(locked_cohort)
    if set(endings) - set(places):
        raise NotOnCohort
    current = [place for place in places.values() if place.is_current]
    if {place.pk for place in current} - set(endings):
        raise EndingMissing
    for place in current:
        _end(place, endings[place.pk], by, now)
    for place in places.values():
        if place.state == EnrolmentState.WAITING:
            set_state(place, EnrolmentState.DECLINED, by, now)
    return len(current)


def _end(locked: Enrolment, ending: Ending, by: User | None, now: dt.datetime) -> None:
    if ending in ENDINGS_NOT_STARTED:
        if locked.state not in NOT_STARTED:
            raise EndingNotPossible(locked)
        free_unused_seat(locked, by, now, declined=ending == Ending.DECLINED)
        return
    if locked.state != EnrolmentState.STARTED:
        raise EndingNotPossible(locked)
    set_state(locked, _END_STATES[ending], by, now)
    if ending == Ending.COMPLETED:
        for stage in _TO_COMPLETED.get(locked.participant.stage, ()):
            change_stage(participant=locked.participant, to_stage=stage, by=by, now=now)
    elif ending == Ending.PAUSED:
        pause_and_call(locked, f"Stoppede på {locked.cohort.name}. Hør, hvad der skal ske nu.", by, now)
    elif locked.participant.stage != Stage.CLOSED:
        change_stage(
            participant=locked.participant, to_stage=Stage.CLOSED, outcome=_OUTCOMES[ending], by=by, now=now
        )


def pause_and_call(locked: Enrolment, why: str, by: User | None, now: dt.datetime) -> None:
    """Move an active person to *paused* and open the task to call them, so that nobody is lost."""
    person = locked.participant
    if person.stage == Stage.ACTIVE:
        change_stage(participant=person, to_stage=Stage.PAUSED, by=by, now=now)
    if person.stage == Stage.PAUSED:
        open_task(
            programme=locked.cohort.programme,
            kind=TaskKind.CALL,
            participant=person,
            why=why,
            due_on=locked.cohort.programme.call_by(localdate(now)),
            by=by,
            now=now,
        )
