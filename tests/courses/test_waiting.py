"""The waiting list: first come first proposed, and nobody placed by itself."""

import datetime as dt

import pytest

from accounts.models import Programme, User
from courses.enums import EnrolmentState
from courses.models import Cohort, Enrolment
from courses.services import (
    AlreadyPlaced,
    CohortOver,
    EndingNotPossible,
    NotReady,
    SeatFree,
    finish_enrolment,
    leave_waiting_list,
    put_on_waiting_list,
    release_seat,
    update_cohort,
)
from participants.enums import Stage
from participants.models import Participant
from tests.factories import NOW, TODAY, make_cohort, make_enrolment, make_participant
from worklist.enums import TaskKind
from worklist.models import Task


@pytest.fixture
def full(in_scope: Programme) -> Cohort:
    cohort = make_cohort(in_scope, name="Majholdet", capacity=1)
    make_enrolment(cohort)
    return cohort


def ready(programme: Programme, name: str = "Vera") -> Participant:
    return make_participant(programme, stage=Stage.READY, given_name=name)


def wait_for(cohort: Cohort, person: Participant, by: User, minutes: int = 0) -> Enrolment:
    return put_on_waiting_list(
        cohort=cohort, participant=person, by=by, now=NOW + dt.timedelta(minutes=minutes)
    )


def proposals(cohort: Cohort) -> list[str]:
    """Return the given names of those whose task says that there is a seat in the cohort."""
    tasks = Task.objects.open().filter(kind=TaskKind.PLACE).order_by("pk")
    return [task.participant.given_name for task in tasks if any(cohort.name in why for why in task.reasons)]


def test_waiting_keeps_the_person_ready(full: Cohort, coordinator: User) -> None:
    person = ready(full.programme)
    wait = wait_for(full, person, coordinator)
    person.refresh_from_db()
    assert (wait.state, person.stage) == (EnrolmentState.WAITING, Stage.READY)


def test_waiting_twice_keeps_the_place_in_the_line(full: Cohort, coordinator: User) -> None:
    person = ready(full.programme)
    first = wait_for(full, person, coordinator)
    again = wait_for(full, person, coordinator, minutes=60)
    assert (again.pk, again.state_changed_at) == (first.pk, NOW)


def test_waiting_is_refused_while_there_is_a_seat(in_scope: Programme, coordinator: User) -> None:
    with pytest.raises(SeatFree, match="Der er en ledig plads"):
        wait_for(make_cohort(in_scope), ready(in_scope), coordinator)


def test_waiting_is_allowed_behind_those_who_wait_for_the_free_seat(full: Cohort, coordinator: User) -> None:
    wait_for(full, ready(full.programme, "Første"), coordinator)
    release_seat(enrolment=full.enrolments.get(state="enrolled"), by=coordinator, now=NOW)
    assert wait_for(full, ready(full.programme, "Anden"), coordinator).state == EnrolmentState.WAITING


def test_waiting_is_refused_to_somebody_with_a_seat(full: Cohort, coordinator: User) -> None:
    placed = full.enrolments.get().participant
    with pytest.raises(AlreadyPlaced):
        wait_for(full, placed, coordinator)


def test_waiting_is_refused_to_somebody_who_is_not_ready(full: Cohort, coordinator: User) -> None:
    with pytest.raises(NotReady):
        wait_for(full, make_participant(full.programme, stage=Stage.CONVERSATION), coordinator)


@pytest.mark.parametrize(
    "fields", [{"cancelled_at": NOW}, {"starts_on": TODAY - dt.timedelta(90)}], ids=["cancelled", "ended"]
)
def test_waiting_for_a_cohort_that_is_over_is_refused(
    in_scope: Programme, coordinator: User, fields: dict
) -> None:
    with pytest.raises(CohortOver):
        wait_for(make_cohort(in_scope, **fields), ready(in_scope), coordinator)


def test_a_released_seat_is_proposed_to_the_first_who_waits_and_given_to_nobody(
    full: Cohort, coordinator: User
) -> None:
    first, second = ready(full.programme, "Første"), ready(full.programme, "Anden")
    wait_for(full, first, coordinator)
    wait_for(full, second, coordinator, minutes=1)
    release_seat(enrolment=full.enrolments.get(state="enrolled"), by=coordinator, now=NOW)
    assert proposals(full) == ["Første"]
    assert full.enrolments.filter(state=EnrolmentState.WAITING).count() == 2


def test_a_stopped_place_is_proposed_too(full: Cohort, coordinator: User) -> None:
    Enrolment.objects.update(state=EnrolmentState.STARTED)
    Participant.objects.update(stage=Stage.ACTIVE)
    wait_for(full, ready(full.programme, "Første"), coordinator)
    finish_enrolment(enrolment=full.enrolments.get(state="started"), completed=False, by=coordinator, now=NOW)
    assert proposals(full) == ["Første"]


def test_more_seats_are_proposed_to_as_many_as_there_are(full: Cohort, coordinator: User) -> None:
    for minute, name in enumerate(("Første", "Anden", "Tredje")):
        wait_for(full, ready(full.programme, name), coordinator, minutes=minute)
    update_cohort(
        cohort=full,
        name=full.name,
        starts_on=full.starts_on,
        ends_on=full.ends_on,
        capacity=3,
        venue=None,
        note="",
        by=coordinator,
        now=NOW,
    )
    assert proposals(full) == ["Første", "Anden"]


def test_proposing_again_says_it_once(full: Cohort, coordinator: User) -> None:
    wait_for(full, ready(full.programme), coordinator)
    seat = full.enrolments.get(state="enrolled")
    release_seat(enrolment=seat, by=coordinator, now=NOW)
    release_seat(enrolment=seat, by=coordinator, now=NOW)
    task = Task.objects.open().get(kind=TaskKind.PLACE, participant__given_name="Vera")
    assert task.reasons == ["Der er en ledig plads på Majholdet. Ring og tilbyd den."]
    assert task.due_on == TODAY + dt.timedelta(days=1)


def test_somebody_whose_path_has_ended_is_passed_over(full: Cohort, coordinator: User) -> None:
    gone = ready(full.programme, "Væk")
    wait_for(full, gone, coordinator)
    wait_for(full, ready(full.programme, "Næste"), coordinator, minutes=1)
    Participant.objects.filter(pk=gone.pk).update(stage=Stage.CLOSED, outcome="declined")
    release_seat(enrolment=full.enrolments.get(state="enrolled"), by=coordinator, now=NOW)
    assert proposals(full) == ["Næste"]


def test_leaving_the_list_proposes_the_next_and_keeps_the_person_ready(
    full: Cohort, coordinator: User
) -> None:
    person = ready(full.programme, "Første")
    wait = wait_for(full, person, coordinator)
    wait_for(full, ready(full.programme, "Anden"), coordinator, minutes=1)
    release_seat(enrolment=full.enrolments.get(state="enrolled"), by=coordinator, now=NOW)
    leave_waiting_list(enrolment=wait, by=coordinator, now=NOW)
    assert leave_waiting_list(enrolment=wait, by=coordinator, now=NOW).state == EnrolmentState.DECLINED
    person.refresh_from_db()
    assert person.stage == Stage.READY
    assert proposals(full) == ["Første", "Anden"]


def test_leaving_the_list_is_refused_to_a_seat_holder(full: Cohort, coordinator: User) -> None:
    with pytest.raises(EndingNotPossible):
        leave_waiting_list(enrolment=full.enrolments.get(), by=coordinator, now=NOW)


def test_waiting_again_after_leaving_goes_to_the_end_of_the_line(full: Cohort, coordinator: User) -> None:
    person = ready(full.programme)
    wait = wait_for(full, person, coordinator)
    leave_waiting_list(enrolment=wait, by=coordinator, now=NOW)
    again = wait_for(full, person, coordinator, minutes=9)
    assert (again.pk, again.state_changed_at) == (wait.pk, NOW + dt.timedelta(minutes=9))
