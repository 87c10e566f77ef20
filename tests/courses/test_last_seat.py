"""Two who want the last seat at the same moment: exactly one gets it, and the other is told."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection
from django_scopes import scope

from accounts.models import Programme, User
from courses.enums import EnrolmentState
from courses.models import Cohort, Enrolment
from courses.services import CohortFull, place_participant
from participants.enums import Stage
from participants.models import Participant
from tests.courses.racing import at_once, last_seat, seats_given
from tests.factories import NOW, make_cohort, make_participant

ROUNDS = 10
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers]


def test_last_seat_goes_to_one_of_two_in_ten_of_ten_pairs(programme: Programme, coordinator: User) -> None:
    def wanting(cohort: Cohort, person: Participant) -> Callable[[], str]:
        def act() -> str:
            with scope(programme=programme):
                try:
                    place_participant(cohort=cohort, participant=person, by=coordinator, now=NOW)
                except CohortFull:
                    return "refused"
                return "placed"

        return act

    for _ in range(ROUNDS):
        cohort, people = last_seat(programme)
        assert at_once([wanting(cohort, person) for person in people]) == ["placed", "refused"]
        assert seats_given(cohort) == 1
        with scope(programme=programme):
            stages = Participant.objects.filter(pk__in=[person.pk for person in people])
            assert sorted(stages.values_list("stage", flat=True)) == [Stage.PLACED, Stage.READY]


def test_two_clicks_for_the_same_person_give_one_seat(programme: Programme, coordinator: User) -> None:
    cohorts = [make_cohort(programme), make_cohort(programme)]
    person = make_participant(programme, stage=Stage.READY)

    def wanting(cohort: Cohort) -> Callable[[], str]:
        def act() -> str:
            with scope(programme=programme):
                try:
                    place_participant(cohort=cohort, participant=person, by=coordinator, now=NOW)
                except Exception as refusal:
                    return type(refusal).__name__
                return "placed"

        return act

    assert at_once([wanting(cohort) for cohort in cohorts]) == ["AlreadyPlaced", "placed"]


# --- The control: what happens to somebody who counts first and writes then -------------------------


def naively(cohort: Cohort, person: Participant, counted: threading.Barrier) -> Callable[[], str]:
    """Return an act that counts without a lock; both have counted before either writes."""

    def act() -> str:
        with scope(programme=cohort.programme):
            taken = Enrolment.objects.filter(cohort=cohort).holding_seat().count()
            counted.wait()
            if taken >= cohort.capacity:
                return "refused"
            try:
                Enrolment.objects.create(
                    programme=cohort.programme,
                    cohort=cohort,
                    participant=person,
                    state=EnrolmentState.ENROLLED,
                    state_changed_at=NOW,
                    created_at=NOW,
                )
            except IntegrityError:
                return "refused by the database"
            return "placed"

    return act


@contextmanager
def without_the_trigger() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE courses_enrolment DISABLE TRIGGER courses_enrolment_seat_free")
        try:
            yield
        finally:
            cursor.execute("ALTER TABLE courses_enrolment ENABLE TRIGGER courses_enrolment_seat_free")


def test_counting_before_writing_overbooks_every_time(programme: Programme) -> None:
    with without_the_trigger():
        for _ in range(ROUNDS):
            cohort, people = last_seat(programme)
            counted = threading.Barrier(2, timeout=20)
            acts = [naively(cohort, person, counted) for person in people]
            assert at_once(acts) == ["placed", "placed"]
            assert seats_given(cohort) == 2


def test_the_database_stops_even_those_who_count_before_writing(programme: Programme) -> None:
    for _ in range(ROUNDS):
        cohort, people = last_seat(programme)
        counted = threading.Barrier(2, timeout=20)
        acts = [naively(cohort, person, counted) for person in people]
        assert at_once(acts) == ["placed", "refused by the database"]
        assert seats_given(cohort) == 1
