"""Making, correcting and cancelling a cohort."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.timezone import localtime

from accounts.models import Programme, User
from core.danish import add_working_days
from courses.enums import NOT_STARTED, EnrolmentState
from courses.models import Cohort, Session, Venue
from courses.schedule import WeeklyPlan
from courses.services.endings import pause_and_call
from courses.services.locks import lock_cohort, lock_enrolments, seats_taken
from courses.services.refusals import (
    CapacityTooSmall,
    CohortTooLong,
    EndsBeforeStart,
    NameTaken,
    NoSessionDays,
    SessionsOutside,
)
from courses.services.seats import free_unused_seat
from courses.services.sessions import add_weekly_sessions
from courses.services.states import set_state
from courses.services.waiting import propose_to_waiting
from participants.enums import Stage
from worklist.enums import TaskKind
from worklist.services import open_task

# Programmes last some weeks to some months; more than a year is a slip in a date.
LONGEST_DAYS = 366
# A second press on the button within this time means the same cohort.
SAME_PRESS = dt.timedelta(minutes=1)
# Somebody whose cohort was cancelled hears it from us the next working day at the latest.
TELL_WITHIN_DAYS = 1


@transaction.atomic
def create_cohort(
    *,
    programme: Programme,
    name: str,
    starts_on: dt.date,
    ends_on: dt.date,
    capacity: int,
    venue: Venue | None,
    note: str,
    by: User | None,
    now: dt.datetime,
    weekly: WeeklyPlan | None = None,
) -> Cohort:
    """Return the new cohort, with its weekly sessions from first to last day where a plan is given.

    A second call with the same answers within `SAME_PRESS` returns the cohort of the first.

    :raises EndsBeforeStart: when it would end before it begins.
    :raises CohortTooLong: when it would last more than `LONGEST_DAYS`.
    :raises NameTaken: when the programme has a cohort of that name, in any case.
    :raises NoSessionDays: when the plan names no day between the two dates.
    """
    cohort = Cohort(
        programme=programme,
        name=name,
        starts_on=starts_on,
        ends_on=ends_on,
        capacity=capacity,
        venue=venue,
        note=note,
        created_at=now,
    )
    _check_dates(cohort)
    try:
        _save(cohort)
    except NameTaken as refusal:
        existing = refusal.existing
        if isinstance(existing, Cohort) and _is_same_press(cohort, existing, now):
            return existing
        raise
    if weekly is not None:
        _add_sessions(cohort, weekly, by, now)
    return cohort


def _add_sessions(cohort: Cohort, weekly: WeeklyPlan, by: User | None, now: dt.datetime) -> None:
    days = weekly.days(cohort.starts_on, cohort.ends_on)
    if not days:
        raise NoSessionDays
    add_weekly_sessions(
        cohort=cohort,
        first_starts_at=weekly.moment(days[0])[0],
        duration=weekly.duration,
        weekdays=weekly.weekdays,
        venue=cohort.venue,
        by=by,
        now=now,
    )


@transaction.atomic
def update_cohort(
    *,
    cohort: Cohort,
    name: str,
    starts_on: dt.date,
    ends_on: dt.date,
    capacity: int,
    venue: Venue | None,
    note: str,
    by: User | None,
    now: dt.datetime,
) -> Cohort:
    """Return the cohort as corrected; with more seats, the first who wait are proposed by tasks.

    :raises EndsBeforeStart: when it would end before it begins.
    :raises CohortTooLong: when it would last more than `LONGEST_DAYS`.
    :raises NameTaken: when another cohort of the programme has the name, in any case.
    :raises CapacityTooSmall: when more seats are taken than it would have.
    :raises SessionsOutside: when sessions would lie outside its dates.
    """
    locked = lock_cohort(cohort.pk)
    taken = seats_taken(locked)
    if capacity < taken:
        raise CapacityTooSmall(taken)
    locked.name = name
    locked.starts_on = starts_on
    locked.ends_on = ends_on
    locked.capacity = capacity
    locked.venue = venue
    locked.note = note
    _check_dates(locked)
    outside = [
        session
        for session in Session.objects.filter(cohort=locked)
        if not starts_on <= localtime(session.starts_at).date() <= ends_on
    ]
    if outside:
        raise SessionsOutside(outside)
    _save(locked)
    propose_to_waiting(locked, by=by, now=now)
    return locked


@transaction.atomic
def cancel_cohort(*, cohort: Cohort, by: User | None, now: dt.datetime) -> Cohort:
    """Cancel the cohort and lose nobody: each person who had a place gets a task. Safe to run twice.

    Who had not started is ready for another cohort; who had, pauses and is called. The waiting list ends.
    """
    locked = lock_cohort(cohort.pk)
    if locked.cancelled_at is not None:
        return locked
    locked.cancelled_at = now
    locked.save(update_fields=["cancelled_at"])
    why = f"{locked.name} er aflyst. Ring og fortæl det, og tilbyd et andet hold."
    for place in lock_enrolments(locked).values():
        if place.state in NOT_STARTED:
            free_unused_seat(place, by, now, declined=False)
        elif place.state == EnrolmentState.WAITING:
            set_state(place, EnrolmentState.DECLINED, by, now)
        elif place.state == EnrolmentState.STARTED:
            set_state(place, EnrolmentState.STOPPED, by, now)
            pause_and_call(place, why, by, now)
            continue
        else:
            continue
        if place.participant.stage == Stage.READY:
            open_task(
                programme=locked.programme,
                kind=TaskKind.PLACE,
                participant=place.participant,
                why=why,
                due_on=add_working_days(localtime(now).date(), TELL_WITHIN_DAYS),
                by=by,
                now=now,
            )
    return locked


def _check_dates(cohort: Cohort) -> None:
    if cohort.ends_on < cohort.starts_on:
        raise EndsBeforeStart
    if (cohort.ends_on - cohort.starts_on).days > LONGEST_DAYS:
        raise CohortTooLong


def _save(cohort: Cohort) -> None:
    same_name = Cohort.objects.filter(programme_id=cohort.programme_id, name__iexact=cohort.name)
    same_name = same_name.exclude(pk=cohort.pk)
    taken = same_name.first()
    if taken is not None:
        raise NameTaken(taken)
    try:
        with transaction.atomic():
            cohort.save()
    except IntegrityError as error:  # somebody took the name in the meantime
        taken = same_name.first()
        if taken is None:  # refused for another reason
            raise
        raise NameTaken(taken) from error


def _is_same_press(wanted: Cohort, existing: Cohort, now: dt.datetime) -> bool:
    answers = ("name", "starts_on", "ends_on", "capacity", "venue_id", "note")
    same = all(getattr(wanted, answer) == getattr(existing, answer) for answer in answers)
    return same and dt.timedelta(0) <= now - existing.created_at <= SAME_PRESS
