"""Making, correcting and cancelling a cohort."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Programme, User
from courses.enums import EnrolmentState
from courses.models import Cohort, Session
from courses.schedule import WeeklyPlan
from courses.services import (
    CapacityTooSmall,
    CohortTooLong,
    EndsBeforeStart,
    NameTaken,
    NoSessionDays,
    SessionsOutside,
    cancel_cohort,
    create_cohort,
    update_cohort,
)
from participants.enums import Stage
from tests.factories import (
    NOW,
    TODAY,
    make_cohort,
    make_enrolment,
    make_participant,
    make_session,
    make_venue,
)
from worklist.enums import TaskKind
from worklist.models import Task

FIRST, LAST = dt.date(2026, 4, 27), dt.date(2026, 6, 5)  # Ascension Day is 14 May, Whit Monday 25 May


def answers(**changed: Any) -> dict[str, Any]:
    return {
        "name": "Forårsholdet 2026",
        "starts_on": FIRST,
        "ends_on": LAST,
        "capacity": 12,
        "venue": None,
        "note": "",
        **changed,
    }


def create(programme: Programme, by: User, now: dt.datetime = NOW, **changed: Any) -> Cohort:
    return create_cohort(programme=programme, by=by, now=now, **answers(**changed))


def correct(cohort: Cohort, by: User, **changed: Any) -> Cohort:
    known = {name: getattr(cohort, name) for name in answers()}
    return update_cohort(cohort=cohort, by=by, now=NOW, **{**known, **changed})


def test_creating_keeps_every_answer(in_scope: Programme, coordinator: User) -> None:
    venue = make_venue(in_scope)
    cohort = create(in_scope, coordinator, name="Hold 🎨 æøå", venue=venue, note="Husk kaffe.")
    cohort.refresh_from_db()
    assert (cohort.name, cohort.venue, cohort.note) == ("Hold 🎨 æøå", venue, "Husk kaffe.")
    assert (cohort.starts_on, cohort.ends_on, cohort.created_at) == (FIRST, LAST, NOW)


def test_creating_with_a_plan_makes_a_session_each_week_but_on_holidays(
    in_scope: Programme, coordinator: User
) -> None:
    venue = make_venue(in_scope)
    plan = WeeklyPlan(frozenset({0, 3}), dt.time(10), dt.timedelta(hours=2, minutes=30))
    cohort = create(in_scope, coordinator, weekly=plan, venue=venue)
    days = [session.starts_at.strftime("%d.%m") for session in Session.objects.filter(cohort=cohort)]
    assert days == ["27.04", "30.04", "04.05", "07.05", "11.05", "18.05", "21.05", "28.05", "01.06", "04.06"]
    assert set(Session.objects.values_list("venue", flat=True)) == {venue.pk}


def test_creating_with_a_plan_without_days_is_refused_and_makes_nothing(
    in_scope: Programme, coordinator: User
) -> None:
    thursday = WeeklyPlan(frozenset({3}), dt.time(10), dt.timedelta(hours=2))
    ascension = dt.date(2026, 5, 14)
    with pytest.raises(NoSessionDays):
        create(in_scope, coordinator, weekly=thursday, starts_on=ascension, ends_on=ascension)
    assert not Cohort.objects.exists()


def test_a_second_press_within_a_minute_gives_the_same_cohort_and_no_more_sessions(
    in_scope: Programme, coordinator: User
) -> None:
    plan = WeeklyPlan(frozenset({1}), dt.time(10), dt.timedelta(hours=2))
    first = create(in_scope, coordinator, weekly=plan)
    again = create(in_scope, coordinator, now=NOW + dt.timedelta(seconds=5), weekly=plan)
    assert again.pk == first.pk
    assert Session.objects.count() == 6


@pytest.mark.parametrize("name", ["Forårsholdet 2026", "FORÅRSHOLDET 2026"])
def test_a_name_that_is_taken_is_refused(in_scope: Programme, coordinator: User, name: str) -> None:
    create(in_scope, coordinator)
    with pytest.raises(NameTaken, match="Navnet “Forårsholdet 2026” er allerede brugt"):
        create(in_scope, coordinator, name=name, capacity=8)


def test_the_same_answers_an_hour_later_are_a_name_that_is_taken(
    in_scope: Programme, coordinator: User
) -> None:
    create(in_scope, coordinator)
    with pytest.raises(NameTaken):
        create(in_scope, coordinator, now=NOW + dt.timedelta(hours=1))


def test_another_programme_may_use_the_name(
    in_scope: Programme, other_programme: Programme, coordinator: User
) -> None:
    make_cohort(other_programme, name="Forårsholdet 2026")
    assert create(in_scope, coordinator).name == "Forårsholdet 2026"


def test_ending_before_the_start_is_refused(in_scope: Programme, coordinator: User) -> None:
    with pytest.raises(EndsBeforeStart):
        create(in_scope, coordinator, ends_on=FIRST - dt.timedelta(days=1))


def test_a_cohort_of_one_day_is_allowed(in_scope: Programme, coordinator: User) -> None:
    assert create(in_scope, coordinator, ends_on=FIRST).pk


def test_a_slip_in_the_year_is_refused(in_scope: Programme, coordinator: User) -> None:
    with pytest.raises(CohortTooLong, match="Tjek årstallet"):
        create(in_scope, coordinator, ends_on=LAST.replace(year=2062))


def test_correcting_changes_what_is_said(in_scope: Programme, coordinator: User) -> None:
    cohort = make_cohort(in_scope)
    corrected = correct(cohort, coordinator, name="Nyt navn", capacity=9, note="Ny note")
    assert (corrected.name, corrected.capacity, corrected.note) == ("Nyt navn", 9, "Ny note")


def test_correcting_to_the_same_name_is_allowed(in_scope: Programme, coordinator: User) -> None:
    cohort = make_cohort(in_scope, name="Holdet")
    assert correct(cohort, coordinator, name="holdet").name == "holdet"


def test_correcting_to_anothers_name_is_refused(in_scope: Programme, coordinator: User) -> None:
    make_cohort(in_scope, name="Optaget")
    with pytest.raises(NameTaken):
        correct(make_cohort(in_scope), coordinator, name="Optaget")


def test_fewer_seats_than_are_taken_is_refused_and_as_many_allowed(
    in_scope: Programme, coordinator: User
) -> None:
    cohort = make_cohort(in_scope)
    for _ in range(3):
        make_enrolment(cohort)
    with pytest.raises(CapacityTooSmall, match="3 pladser er allerede givet"):
        correct(cohort, coordinator, capacity=2)
    assert correct(cohort, coordinator, capacity=3).capacity == 3


def test_dates_that_leave_sessions_outside_are_refused(in_scope: Programme, coordinator: User) -> None:
    cohort = make_cohort(in_scope, starts_on=TODAY)
    make_session(cohort, starts_at=NOW + dt.timedelta(days=14))
    with pytest.raises(SessionsOutside, match=r"uden for holdet: 24\.03\.2026"):
        correct(cohort, coordinator, ends_on=TODAY + dt.timedelta(days=13))
    assert correct(cohort, coordinator, ends_on=TODAY + dt.timedelta(days=14))


def test_correcting_checks_the_dates(in_scope: Programme, coordinator: User) -> None:
    cohort = make_cohort(in_scope)
    with pytest.raises(EndsBeforeStart):
        correct(cohort, coordinator, ends_on=cohort.starts_on - dt.timedelta(days=1))


def test_cancelling_loses_nobody(in_scope: Programme, coordinator: User) -> None:
    cohort = make_cohort(in_scope, name="Majholdet")
    placed = make_enrolment(cohort)
    running = make_enrolment(
        cohort, make_participant(in_scope, stage=Stage.ACTIVE), state=EnrolmentState.STARTED
    )
    waiting = make_enrolment(
        cohort, make_participant(in_scope, stage=Stage.READY), state=EnrolmentState.WAITING
    )
    completed = make_enrolment(
        cohort, make_participant(in_scope, stage=Stage.COMPLETED), state=EnrolmentState.COMPLETED
    )
    cancel_cohort(cohort=cohort, by=coordinator, now=NOW)
    ends = {}
    for name, place in {"placed": placed, "running": running, "waiting": waiting, "done": completed}.items():
        place.refresh_from_db()
        place.participant.refresh_from_db()
        ends[name] = (place.state, place.participant.stage)
    assert ends == {
        "placed": (EnrolmentState.DECLINED, Stage.READY),
        "running": (EnrolmentState.STOPPED, Stage.PAUSED),
        "waiting": (EnrolmentState.DECLINED, Stage.READY),
        "done": (EnrolmentState.COMPLETED, Stage.COMPLETED),
    }
    why = "Majholdet er aflyst. Ring og fortæl det, og tilbyd et andet hold."
    told = {task.participant_id: task for task in Task.objects.open() if why in task.reasons}
    assert set(told) == {place.participant_id for place in (placed, running, waiting)}
    assert told[running.participant_id].kind == TaskKind.CALL
    assert told[placed.participant_id].due_on == TODAY + dt.timedelta(days=1)


def test_cancelling_twice_keeps_the_first_moment(in_scope: Programme, coordinator: User) -> None:
    cohort = make_cohort(in_scope)
    cancel_cohort(cohort=cohort, by=coordinator, now=NOW)
    again = cancel_cohort(cohort=cohort, by=coordinator, now=NOW + dt.timedelta(hours=1))
    assert again.cancelled_at == NOW


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"ends_on": TODAY - dt.timedelta(days=99)}, "courses_cohort_ends_after_start"),
        ({"capacity": 0}, "courses_cohort_capacity"),
    ],
)
def test_the_database_refuses_an_impossible_cohort(
    in_scope: Programme, fields: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_cohort(in_scope, **fields)
