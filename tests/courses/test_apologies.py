"""A person cannot come to a session, and can after all."""

import datetime as dt

import pytest

from accounts.models import Programme, User
from courses.enums import AttendanceState, EnrolmentState
from courses.models import Attendance, Enrolment, Session
from courses.queries import attendance_of, attendance_share
from courses.services import ApologyNotPossible, apologise, record_attendance, take_back_apology
from participants.enums import Stage
from tests.factories import NOW, TODAY, make_cohort, make_enrolment, make_session

WEEK = dt.timedelta(days=7)


@pytest.fixture
def session(in_scope: Programme) -> Session:
    return make_session(make_cohort(in_scope, starts_on=TODAY), starts_at=NOW + WEEK)


@pytest.fixture
def place(session: Session) -> Enrolment:
    return make_enrolment(session.cohort)


def cannot_come(place: Enrolment, session: Session, now: dt.datetime = NOW) -> bool:
    return apologise(participant=place.participant, session=session, by=None, now=now)


def comes_after_all(place: Enrolment, session: Session, now: dt.datetime = NOW) -> bool:
    return take_back_apology(participant=place.participant, session=session, by=None, now=now)


def test_apology_is_noted_once_and_keeps_the_seat(place: Enrolment, session: Session) -> None:
    assert cannot_come(place, session)
    assert not cannot_come(place, session, NOW + dt.timedelta(minutes=1))

    note = Attendance.objects.get()
    assert (note.state, note.recorded_by, note.recorded_at) == (AttendanceState.APOLOGISED, None, NOW)
    place.refresh_from_db()
    place.participant.refresh_from_db()
    assert (place.state, place.participant.stage) == (EnrolmentState.ENROLLED, Stage.PLACED)


def test_apology_is_taken_back_whoever_noted_it(
    place: Enrolment, session: Session, coordinator: User
) -> None:
    states = {place.pk: AttendanceState.APOLOGISED}
    record_attendance(session=session, states=states, by=coordinator, now=NOW)

    assert comes_after_all(place, session)
    assert not comes_after_all(place, session)
    assert not Attendance.objects.exists()


def test_apology_is_possible_until_the_session_ends(place: Enrolment, session: Session) -> None:
    with pytest.raises(ApologyNotPossible):
        cannot_come(place, session, session.ends_at)
    assert cannot_come(place, session, session.ends_at - dt.timedelta(minutes=1))
    with pytest.raises(ApologyNotPossible):
        comes_after_all(place, session, session.ends_at)


@pytest.mark.parametrize("state", [AttendanceState.PRESENT, AttendanceState.ABSENT])
def test_apology_never_overwrites_what_the_coordinator_noted(
    place: Enrolment, session: Session, coordinator: User, state: AttendanceState
) -> None:
    now = session.starts_at
    record_attendance(session=session, states={place.pk: state}, by=coordinator, now=now)

    for act in (cannot_come, comes_after_all):
        with pytest.raises(ApologyNotPossible):
            act(place, session, now)
    assert Attendance.objects.get().state == state


def test_apology_to_a_session_of_another_cohort_is_refused(in_scope: Programme, place: Enrolment) -> None:
    elsewhere = make_session(make_cohort(in_scope), starts_at=NOW + WEEK)
    with pytest.raises(ApologyNotPossible):
        cannot_come(place, elsewhere)
    assert not Attendance.objects.exists()


@pytest.mark.parametrize(
    "state",
    [
        EnrolmentState.WAITING,
        EnrolmentState.DECLINED,
        EnrolmentState.STOPPED,
        EnrolmentState.COMPLETED,
    ],
)
def test_apology_wants_a_place_that_is_not_over(session: Session, state: EnrolmentState) -> None:
    with pytest.raises(ApologyNotPossible):
        cannot_come(make_enrolment(session.cohort, state=state), session)


def test_apology_to_a_cancelled_cohort_is_refused(place: Enrolment, session: Session) -> None:
    session.cohort.cancelled_at = NOW
    session.cohort.save()
    with pytest.raises(ApologyNotPossible):
        cannot_come(place, session)


def test_apologies_alone_do_not_make_a_session_held(place: Enrolment, session: Session) -> None:
    """Else everybody's attendance would fall by one person's apology to a session that is to come."""
    other = make_enrolment(session.cohort)
    cannot_come(place, session)

    assert attendance_share(other) is None
    assert attendance_of(session.cohort)[other.pk].held == 0

    states = {other.pk: AttendanceState.PRESENT}
    record_attendance(session=session, states=states, by=None, now=session.ends_at)
    assert (attendance_share(other), attendance_share(place)) == (1, 0)
