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
from outreach.enums import ActivityKind, ActivityState, Strategy
from outreach.models import Activity, Organisation
from recruitment.queries.best_places import best_places
from recruitment.queries.year_wheel import ACTIVITY, START, SUGGESTION, year_wheel
from recruitment.year_wheel import BEFORE_A_START, COVERED_WITHIN, TOO_LATE, months_from, suggestions
from tests.factories import TODAY, make_activity, make_channel, make_cohort, make_organisation
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
    assert questions() == before == 5


# --- Where it is best done -------------------------------------------------------------------------


def places(kind: ActivityKind) -> list[tuple[str, str]]:
    return [(place.organisation.name, place.why) for place in best_places(TODAY).get(kind, [])]


def visited(partner: Organisation, *, days_ago: int) -> None:
    day = TODAY - dt.timedelta(days=days_ago)
    done = {"kind": ActivityKind.TALK, "state": ActivityState.DONE, "planned_on": day, "held_on": day}
    make_activity(partner.programme, organisation=partner, **done)


def test_a_visit_is_best_made_where_nobody_has_been_for_longest(in_scope):
    lately, long_ago, never = (
        make_organisation(in_scope, name=name, kind="gp", is_tended=True)
        for name in ("Lægehuset", "Lægerne på Torvet", "Doktor Ærø")
    )
    visited(lately, days_ago=9)
    visited(long_ago, days_ago=90)
    visited(long_ago, days_ago=200)
    make_organisation(in_scope, name="Skrevet på en formular", kind="gp", is_tended=False)
    expecting = make_organisation(in_scope, name="Har en aftale", kind="gp", is_tended=True)
    make_activity(in_scope, organisation=expecting, planned_on=TODAY, kind=ActivityKind.VISIT)
    jobcentre = make_organisation(in_scope, name="Jobcenter Syd", is_tended=True)

    assert places(ActivityKind.VISIT) == [
        (never.name, "Intet besøg er noteret."),
        (long_ago.name, f"Ikke besøgt siden {TODAY - dt.timedelta(days=90):%d.%m.%Y}."),
        (lately.name, f"Ikke besøgt siden {TODAY - dt.timedelta(days=9):%d.%m.%Y}."),
    ]
    assert places(ActivityKind.TALK) == [(jobcentre.name, "Intet besøg er noteret.")]
    assert places(ActivityKind.INFORMATION_MEETING) == []
    assert places(ActivityKind.PHONE) == []


def test_what_others_pass_on_is_best_given_to_whose_channel_carries_such_things(in_scope):
    housing, union, library = (
        make_organisation(in_scope, name=name, kind=kind)
        for name, kind in (("Boligforeningen", "housing"), ("3F", "union"), ("Biblioteket", "other"))
    )
    magazine = make_channel(in_scope, name="Beboerbladet", organisation=housing)
    make_channel(in_scope, name="Medlemsbladet", organisation=union)
    walls = make_channel(in_scope, name="Opslagstavlen", organisation=library)
    make_channel(in_scope, name="Uden partner")
    make_channel(in_scope, name="Af brug", organisation=union, is_active=False)
    make_channel(in_scope, name="Møder", organisation=union, strategy=Strategy.DELIMITED)
    day = TODAY - dt.timedelta(days=80)
    for channel, kind in ((magazine, ActivityKind.NEWSLETTER), (walls, ActivityKind.POSTERS)):
        make_activity(
            in_scope, channel=channel, kind=kind, state=ActivityState.DONE, planned_on=day, held_on=day
        )

    assert places(ActivityKind.NEWSLETTER) == [
        ("3F", "“Medlemsbladet” er deres, ikke brugt endnu."),
        ("Boligforeningen", f"“Beboerbladet” er deres, sidst brugt {day:%d.%m.%Y}."),
    ]
    assert [name for name, _ in places(ActivityKind.POSTERS)] == ["3F", "Biblioteket"]
    make_activity(in_scope, channel=magazine, kind=ActivityKind.NEWSLETTER, planned_on=TODAY)
    assert [name for name, _ in places(ActivityKind.NEWSLETTER)] == ["3F"]


def test_two_suggestions_of_a_kind_are_made_at_two_partners(in_scope):
    for weeks in (20, 30):
        make_cohort(in_scope, starts_on=TODAY + weeks * WEEK)
    for name in ("Doktor A", "Doktor B"):
        make_organisation(in_scope, name=name, kind="gp", is_tended=True)
    lines = [row for month in year_wheel(TODAY) for _, what, row in month.entries if what == SUGGESTION]
    visits = [line for line in lines if line.suggestion.suggested.kind == ActivityKind.VISIT]
    assert [line.place.organisation.name for line in visits] == ["Doktor A", "Doktor B"]
    assert {line.place for line in lines if line.suggestion.suggested.kind == ActivityKind.PHONE} == {None}


# --- The page --------------------------------------------------------------------------------------


@pytest.fixture
def browser(client_for, coordinator) -> Client:
    return client_for(coordinator)


@pytest.fixture
def cohort(programme):
    return make_cohort(programme, name="Forårsholdet", starts_on=timezone.localdate() + 20 * WEEK)


def test_year_wheel_without_anything_says_what_to_do(browser, programme):
    page = browser.get(PAGE).content.decode()
    assert "Ingen hold og ingen planer endnu" in page
    assert "/hold/nyt/" in page
    assert "Intet planlagt." not in page


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


def test_year_wheel_plans_at_the_partner_that_it_named(browser, programme, cohort):
    for name in ("Doktor A", "Doktor B"):
        make_organisation(programme, name=name, kind="gp", is_tended=True)
    page = html.unescape(browser.get(PAGE).content.decode())
    assert "Bedst hos" in page
    assert "Doktor A" in page
    with scope(programme=programme):
        shown = Organisation.objects.get(name="Doktor A")
    answer = browser.post(f"{PAGE}{cohort.pk}/planlaeg/", {"what": "visit", "where": shown.pk}, follow=True)
    assert "hos Doktor A er planlagt" in answer.content.decode()
    with scope(programme=programme):
        assert Activity.objects.get().organisation == shown


def test_year_wheel_plans_at_no_partner_that_it_cannot_have_named(
    browser, programme, other_programme, cohort
):
    elsewhere = make_organisation(other_programme, kind="gp", is_tended=True)
    union = make_organisation(programme, kind="union", is_tended=True)
    for what, where in (("visit", elsewhere.pk), ("talk", "x" * 50), ("newsletter", union.pk)):
        browser.post(f"{PAGE}{cohort.pk}/planlaeg/", {"what": what, "where": where})
    with scope(programme=programme):
        assert [activity.organisation for activity in Activity.objects.all()] == [None] * 3


@pytest.mark.parametrize("what", ["", "nonsense", "other"])
def test_year_wheel_plans_nothing_that_it_does_not_ask_for(browser, programme, cohort, what):
    answer = browser.post(f"{PAGE}{cohort.pk}/planlaeg/", {"what": what}, follow=True)
    assert "allerede planlagt" in answer.content.decode()
    with scope(programme=programme):
        assert not Activity.objects.exists()
