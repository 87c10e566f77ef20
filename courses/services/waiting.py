"""The waiting list of a full cohort."""

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from core.danish import add_working_days
from courses.enums import EnrolmentState
from courses.models import Cohort, Enrolment
from courses.services.locks import lock_cohort, lock_enrolment, lock_participant, seats_taken
from courses.services.refusals import AlreadyPlaced, CohortOver, EndingNotPossible, NotReady, SeatFree
from courses.services.states import new_enrolment, set_state
from participants.enums import Stage
from participants.models import Participant
from worklist.enums import TaskKind
from worklist.services import open_task

# A seat that came free is offered the next working day, so that it is filled before the next session.
OFFER_WITHIN_DAYS = 1


@transaction.atomic
def put_on_waiting_list(
    *, cohort: Cohort, participant: Participant, by: User | None, now: dt.datetime
) -> Enrolment:
    """Return the person's place at the end of the list; one who waits already keeps theirs.

    :raises CohortOver: when the cohort has ended or was cancelled.
    :raises AlreadyPlaced: when the person has a seat somewhere.
    :raises NotReady: when the person is not at the stage *ready*.
    :raises SeatFree: when there is a seat that nobody ahead of the person waits for.
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
    existing: Enrolment | None = Enrolment.objects.filter(cohort=locked, participant=person).first()
    if existing is not None and existing.state == EnrolmentState.WAITING:
        return existing
    if seats_taken(locked) + Enrolment.objects.filter(cohort=locked).waiting().count() < locked.capacity:
        raise SeatFree(locked)
    return set_state(existing or new_enrolment(locked, person, now), EnrolmentState.WAITING, by, now)


@transaction.atomic
def leave_waiting_list(*, enrolment: Enrolment, by: User | None, now: dt.datetime) -> Enrolment:
    """Take the person off the list; the path stands where it stood. Safe to run twice.

    :raises EndingNotPossible: when the person has, or had, a seat.
    """
    locked = lock_enrolment(enrolment)
    if locked.state == EnrolmentState.DECLINED:
        return locked
    if locked.state != EnrolmentState.WAITING:
        raise EndingNotPossible(locked)
    set_state(locked, EnrolmentState.DECLINED, by, now)
    propose_to_waiting(locked.cohort, by=by, now=now)
    return locked


def propose_to_waiting(*cohorts: Cohort, by: User | None, now: dt.datetime) -> int:
    """Open a task for as many of the first who wait as there are free seats; nobody is placed by itself.

    The caller holds the cohorts' locks. Safe to run twice: a task has each reason once. Return how many.
    """
    proposed = [enrolment for cohort in cohorts for enrolment in _first_who_wait(cohort, localdate(now))]
    for enrolment in sorted(proposed, key=lambda enrolment: enrolment.participant_id):
        open_task(
            programme=enrolment.cohort.programme,
            kind=TaskKind.PLACE,
            participant=enrolment.participant,
            why=f"Der er en ledig plads på {enrolment.cohort.name}. Ring og tilbyd den.",
            due_on=add_working_days(localdate(now), OFFER_WITHIN_DAYS),
            by=by,
            now=now,
        )
    return len(proposed)


def _first_who_wait(cohort: Cohort, today: dt.date) -> list[Enrolment]:
    """Return as many of the waiting list as there are free seats."""
    if cohort.is_over(today):
        return []
    free = max(cohort.capacity - seats_taken(cohort), 0)
    waiting = Enrolment.objects.filter(cohort=cohort).waiting().select_related("participant")
    first = list(waiting[:free])
    for enrolment in first:
        enrolment.cohort = cohort
    return first
