"""Seats counted, and the cohort that comes next."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Programme
from courses.enums import EnrolmentState
from courses.models import Cohort
from courses.queries import cohorts_with_seats, current_cohorts, next_cohort_with_seats
from tests.factories import NOW, TODAY, make_cohort, make_enrolment, make_session


def in_days(programme: Programme, days: int, **fields) -> Cohort:
    return make_cohort(programme, starts_on=TODAY + dt.timedelta(days=days), **fields)


def test_seats_are_counted_by_the_states_that_take_one(in_scope: Programme) -> None:
    cohort = in_days(in_scope, 7, capacity=9)
    for state in EnrolmentState:
        make_enrolment(cohort, state=state)
    (seats,) = current_cohorts(in_scope, TODAY)
    assert (seats.cohort, seats.seats_taken, seats.seats_left) == (cohort, 4, 5)


def test_next_cohort_passes_over_full_cancelled_and_running_ones(in_scope: Programme) -> None:
    in_days(in_scope, -1)
    in_days(in_scope, 1, cancelled_at=NOW)
    make_enrolment(in_days(in_scope, 2, capacity=1))
    wanted = in_days(in_scope, 9)
    in_days(in_scope, 5 * 7)
    found = next_cohort_with_seats(in_scope, TODAY)
    assert found is not None
    assert found.cohort == wanted
    assert len(cohorts_with_seats(in_scope, TODAY)) == 2


def test_next_cohort_is_none_where_there_is_none(in_scope: Programme) -> None:
    assert next_cohort_with_seats(in_scope, TODAY) is None


def test_next_cohort_is_the_programmes_own(in_scope: Programme, other_programme: Programme) -> None:
    in_days(other_programme, 1)
    assert next_cohort_with_seats(in_scope, TODAY) is None


def test_next_session_is_the_first_from_today_on(in_scope: Programme) -> None:
    cohort = in_days(in_scope, -7)
    make_session(cohort, starts_at=NOW - dt.timedelta(days=1))
    make_session(cohort, starts_at=NOW + dt.timedelta(days=7))
    today = make_session(cohort, starts_at=NOW - dt.timedelta(hours=3))
    (seats,) = current_cohorts(in_scope, TODAY)
    assert seats.next_session == today


def test_current_cohorts_leave_out_what_is_over(in_scope: Programme) -> None:
    in_days(in_scope, -99)
    in_days(in_scope, 1, cancelled_at=NOW)
    last_day = make_cohort(in_scope, starts_on=TODAY - dt.timedelta(days=9), ends_on=TODAY)
    assert [seats.cohort for seats in current_cohorts(in_scope, TODAY)] == [last_day]


@pytest.mark.parametrize("number", [1, 3, 30])
def test_counting_seats_takes_two_queries_for_any_number_of_cohorts(in_scope: Programme, number: int) -> None:
    for day in range(number):
        cohort = in_days(in_scope, day + 1)
        make_enrolment(cohort)
        make_session(cohort, starts_at=NOW + dt.timedelta(days=day + 1))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(cohorts_with_seats(in_scope, TODAY)) == number
    assert len(queries) == 2
