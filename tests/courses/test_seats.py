"""Giving a seat and giving it up."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Programme, User
from courses.enums import SEAT_TAKING, EnrolmentState
from courses.models import Cohort, Enrolment
from courses.services import (
    AlreadyPlaced,
    CohortFull,
    CohortOver,
    EndingNotPossible,
    NotReady,
    leave_cohorts,
    place_participant,
    release_seat,
)
from participants.enums import Outcome, Stage
from participants.models import Participant
from tests.factories import NOW, TODAY, make_cohort, make_enrolment, make_participant
from worklist.enums import TaskKind, TaskState
from worklist.models import Task

LATER = NOW + dt.timedelta(minutes=5)


@pytest.fixture
def cohort(in_scope: Programme) -> Cohort:
    """A cohort of two seats that starts in a fortnight."""
    return make_cohort(in_scope, name="Majholdet", capacity=2)


@pytest.fixture
def ready(in_scope: Programme) -> Participant:
    return make_participant(in_scope, stage=Stage.READY, given_name="Søren", family_name="Ærø")


def fill(cohort: Cohort) -> list[Enrolment]:
    return [make_enrolment(cohort) for _ in range(cohort.capacity)]


def test_placing_gives_a_seat_moves_the_person_and_closes_the_task(
    cohort: Cohort, ready: Participant, coordinator: User
) -> None:
    task = Task.objects.create(
        programme=cohort.programme, kind=TaskKind.PLACE, participant=ready, due_on=TODAY, created_at=NOW
    )
    enrolment = place_participant(cohort=cohort, participant=ready, by=coordinator, now=LATER)
    ready.refresh_from_db()
    task.refresh_from_db()
    assert (enrolment.state, enrolment.state_changed_by) == (EnrolmentState.ENROLLED, coordinator)
    assert ready.stage == Stage.PLACED
    assert ready.stage_changes.get(to_stage=Stage.PLACED).by == coordinator
    assert task.state == TaskState.DONE


def test_placing_in_a_full_cohort_is_refused_and_changes_nothing(
    cohort: Cohort, ready: Participant, coordinator: User
) -> None:
    fill(cohort)
    with pytest.raises(CohortFull, match="Der er ikke flere pladser på Majholdet"):
        place_participant(cohort=cohort, participant=ready, by=coordinator, now=LATER)
    ready.refresh_from_db()
    assert ready.stage == Stage.READY
    assert Enrolment.objects.filter(participant=ready).count() == 0


@pytest.mark.parametrize("state", [EnrolmentState.STOPPED, EnrolmentState.DECLINED, EnrolmentState.WAITING])
def test_placing_takes_the_seat_that_someone_gave_up(
    cohort: Cohort, ready: Participant, coordinator: User, state: EnrolmentState
) -> None:
    fill(cohort)[0].delete()
    make_enrolment(cohort, state=state)
    assert place_participant(cohort=cohort, participant=ready, by=coordinator, now=LATER).pk


def test_placing_someone_who_has_a_seat_elsewhere_is_refused(
    cohort: Cohort, ready: Participant, coordinator: User
) -> None:
    elsewhere = make_cohort(cohort.programme, name="Aprilholdet")
    place_participant(cohort=elsewhere, participant=ready, by=coordinator, now=LATER)
    with pytest.raises(AlreadyPlaced, match="Søren Ærø har allerede plads på Aprilholdet"):
        place_participant(cohort=cohort, participant=ready, by=coordinator, now=LATER)


def test_placing_twice_gives_one_seat(cohort: Cohort, ready: Participant, coordinator: User) -> None:
    place_participant(cohort=cohort, participant=ready, by=coordinator, now=LATER)
    with pytest.raises(AlreadyPlaced):
        place_participant(cohort=cohort, participant=ready, by=coordinator, now=LATER)
    assert Enrolment.objects.filter(participant=ready).count() == 1


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage != Stage.READY])
def test_placing_someone_who_is_not_ready_is_refused(cohort: Cohort, coordinator: User, stage: Stage) -> None:
    person = make_participant(cohort.programme, stage=stage)
    with pytest.raises(NotReady, match="skal være “Klar til hold”"):
        place_participant(cohort=cohort, participant=person, by=coordinator, now=LATER)


def test_placing_in_a_cohort_that_has_ended_is_refused(
    in_scope: Programme, ready: Participant, coordinator: User
) -> None:
    over = make_cohort(
        in_scope, starts_on=TODAY - dt.timedelta(days=60), ends_on=TODAY - dt.timedelta(days=1)
    )
    with pytest.raises(CohortOver, match="er slut"):
        place_participant(cohort=over, participant=ready, by=coordinator, now=LATER)


def test_placing_in_a_cancelled_cohort_is_refused(
    in_scope: Programme, ready: Participant, coordinator: User
) -> None:
    cancelled = make_cohort(in_scope, cancelled_at=NOW)
    with pytest.raises(CohortOver, match="er aflyst"):
        place_participant(cohort=cancelled, participant=ready, by=coordinator, now=LATER)


def test_placing_on_the_last_day_of_a_running_cohort_is_allowed(
    in_scope: Programme, ready: Participant, coordinator: User
) -> None:
    running = make_cohort(in_scope, starts_on=TODAY - dt.timedelta(days=30), ends_on=TODAY)
    assert place_participant(cohort=running, participant=ready, by=coordinator, now=LATER).pk


def test_placing_ends_the_waits_for_other_cohorts(
    cohort: Cohort, ready: Participant, coordinator: User
) -> None:
    wait = make_enrolment(make_cohort(cohort.programme), ready, state=EnrolmentState.WAITING)
    place_participant(cohort=cohort, participant=ready, by=coordinator, now=LATER)
    wait.refresh_from_db()
    assert wait.state == EnrolmentState.DECLINED


def test_placing_from_the_waiting_list_uses_the_same_row(
    cohort: Cohort, ready: Participant, coordinator: User
) -> None:
    wait = make_enrolment(cohort, ready, state=EnrolmentState.WAITING)
    assert place_participant(cohort=cohort, participant=ready, by=coordinator, now=LATER).pk == wait.pk


def test_releasing_makes_the_person_ready_again_with_a_task(
    cohort: Cohort, ready: Participant, coordinator: User
) -> None:
    enrolment = place_participant(cohort=cohort, participant=ready, by=coordinator, now=LATER)
    released = release_seat(enrolment=enrolment, by=coordinator, now=LATER)
    ready.refresh_from_db()
    assert (released.state, ready.stage) == (EnrolmentState.DECLINED, Stage.READY)
    assert Task.objects.open().get(participant=ready).kind == TaskKind.PLACE


def test_releasing_twice_is_the_same_as_once(cohort: Cohort, ready: Participant, coordinator: User) -> None:
    enrolment = place_participant(cohort=cohort, participant=ready, by=coordinator, now=LATER)
    release_seat(enrolment=enrolment, by=coordinator, now=LATER)
    assert release_seat(enrolment=enrolment, by=coordinator, now=LATER).state == EnrolmentState.DECLINED
    assert ready.stage_changes.filter(to_stage=Stage.READY, from_stage=Stage.PLACED).count() == 1


def test_releasing_as_declined_closes_the_path(cohort: Cohort, ready: Participant, coordinator: User) -> None:
    enrolment = place_participant(cohort=cohort, participant=ready, by=coordinator, now=LATER)
    release_seat(enrolment=enrolment, by=coordinator, now=LATER, declined=True)
    ready.refresh_from_db()
    assert (ready.stage, ready.outcome) == (Stage.CLOSED, Outcome.DECLINED)


@pytest.mark.parametrize(
    "state",
    [EnrolmentState.STARTED, EnrolmentState.COMPLETED, EnrolmentState.STOPPED, EnrolmentState.WAITING],
)
def test_releasing_what_is_no_unused_seat_is_refused(
    cohort: Cohort, coordinator: User, state: EnrolmentState
) -> None:
    enrolment = make_enrolment(cohort, state=state)
    with pytest.raises(EndingNotPossible):
        release_seat(enrolment=enrolment, by=coordinator, now=LATER)


def test_a_released_seat_can_be_given_to_the_same_person_again(
    cohort: Cohort, ready: Participant, coordinator: User
) -> None:
    enrolment = place_participant(cohort=cohort, participant=ready, by=coordinator, now=LATER)
    release_seat(enrolment=enrolment, by=coordinator, now=LATER)
    again = place_participant(cohort=cohort, participant=ready, by=coordinator, now=LATER)
    assert (again.pk, again.state) == (enrolment.pk, EnrolmentState.ENROLLED)


def test_leaving_frees_an_unused_seat_and_keeps_the_stage(
    cohort: Cohort, ready: Participant, coordinator: User
) -> None:
    enrolment = place_participant(cohort=cohort, participant=ready, by=coordinator, now=LATER)
    assert leave_cohorts(participant=ready, by=coordinator, now=LATER) == 1
    assert leave_cohorts(participant=ready, by=coordinator, now=LATER) == 0
    enrolment.refresh_from_db()
    ready.refresh_from_db()
    assert (enrolment.state, ready.stage) == (EnrolmentState.DECLINED, Stage.PLACED)


def test_leaving_stops_a_started_place_and_every_wait(cohort: Cohort, coordinator: User) -> None:
    person = make_participant(cohort.programme, stage=Stage.ACTIVE)
    started = make_enrolment(cohort, person, state=EnrolmentState.STARTED)
    wait = make_enrolment(make_cohort(cohort.programme), person, state=EnrolmentState.WAITING)
    assert leave_cohorts(participant=person, by=coordinator, now=LATER) == 2
    started.refresh_from_db()
    wait.refresh_from_db()
    assert (started.state, wait.state) == (EnrolmentState.STOPPED, EnrolmentState.DECLINED)


# --- What the database refuses by itself -----------------------------------------------------------


def test_the_database_refuses_one_more_than_there_are_seats(cohort: Cohort) -> None:
    fill(cohort)
    with pytest.raises(IntegrityError, match="no free seat"), transaction.atomic():
        make_enrolment(cohort)


def test_the_database_refuses_a_batch_that_overbooks(cohort: Cohort) -> None:
    people = [make_participant(cohort.programme, stage=Stage.READY) for _ in range(3)]
    rows = [
        Enrolment(
            programme=cohort.programme,
            cohort=cohort,
            participant=person,
            state=EnrolmentState.ENROLLED,
            state_changed_at=NOW,
            created_at=NOW,
        )
        for person in people
    ]
    with pytest.raises(IntegrityError, match="no free seat"), transaction.atomic():
        Enrolment.objects.bulk_create(rows)
    assert Enrolment.objects.count() == 0


def test_the_database_refuses_an_update_that_overbooks(cohort: Cohort) -> None:
    fill(cohort)
    wait = make_enrolment(cohort, state=EnrolmentState.WAITING)
    with pytest.raises(IntegrityError, match="no free seat"), transaction.atomic():
        Enrolment.objects.filter(pk=wait.pk).update(state=EnrolmentState.ENROLLED)


def test_the_database_refuses_fewer_seats_than_are_taken(cohort: Cohort) -> None:
    fill(cohort)
    with pytest.raises(IntegrityError, match="More seats are taken"), transaction.atomic():
        Cohort.objects.filter(pk=cohort.pk).update(capacity=1)


def test_the_database_lets_a_seat_holder_move_on_in_a_full_cohort(cohort: Cohort) -> None:
    enrolment = fill(cohort)[0]
    Enrolment.objects.filter(pk=enrolment.pk).update(state=EnrolmentState.STARTED)
    Enrolment.objects.filter(pk=enrolment.pk).update(state=EnrolmentState.COMPLETED)


@pytest.mark.parametrize("state", list(EnrolmentState))
def test_the_database_and_the_code_agree_on_what_takes_a_seat(db: None, state: EnrolmentState) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT courses_takes_seat(%s)", [state.value])
        assert cursor.fetchone()[0] is (state in SEAT_TAKING)


def test_the_database_refuses_a_seat_for_another_programmes_person(
    cohort: Cohort, other_programme: Programme
) -> None:
    stranger = make_participant(other_programme, stage=Stage.READY)
    make_enrolment(cohort, stranger)
    with pytest.raises(IntegrityError, match="same_programme"):
        connection.check_constraints()
