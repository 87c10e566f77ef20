"""Who came: the first presence starts a place, corrections change the note alone."""

import datetime as dt

import pytest

from accounts.models import Programme, User
from courses.enums import AttendanceState, EnrolmentState
from courses.models import Attendance, Cohort, Enrolment, Session
from courses.queries import attendance_share
from courses.services import NotOnCohort, SessionNotHeld, record_attendance
from participants.enums import Stage
from tests.factories import NOW, TODAY, make_cohort, make_enrolment, make_participant, make_session

PRESENT, APOLOGISED, ABSENT = AttendanceState
EVENING = NOW + dt.timedelta(hours=8)


@pytest.fixture
def cohort(in_scope: Programme) -> Cohort:
    return make_cohort(in_scope, starts_on=TODAY - dt.timedelta(days=14))


@pytest.fixture
def session(cohort: Cohort) -> Session:
    return make_session(cohort, starts_at=NOW)


def note(session: Session, by: User, *pairs: tuple[Enrolment, AttendanceState | None]) -> int:
    return record_attendance(
        session=session, states={enrolment.pk: state for enrolment, state in pairs}, by=by, now=EVENING
    )


def test_first_presence_starts_the_place_and_makes_the_person_active(
    session: Session, coordinator: User
) -> None:
    enrolment = make_enrolment(session.cohort)
    assert note(session, coordinator, (enrolment, PRESENT)) == 1
    enrolment.refresh_from_db()
    enrolment.participant.refresh_from_db()
    assert (enrolment.state, enrolment.started_at) == (EnrolmentState.STARTED, session.starts_at)
    assert enrolment.participant.stage == Stage.ACTIVE
    noted = Attendance.objects.get()
    assert (noted.state, noted.recorded_by, noted.recorded_at) == (PRESENT, coordinator, EVENING)


@pytest.mark.parametrize("state", [APOLOGISED, ABSENT])
def test_not_coming_starts_nothing(session: Session, coordinator: User, state: AttendanceState) -> None:
    enrolment = make_enrolment(session.cohort)
    note(session, coordinator, (enrolment, state))
    enrolment.refresh_from_db()
    enrolment.participant.refresh_from_db()
    assert (enrolment.state, enrolment.participant.stage) == (EnrolmentState.ENROLLED, Stage.PLACED)


def test_noting_the_same_twice_changes_nothing(session: Session, coordinator: User) -> None:
    enrolment = make_enrolment(session.cohort)
    note(session, coordinator, (enrolment, PRESENT))
    assert note(session, coordinator, (enrolment, PRESENT)) == 0
    assert Attendance.objects.count() == 1
    assert enrolment.participant.stage_changes.filter(to_stage=Stage.ACTIVE).count() == 1


def test_a_correction_changes_the_note_and_what_has_started_stays_started(
    session: Session, coordinator: User
) -> None:
    enrolment = make_enrolment(session.cohort)
    note(session, coordinator, (enrolment, PRESENT))
    assert note(session, coordinator, (enrolment, ABSENT)) == 1
    enrolment.refresh_from_db()
    assert Attendance.objects.get().state == ABSENT
    assert enrolment.state == EnrolmentState.STARTED


def test_a_note_can_be_taken_away(session: Session, coordinator: User) -> None:
    enrolment = make_enrolment(session.cohort)
    note(session, coordinator, (enrolment, ABSENT))
    assert note(session, coordinator, (enrolment, None)) == 1
    assert not Attendance.objects.exists()


def test_coming_back_ends_a_pause(cohort: Cohort, coordinator: User) -> None:
    paused_at = NOW - dt.timedelta(days=3)
    person = make_participant(cohort.programme, stage=Stage.PAUSED, created_at=paused_at)
    enrolment = make_enrolment(cohort, person, state=EnrolmentState.STARTED)
    note(make_session(cohort, starts_at=NOW), coordinator, (enrolment, PRESENT))
    person.refresh_from_db()
    assert person.stage == Stage.ACTIVE


def test_noting_a_session_from_before_the_pause_does_not_end_it(cohort: Cohort, coordinator: User) -> None:
    person = make_participant(cohort.programme, stage=Stage.PAUSED, created_at=NOW)
    enrolment = make_enrolment(cohort, person, state=EnrolmentState.STARTED)
    earlier = make_session(cohort, starts_at=NOW - dt.timedelta(days=7))
    note(earlier, coordinator, (enrolment, PRESENT))
    person.refresh_from_db()
    assert person.stage == Stage.PAUSED


def test_coming_while_the_path_says_ready_walks_through_placed(session: Session, coordinator: User) -> None:
    person = make_participant(session.programme, stage=Stage.READY)
    note(session, coordinator, (make_enrolment(session.cohort, person), PRESENT))
    assert [change.to_stage for change in person.stage_changes.all()][1:] == [Stage.PLACED, Stage.ACTIVE]


def test_a_correction_after_the_end_is_allowed_and_moves_nobody(session: Session, coordinator: User) -> None:
    person = make_participant(session.programme, stage=Stage.COMPLETED)
    enrolment = make_enrolment(session.cohort, person, state=EnrolmentState.COMPLETED)
    note(session, coordinator, (enrolment, PRESENT))
    person.refresh_from_db()
    assert person.stage == Stage.COMPLETED


def test_only_an_apology_can_be_noted_before_the_day(cohort: Cohort, coordinator: User) -> None:
    enrolment = make_enrolment(cohort)
    tomorrow = make_session(cohort, starts_at=NOW + dt.timedelta(days=1))
    note(tomorrow, coordinator, (enrolment, APOLOGISED))
    for state in (PRESENT, ABSENT):
        with pytest.raises(SessionNotHeld, match=r"først den 11\.03\.2026"):
            note(tomorrow, coordinator, (enrolment, state))
    assert Attendance.objects.get().state == APOLOGISED


def test_somebody_of_another_cohort_is_refused_and_nothing_is_noted(
    session: Session, coordinator: User
) -> None:
    stranger = make_enrolment(make_cohort(session.programme))
    with pytest.raises(NotOnCohort):
        note(session, coordinator, (make_enrolment(session.cohort), PRESENT), (stranger, PRESENT))
    assert not Attendance.objects.exists()


@pytest.mark.parametrize("state", [EnrolmentState.WAITING, EnrolmentState.DECLINED])
def test_somebody_without_a_seat_is_refused(
    session: Session, coordinator: User, state: EnrolmentState
) -> None:
    with pytest.raises(NotOnCohort):
        note(session, coordinator, (make_enrolment(session.cohort, state=state), PRESENT))


def test_share_counts_held_sessions_and_a_missing_note_as_not_there(
    cohort: Cohort, coordinator: User
) -> None:
    enrolment, other = make_enrolment(cohort), make_enrolment(cohort)
    assert attendance_share(enrolment) is None
    first, second, third = (make_session(cohort, starts_at=NOW - dt.timedelta(days=n)) for n in (3, 2, 1))
    make_session(cohort, starts_at=NOW + dt.timedelta(days=1))  # not held: counts for nobody
    note(first, coordinator, (enrolment, PRESENT), (other, PRESENT))
    note(second, coordinator, (enrolment, APOLOGISED), (other, PRESENT))
    note(third, coordinator, (other, PRESENT))
    assert attendance_share(enrolment) == pytest.approx(1 / 3)
    assert attendance_share(other) == 1.0
