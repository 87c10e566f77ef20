"""Giving a seat and giving it up."""

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from courses.enums import CURRENT, NOT_STARTED, EnrolmentState
from courses.models import Cohort, Enrolment
from courses.services.locks import (
    lock_cohort,
    lock_enrolment,
    lock_enrolments_of,
    lock_participant,
    seats_taken,
)
from courses.services.refusals import AlreadyPlaced, CohortFull, CohortOver, EndingNotPossible, NotReady
from courses.services.states import new_enrolment, set_state
from courses.services.waiting import propose_to_waiting
from participants.enums import Outcome, Stage
from participants.models import Participant
from participants.services import change_stage


@transaction.atomic
def place_participant(
    *, cohort: Cohort, participant: Participant, by: User | None, now: dt.datetime
) -> Enrolment:
    """Give the person a seat and move them from *ready* to *placed*; their task "Find plads" is done.

    The last seat goes to exactly one of those who want it at the same moment. Places on other waiting
    lists end, since the person waits no more.

    :raises CohortOver: when the cohort has ended or was cancelled.
    :raises AlreadyPlaced: when the person has a seat here or elsewhere.
    :raises NotReady: when the person is not at the stage *ready*.
    :raises CohortFull: when every seat is taken.
    """
    locked = lock_cohort(cohort.pk)
    if locked.is_over(localdate(now)):
        raise CohortOver(locked)
    person = lock_participant(participant.pk)
    current = (
        Enrolment.objects.select_related("cohort", "participant").filter(participant=person).current().first()
    )
    if current is not None:
        raise AlreadyPlaced(current)
    if person.stage != Stage.READY:
        raise NotReady(person)
    if seats_taken(locked) >= locked.capacity:
        raise CohortFull(locked)
    existing: Enrolment | None = Enrolment.objects.filter(cohort=locked, participant=person).first()
    enrolment = existing or new_enrolment(locked, person, now)
    enrolment.started_at = enrolment.completed_at = None
    set_state(enrolment, EnrolmentState.ENROLLED, by, now)
    for wait in Enrolment.objects.filter(participant=person, state=EnrolmentState.WAITING):
        set_state(wait, EnrolmentState.DECLINED, by, now)
    change_stage(participant=person, to_stage=Stage.PLACED, by=by, now=now)
    return enrolment


@transaction.atomic
def release_seat(
    *, enrolment: Enrolment, by: User | None, now: dt.datetime, declined: bool = False
) -> Enrolment:
    """Free a seat that was never used; the first who waits is proposed by a task.

    The person is ready for another cohort, or, with `declined`, said no to it all and their path ends.
    Safe to run twice.

    :raises EndingNotPossible: when the person has started, or has no seat.
    """
    locked = lock_enrolment(enrolment)
    if locked.state == EnrolmentState.DECLINED:
        return locked
    if locked.state not in NOT_STARTED:
        raise EndingNotPossible(locked)
    free_unused_seat(locked, by, now, declined=declined)
    propose_to_waiting(locked.cohort, by=by, now=now)
    return locked


def free_unused_seat(locked: Enrolment, by: User | None, now: dt.datetime, *, declined: bool) -> None:
    """Write what `release_seat` promises, but propose nobody; the caller holds the locks."""
    set_state(locked, EnrolmentState.DECLINED, by, now)
    person = locked.participant
    if declined and person.stage != Stage.CLOSED:
        change_stage(participant=person, to_stage=Stage.CLOSED, outcome=Outcome.DECLINED, by=by, now=now)
    elif not declined and person.stage == Stage.PLACED:
        change_stage(participant=person, to_stage=Stage.READY, by=by, now=now)


@transaction.atomic
def leave_cohorts(*, participant: Participant, by: User | None, now: dt.datetime) -> int:
    """End every seat and wait of a person whose path goes another way; the stage is the caller's to move.

    A seat never used ends as *declined*, a started one as *stopped*. Those who wait for the seats are
    proposed. Safe to run twice. Return how many places ended.
    """
    places = lock_enrolments_of(participant, [*CURRENT, EnrolmentState.WAITING])
    for place in places:
        started = place.state == EnrolmentState.STARTED
        set_state(place, EnrolmentState.STOPPED if started else EnrolmentState.DECLINED, by, now)
    propose_to_waiting(*[place.cohort for place in places], by=by, now=now)
    return len(places)
