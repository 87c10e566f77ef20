"""What the forecast page learns from the programme's rows, and what it says."""

import datetime as dt

import pytest
from django.urls import reverse
from django_scopes import scope

from courses.enums import EnrolmentState
from participants.enums import Outcome, Stage
from participants.models import StageChange
from recruitment.forecast.history import End, Phase, Stay, Waiting
from recruitment.queries import forecast
from recruitment.queries.forecast import forecast_page, history, stays_of
from referrals.enums import ReferralKind
from tests import factories
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db


def day(number: int) -> dt.date:
    return TODAY - dt.timedelta(days=30) + dt.timedelta(days=number)


@pytest.mark.parametrize(
    ("path", "stays"),
    [
        ([(Stage.RECEIVED, 0)], [(Phase.NEW, 30, End.OPEN)]),
        ([(Stage.RECEIVED, 0), (Stage.CONTACTING, 3)], [(Phase.NEW, 30, End.OPEN)]),
        (
            [(Stage.RECEIVED, 0), (Stage.CONTACTING, 1), (Stage.CONVERSATION, 4), (Stage.READY, 9)],
            [(Phase.NEW, 4, End.ADVANCED), (Phase.TALKING, 5, End.ADVANCED), (Phase.READY, 21, End.OPEN)],
        ),
        ([(Stage.RECEIVED, 0), (Stage.CLOSED, 12)], [(Phase.NEW, 12, End.DROPPED)]),
        (
            [
                (Stage.RECEIVED, 0),
                (Stage.CONVERSATION, 2),
                (Stage.READY, 2),
                (Stage.PLACED, 6),
                (Stage.ACTIVE, 8),
            ],
            [(Phase.NEW, 2, End.ADVANCED), (Phase.TALKING, 0, End.ADVANCED), (Phase.READY, 4, End.ADVANCED)],
        ),
        (
            [(Stage.RECEIVED, 0), (Stage.CLOSED, 5), (Stage.READY, 20)],
            [(Phase.NEW, 5, End.DROPPED), (Phase.READY, 10, End.OPEN)],
        ),
        (
            [(Stage.RECEIVED, 0), (Stage.READY, 7)],
            [(Phase.NEW, 7, End.ADVANCED), (Phase.TALKING, 0, End.ADVANCED), (Phase.READY, 23, End.OPEN)],
        ),
        (
            [(Stage.READY, 0), (Stage.PLACED, 3), (Stage.READY, 10)],
            [(Phase.READY, 3, End.ADVANCED), (Phase.READY, 20, End.OPEN)],
        ),
    ],
)
def test_stays_of_a_path(path, stays):
    found = stays_of("gp", [(stage, day(number)) for stage, number in path], TODAY)
    assert list(found) == [Stay("gp", phase, days, end) for phase, days, end in stays]


def move(participant, to_stage: Stage, days_ago: int) -> None:
    at = NOW - dt.timedelta(days=days_ago)
    with scope(programme=participant.programme):
        StageChange.objects.create(
            programme=participant.programme, participant=participant, to_stage=to_stage, at=at
        )
        outcome = Outcome.DECLINED if to_stage == Stage.CLOSED else ""
        type(participant).objects.filter(pk=participant.pk).update(
            stage=to_stage, stage_changed_at=at, outcome=outcome
        )


def test_history_counts_those_who_wait_from_the_day_they_came(in_scope):
    person = factories.make_participant(in_scope, created_at=NOW - dt.timedelta(days=12))
    factories.make_referral(
        in_scope, participant=person, kind=ReferralKind.GP, received_at=NOW - dt.timedelta(days=12)
    )
    move(person, Stage.CONTACTING, 3)
    past, standing = history(TODAY)
    assert standing == {person.pk: Waiting("gp", Phase.NEW, 12)}
    assert list(past.stays) == [Stay("gp", Phase.NEW, 12, End.OPEN)]
    assert [dict(week) for week in past.weeks] == [{}, {"gp": 1}]


def test_history_leaves_out_mistakes_and_other_programmes(in_scope, other_programme):
    factories.make_participant(in_scope, stage=Stage.CLOSED, outcome=Outcome.MISTAKE)
    factories.make_participant(other_programme)
    past, standing = history(TODAY)
    assert (list(past.stays), past.seats, standing) == ([], 0, {})


def test_history_asks_of_places_whether_the_person_came_within_a_week_of_the_start(in_scope):
    starts_on = TODAY - dt.timedelta(days=20)
    cohort = factories.make_cohort(in_scope, starts_on=starts_on, ends_on=TODAY + dt.timedelta(days=20))
    before = NOW - dt.timedelta(days=25)

    def place(state: EnrolmentState, started: int | None = None, created_at: dt.datetime = before) -> None:
        factories.make_enrolment(
            cohort,
            state=state,
            created_at=created_at,
            state_changed_at=before,
            started_at=None if started is None else NOW - dt.timedelta(days=20 - started),
        )

    place(EnrolmentState.STARTED, started=0)
    place(EnrolmentState.STOPPED, started=7)
    place(EnrolmentState.STARTED, started=8)  # came later: the seat stood empty at the start
    place(EnrolmentState.ENROLLED)
    place(EnrolmentState.DECLINED)  # given up before the start: the seat was free again
    place(EnrolmentState.WAITING)
    place(EnrolmentState.STARTED, started=3, created_at=NOW - dt.timedelta(days=18))  # joined after it
    past, _ = history(TODAY)
    assert (past.seats, past.begun) == (4, 2)


def a_year(programme, people: int = 30) -> None:
    """Make a past cohort with its people, so that a forecast can be made."""
    cohort = factories.make_cohort(
        programme,
        starts_on=TODAY - dt.timedelta(days=90),
        ends_on=TODAY - dt.timedelta(days=40),
        capacity=people,
    )
    for number in range(people):
        came = 120 + number
        person = factories.make_participant(programme, created_at=NOW - dt.timedelta(days=came))
        factories.make_referral(programme, participant=person, received_at=NOW - dt.timedelta(days=came))
        move(person, Stage.CONVERSATION, came - 4 - number % 3)
        if number % 5 == 0:
            move(person, Stage.CLOSED, came - 9)
            continue
        move(person, Stage.READY, came - 9)
        move(person, Stage.PLACED, 100)
        move(person, Stage.ACTIVE, 90)
        factories.make_enrolment(
            cohort,
            person,
            state=EnrolmentState.STARTED,
            created_at=NOW - dt.timedelta(days=100),
            started_at=NOW - dt.timedelta(days=90),
        )


def test_forecast_page_says_who_would_help_most(in_scope):
    a_year(in_scope)
    factories.make_cohort(
        in_scope, starts_on=TODAY + dt.timedelta(days=14), ends_on=TODAY + dt.timedelta(days=60), capacity=12
    )
    new = factories.make_participant(in_scope, given_name="Ny")
    ready = factories.make_participant(
        in_scope, given_name="Klar", stage=Stage.READY, created_at=NOW - dt.timedelta(days=3)
    )
    page = forecast_page(NOW)
    assert page.enough_history
    assert page.first is not None
    assert page.first.gap > 0
    assert {line.participant.pk for line in page.people} <= {new.pk, ready.pk}
    assert page.people[0].moved_on_percent > page.people[0].now_percent


def test_forecast_page_asks_those_who_have_sent_many_and_lately_none(in_scope):
    a_year(in_scope)
    factories.make_cohort(
        in_scope, starts_on=TODAY + dt.timedelta(days=14), ends_on=TODAY + dt.timedelta(days=60)
    )
    silent = factories.make_referrer(in_scope, last_referral_at=NOW - dt.timedelta(days=60))
    lately = factories.make_referrer(in_scope, last_referral_at=NOW - dt.timedelta(days=2))
    stopped = factories.make_referrer(in_scope, last_referral_at=NOW - dt.timedelta(days=60), stopped_at=NOW)
    for referrer in (silent, lately, stopped):
        factories.make_referral(in_scope, referrer=referrer, received_at=NOW - dt.timedelta(days=60))
    page = forecast_page(NOW)
    assert [(line.referrer.pk, line.sent) for line in page.referrers] == [(silent.pk, 1)]


def test_forecast_page_is_honest_where_there_is_nothing_to_go_by(in_scope):
    assert forecast_page(NOW).first is None
    factories.make_cohort(
        in_scope, starts_on=TODAY + dt.timedelta(days=14), ends_on=TODAY + dt.timedelta(days=60)
    )
    page = forecast_page(NOW)
    assert page.first is not None
    assert page.first.forecast is None
    assert not page.enough_history


def test_forecast_page_asks_the_same_number_of_questions_however_many_wait(
    in_scope, django_assert_num_queries
):
    a_year(in_scope)
    factories.make_cohort(
        in_scope, starts_on=TODAY + dt.timedelta(days=14), ends_on=TODAY + dt.timedelta(days=60)
    )
    factories.make_participant(in_scope)
    with django_assert_num_queries(7):
        forecast_page(NOW)
    for _ in range(20):
        factories.make_participant(in_scope, stage=Stage.READY)
    with django_assert_num_queries(7):
        forecast_page(NOW)


@pytest.fixture
def opened(client_for, coordinator, monkeypatch):
    """Open the page as the coordinator, on the day of the tests."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    return lambda: client_for(coordinator).get(reverse("recruitment:cohort_forecast")).content.decode()


def test_cohort_forecast_leads_to_the_first_cohort_where_none_is_coming(opened, programme):
    assert "Ingen kommende hold" in opened()


def test_cohort_forecast_says_when_it_would_be_a_guess(opened, programme):
    factories.make_cohort(
        programme,
        name="Forår",
        starts_on=TODAY + dt.timedelta(days=14),
        ends_on=TODAY + dt.timedelta(days=60),
    )
    page = opened()
    assert "For tidligt at sige" in page
    assert "Forår" in page


def test_cohort_forecast_shows_the_interval_and_the_people(opened, programme):
    a_year(programme)
    factories.make_cohort(
        programme,
        name="Forår",
        starts_on=TODAY + dt.timedelta(days=14),
        ends_on=TODAY + dt.timedelta(days=60),
    )
    factories.make_participant(programme, family_name="Ærøskøbing", stage=Stage.READY)
    page = opened()
    assert "Ventet:" in page
    assert "Ærøskøbing" in page
    assert "Så mange venter vi begynder" in page


def test_cohort_forecast_looks_no_further_than_people_can_be_heard_of(in_scope):
    far = TODAY + dt.timedelta(days=forecast.AHEAD_DAYS + 1)
    factories.make_cohort(in_scope, starts_on=far, ends_on=far + dt.timedelta(days=40))
    assert forecast_page(NOW).cohorts == []
