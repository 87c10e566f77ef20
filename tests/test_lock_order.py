"""Locks are taken in one order, so that nobody waits in a circle; each test holds one half of a circle.

Of two transactions that wait for each other PostgreSQL ends one after a second, with an error: the
person would read "lukket et øjeblik" for nothing.
"""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import OperationalError, connection, transaction
from django_scopes import scope

from accounts.models import Programme
from courses.enums import AttendanceState, EnrolmentState
from courses.services import leave_cohorts, record_attendance, release_seat
from courses.services.locks import lock_cohort, lock_participant
from outreach.models import Referrer
from outreach.services import mark_referrer_left
from participants.enums import ContactMethod, ContactOutcome, Stage
from participants.models import Participant
from participants.services import record_contact_attempt
from recruitment.services import merge_persons
from tests.factories import (
    NOW,
    TODAY,
    make_cohort,
    make_enrolment,
    make_organisation,
    make_participant,
    make_referral,
    make_referrer,
    make_session,
    make_task,
)
from worklist.enums import TaskKind
from worklist.models import Task
from worklist.services import open_task

pytestmark = pytest.mark.django_db(transaction=True)

Act = Callable[[], object]


def wait_until_somebody_waits() -> None:
    """Return when a transaction of this database waits for a lock of another."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # or a transaction sees its first look again
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("Nobody waited.")


def both_come_through(programme: Programme, *, ours: tuple[Act, Act], theirs: Act) -> bool:
    """Do the first of `ours`, let `theirs` run into it, do the second; say whether neither was ended."""
    faults: list[OperationalError] = []

    def run() -> None:
        try:
            with scope(programme=programme):
                theirs()
        except OperationalError as fault:
            faults.append(fault)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    try:
        with scope(programme=programme), transaction.atomic():
            ours[0]()
            thread.start()
            wait_until_somebody_waits()
            ours[1]()
    except OperationalError as fault:
        faults.append(fault)
    finally:
        thread.join(timeout=30)
    return not faults


def offer(person: Participant) -> Act:
    """Return an act that joins a reason to the person's open task, as a seat that comes free does."""
    return lambda: open_task(
        programme=person.programme,
        kind=TaskKind.PLACE,
        participant=person,
        why="Der er en ledig plads.",
        due_on=TODAY,
        now=NOW,
    )


def test_two_who_take_locks_in_opposite_order_collide(programme):
    """The control: the circle is one, and this test sees it."""
    anna, cohort = make_participant(programme), make_cohort(programme)

    def person_first() -> None:
        with transaction.atomic():
            lock_participant(anna.pk)
            lock_cohort(cohort.pk)

    ours = (lambda: lock_cohort(cohort.pk), lambda: lock_participant(anna.pk))
    assert not both_come_through(programme, ours=ours, theirs=person_first)


def test_who_leaves_two_waiting_lists_does_not_collide_with_being_given_a_seat(programme):
    anna = make_participant(programme, stage=Stage.READY)
    first, second = make_cohort(programme), make_cohort(programme)
    for cohort in (first, second):
        make_enrolment(cohort, anna, state=EnrolmentState.WAITING)

    # What place_participant does, in its order.
    ours = (lambda: lock_cohort(second.pk), lambda: lock_participant(anna.pk))
    leaving = lambda: leave_cohorts(participant=anna, by=None, now=NOW)  # noqa: E731
    assert both_come_through(programme, ours=ours, theirs=leaving)


def test_seats_that_come_free_at_once_do_not_collide_over_those_who_wait_for_both(programme):
    anna, bo, leaving = (make_participant(programme, stage=Stage.READY) for _ in range(3))
    for person in (anna, bo):
        make_task(programme, kind=TaskKind.PLACE, participant=person)
    cohort = make_cohort(programme, capacity=2)
    for minute, person in enumerate((bo, anna)):  # Bo has waited longest
        make_enrolment(
            cohort,
            person,
            state=EnrolmentState.WAITING,
            state_changed_at=NOW.replace(minute=minute),
        )
    seat = make_enrolment(cohort, leaving, state=EnrolmentState.ENROLLED)

    releasing = lambda: release_seat(enrolment=seat, by=None, now=NOW)  # noqa: E731
    assert both_come_through(programme, ours=(offer(anna), offer(bo)), theirs=releasing)
    with scope(programme=programme):
        assert [len(task.reasons) for task in Task.objects.filter(participant__in=[anna, bo])] == [3, 3]


def test_attendance_does_not_collide_with_seats_that_come_free(programme):
    anna, bo = (make_participant(programme, stage=Stage.READY) for _ in range(2))
    for person in (anna, bo):
        make_task(programme, kind=TaskKind.PLACE, participant=person)
    cohort = make_cohort(programme, starts_on=TODAY)
    session = make_session(cohort, starts_at=NOW)
    came = {
        make_enrolment(cohort, person, state=EnrolmentState.ENROLLED).pk: AttendanceState.PRESENT
        for person in (bo, anna)
    }

    noting = lambda: record_attendance(session=session, states=came, by=None, now=NOW)  # noqa: E731
    assert both_come_through(programme, ours=(offer(anna), offer(bo)), theirs=noting)


def test_a_second_referral_does_not_collide_with_a_call_that_is_noted(programme):
    """At its end the referral's transaction looks whether its person exists: that must not wait."""
    anna = make_participant(programme, stage=Stage.CONTACTING)
    make_task(programme, kind=TaskKind.CALL, participant=anna)

    def called() -> None:
        record_contact_attempt(
            participant=anna,
            method=ContactMethod.PHONE,
            outcome=ContactOutcome.REACHED,
            by=None,
            now=NOW,
        )

    def refer_again() -> None:
        make_referral(programme, participant=anna)
        open_task(
            programme=programme,
            kind=TaskKind.CALL,
            participant=anna,
            why="Henvist igen.",
            due_on=TODAY,
            now=NOW,
        )

    assert both_come_through(programme, ours=(refer_again, lambda: None), theirs=called)


def test_a_merge_does_not_collide_with_a_seat_that_is_given_to_one_of_the_two(programme):
    anna, bo = (make_participant(programme, stage=Stage.READY) for _ in range(2))
    cohort = make_cohort(programme)
    make_enrolment(cohort, bo, state=EnrolmentState.WAITING)

    # What place_participant does, in its order.
    ours = (lambda: lock_cohort(cohort.pk), lambda: lock_participant(bo.pk))
    merging = lambda: merge_persons(kept=anna, absorbed=bo, by=None, now=NOW)  # noqa: E731
    assert both_come_through(programme, ours=ours, theirs=merging)


def test_a_merge_does_not_collide_with_a_call_that_is_noted(programme):
    anna, bo = (make_participant(programme, stage=Stage.CONTACTING) for _ in range(2))
    for person in (anna, bo):
        make_task(programme, kind=TaskKind.CALL, participant=person)

    ours = (lambda: lock_participant(bo.pk), offer(bo))
    merging = lambda: merge_persons(kept=anna, absorbed=bo, by=None, now=NOW)  # noqa: E731
    assert both_come_through(programme, ours=ours, theirs=merging)


def test_somebody_who_takes_over_does_not_collide_with_the_mail_to_them(programme):
    """The mail locks everybody whose referrals it tells of, the lowest key first; here the successor's."""
    place = make_organisation(programme)
    bo, anna = (make_referrer(programme, organisation=place) for _ in range(2))

    def lock(referrer: Referrer) -> Act:
        return lambda: Referrer.objects.select_for_update(no_key=True).get(pk=referrer.pk)

    takeover = lambda: mark_referrer_left(  # noqa: E731
        referrer=anna, successor=bo, left_on=TODAY, by=None, now=NOW
    )
    assert both_come_through(programme, ours=(lock(bo), lock(anna)), theirs=takeover)
