"""The year wheel: what is asked for before a cohort, and planned with one tap."""

import datetime as dt
import html

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from core.danish import is_working_day
from outreach.enums import ActivityKind, ActivityState
from outreach.models import Activity
from recruitment.queries.year_wheel import ACTIVITY, START, SUGGESTION, year_wheel
from recruitment.year_wheel import BEFORE_A_START, COVERED_WITHIN, TOO_LATE, months_from, suggestions
from tests.factories import TODAY, make_activity, make_cohort
from worklist.models import Task

WEEK = dt.timedelta(weeks=1)
PAGE = "/samarbejde/aarshjul/"
FIRST_DAY = TODAY + 20 * WEEK


def asked(*activities: tuple[str, dt.date], starts_on: dt.date = FIRST_DAY, today: dt.date = TODAY):
    return suggestions([(1, "Forårsholdet", starts_on)], activities, today)


def test_suggestions_are_all_asked_for_before_a_cohort_far_ahead():
    found = asked()
    assert [one.suggested for one in found] == list(BEFORE_A_START)
    assert all(is_working_day(one.on) and not one.is_late for one in found)
    assert all(dt.timedelta() <= one.on - (FIRST_DAY - one.suggested.weeks * WEEK) < WEEK for one in found)


def test_suggestion_is_covered_by_the_same_kind_near_its_day():
    newsletter = BEFORE_A_START[0]
    day = FIRST_DAY - newsletter.weeks * WEEK
    near, far = day + COVERED_WITHIN, day + COVERED_WITHIN + dt.timedelta(days=1)
    assert newsletter not in [one.suggested for one in asked((newsletter.kind, near))]
    assert newsletter in [one.suggested for one in asked((newsletter.kind, far))]
    assert newsletter in [one.suggested for one in asked((ActivityKind.OTHER, day))]


def test_suggestion_whose_day_has_passed_is_late_and_then_too_late():
    newsletter = BEFORE_A_START[0]
    day = FIRST_DAY - newsletter.weeks * WEEK
    late = asked(today=day + TOO_LATE)[0]
    assert (late.suggested, late.is_late) == (newsletter, True)
    assert late.on >= day + TOO_LATE
    assert asked(today=day + TOO_LATE + dt.timedelta(days=1))[0].suggested != newsletter


def test_nothing_is_asked_for_a_cohort_that_has_begun():
    assert asked(starts_on=TODAY) == []


def test_months_are_twelve_over_the_turn_of_the_year():
    months = months_from(dt.date(2026, 11, 26))
    assert (months[0], months[1], months[2], len(months)) == (
        dt.date(2026, 11, 1),
        dt.date(2026, 12, 1),
        dt.date(2027, 1, 1),
        12,
    )


# --- From the database -----------------------------------------------------------------------------


def test_year_wheel_has_starts_plans_and_suggestions_in_their_months(in_scope):
    cohort = make_cohort(in_scope, starts_on=FIRST_DAY)
    plan = make_activity(in_scope, planned_on=TODAY + 2 * WEEK, kind=ActivityKind.OTHER)
    held = make_activity(
        in_scope, planned_on=TODAY, held_on=TODAY, state=ActivityState.DONE, kind=ActivityKind.OTHER
    )
    make_activity(in_scope, planned_on=TODAY, state=ActivityState.DROPPED)
    make_cohort(in_scope, starts_on=FIRST_DAY, cancelled_at=timezone.now())
    months = {month.first: month for month in year_wheel(TODAY)}
    entries = [entry for month in months.values() for entry in month.entries]
    assert [row for _, what, row in entries if what == START] == [cohort]
    assert [row for _, what, row in entries if what == ACTIVITY] == [held, plan]
    assert len([row for _, what, row in entries if what == SUGGESTION]) == len(BEFORE_A_START)
    assert [day for day, _, _ in entries] == sorted(day for day, _, _ in entries)
    assert all(day.replace(day=1) == first for first, month in months.items() for day, _, _ in month.entries)


def test_year_wheel_asks_the_same_whatever_there_is(in_scope):
    def questions() -> int:
        with CaptureQueriesContext(connection) as queries:
            year_wheel(TODAY)
        return len(queries)

    before = questions()
    for weeks in range(3):
        make_cohort(in_scope, starts_on=FIRST_DAY + weeks * WEEK)
        make_activity(in_scope, planned_on=TODAY + weeks * WEEK)
    assert questions() == before == 2


# --- The page --------------------------------------------------------------------------------------


@pytest.fixture
def browser(client_for, coordinator) -> Client:
    return client_for(coordinator)


@pytest.fixture
def cohort(programme):
    return make_cohort(programme, name="Forårsholdet", starts_on=timezone.localdate() + 20 * WEEK)


def test_year_wheel_plans_with_one_tap_and_once(browser, programme, cohort):
    page = html.unescape(browser.get(PAGE).content.decode())
    assert "Forårsholdet" in page
    assert "Informationsmøde uden tilmelding" in page
    for _ in range(2):
        browser.post(f"{PAGE}{cohort.pk}/planlaeg/", {"what": "information_meeting"})
    with scope(programme=programme):
        (activity,) = Activity.objects.all()
        assert Task.objects.get(activity=activity).due_on == activity.planned_on
    assert (activity.kind, activity.minutes) == (ActivityKind.INFORMATION_MEETING, 120)
    page = html.unescape(browser.get(PAGE).content.decode())
    assert "Planlagt" in page


@pytest.mark.parametrize("what", ["", "nonsense", "other"])
def test_year_wheel_plans_nothing_that_it_does_not_ask_for(browser, programme, cohort, what):
    answer = browser.post(f"{PAGE}{cohort.pk}/planlaeg/", {"what": what}, follow=True)
    assert "allerede planlagt" in answer.content.decode()
    with scope(programme=programme):
        assert not Activity.objects.exists()
