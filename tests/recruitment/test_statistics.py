"""What is counted, of whom, and in which period."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from evaluation.enums import MissingReasonKind, Occasion
from evaluation.models import MissingReason
from participants.enums import ContactMethod, ContactOutcome, Outcome, Stage
from participants.models import ContactAttempt, StageChange
from recruitment.queries.statistics import (
    STEPS,
    Period,
    funnel,
    people_since,
    period_start,
    referrals_by_month,
    seats_of_cohorts,
    statistics,
)
from referrals.enums import ReferralKind
from tests.factories import (
    NOW,
    TODAY,
    make_cohort,
    make_enrolment,
    make_participant,
    make_referral,
    make_response,
)

WELL = (4, 4, 4, 4, 4)
LOW = (1, 1, 1, 1, 1)


def person(programme, stage=Stage.RECEIVED, kind=ReferralKind.JOBCENTRE, days_ago=0, **fields):
    """Return somebody referred once who stands at `stage`."""
    found = make_participant(programme, stage=stage, **fields)
    make_referral(programme, participant=found, kind=kind, received_at=NOW - dt.timedelta(days=days_ago))
    return found


def steps(row):
    return dict(zip([name for name, _ in STEPS], row.counts, strict=True))


def everybody():
    return funnel(people_since(None))


@pytest.mark.parametrize(
    ("stage", "furthest"),
    [
        (Stage.RECEIVED, "referred"),
        (Stage.CONTACTING, "referred"),
        (Stage.CONVERSATION, "reached"),
        (Stage.READY, "talked"),
        (Stage.PLACED, "placed"),
        (Stage.ACTIVE, "started"),
        (Stage.PAUSED, "started"),
        (Stage.COMPLETED, "completed"),
        (Stage.BRIDGING, "completed"),
    ],
)
def test_funnel_counts_a_person_on_every_step_up_to_their_furthest(in_scope, stage, furthest):
    person(in_scope, stage)
    counts = steps(everybody().total)
    names = [name for name, _ in STEPS[:6]]
    expected = {name: int(names.index(name) <= names.index(furthest)) for name in names}
    assert {name: counts[name] for name in names} == expected


def test_funnel_keeps_how_far_somebody_came_when_their_path_ends(in_scope):
    stopped = person(in_scope, Stage.ACTIVE)
    StageChange.objects.create(
        programme=in_scope, participant=stopped, to_stage=Stage.CLOSED, outcome="stopped_work", at=NOW
    )
    counts = steps(everybody().total)
    assert (counts["started"], counts["completed"]) == (1, 0)


def test_funnel_counts_a_meeting_as_a_conversation(in_scope):
    def attempt(who, method, outcome):
        ContactAttempt.objects.create(
            programme=in_scope, participant=who, method=method, outcome=outcome, at=NOW
        )

    attempt(person(in_scope), ContactMethod.MEETING, ContactOutcome.REACHED)
    attempt(person(in_scope), ContactMethod.PHONE, ContactOutcome.REACHED)
    attempt(person(in_scope), ContactMethod.PHONE, ContactOutcome.NO_ANSWER)
    counts = steps(everybody().total)
    assert (counts["referred"], counts["reached"], counts["talked"]) == (3, 2, 1)


def test_funnel_counts_measures_and_pairs_only_when_complete(in_scope):
    both, incomplete, before_only = (person(in_scope, Stage.COMPLETED) for _ in range(3))
    for who, before, after in (
        (both, LOW, WELL),
        (incomplete, LOW, (1, None, 1, 1, 1)),
        (before_only, LOW, None),
    ):
        make_response(who, Occasion.BEFORE, before)
        if after:
            make_response(who, Occasion.AFTER, after)
    found = everybody()
    counts = steps(found.total)
    assert (counts["before"], counts["after"], counts["pairs"]) == (3, 1, 1)
    assert found.pairs_per("completed") == pytest.approx(1 / 3)
    assert found.pairs_per("started") == pytest.approx(1 / 3)


def test_funnel_counts_a_person_once_under_the_first_source(in_scope):
    twice = person(in_scope, Stage.READY, ReferralKind.GP, days_ago=20)
    make_referral(in_scope, participant=twice, kind=ReferralKind.JOBCENTRE, received_at=NOW)
    person(in_scope, kind=ReferralKind.SELF)
    found = everybody()
    assert {row.label: row.count("referred") for row in found.rows} == {
        "Praktiserende læge": 1,
        "Personen selv": 1,
    }
    assert found.total.count("referred") == 2


def test_funnel_counts_whoever_has_no_referral_as_taken_in_by_the_coordinator(in_scope):
    make_participant(in_scope)
    assert [row.label for row in everybody().rows] == ["Oprettet af koordinatoren"]


def test_funnel_leaves_out_what_was_made_by_mistake(in_scope):
    person(in_scope, Stage.CLOSED, outcome=Outcome.MISTAKE)
    assert everybody().rows == ()
    assert everybody().pairs_per("started") is None


def test_figures_are_of_one_programme(in_scope, other_programme):
    person(other_programme, Stage.COMPLETED)
    make_response(person(other_programme, Stage.COMPLETED), Occasion.BEFORE, LOW)
    make_cohort(other_programme)
    found = statistics(Period.ALL, TODAY)
    assert found.funnel.total.count("referred") == 0
    assert found.seats == ()
    assert found.results.wellbeing.all_before.n == 0
    assert sum(month.count for month in found.months) == 0


def test_periods_begin_with_the_year_or_eleven_months_back():
    assert period_start(Period.THIS_YEAR, TODAY) == dt.date(2026, 1, 1)
    assert period_start(Period.LAST_12_MONTHS, TODAY) == dt.date(2025, 4, 1)
    assert period_start(Period.LAST_12_MONTHS, dt.date(2026, 12, 31)) == dt.date(2026, 1, 1)
    assert period_start(Period.ALL, TODAY) is None


def test_a_period_picks_people_by_their_first_referral_in_danish_time(in_scope):
    def referred(*, at):
        who = make_participant(in_scope)
        make_referral(in_scope, participant=who, received_at=at)

    referred(at=dt.datetime(2025, 12, 31, 23, 30, tzinfo=dt.UTC))  # half past midnight in Denmark
    referred(at=dt.datetime(2025, 12, 31, 22, 30, tzinfo=dt.UTC))
    old = person(in_scope, days_ago=400)
    make_referral(in_scope, participant=old, received_at=NOW)
    this_year = statistics(Period.THIS_YEAR, TODAY)
    assert this_year.funnel.total.count("referred") == 1
    assert sum(month.count for month in this_year.months) == 2
    assert statistics(Period.ALL, TODAY).funnel.total.count("referred") == 3


def test_results_follow_the_people_of_the_period(in_scope):
    for days_ago in (1, 300, 900):
        who = person(in_scope, Stage.COMPLETED, days_ago=days_ago)
        make_response(who, Occasion.BEFORE, LOW)
        make_response(who, Occasion.AFTER, WELL)
    assert statistics(Period.THIS_YEAR, TODAY).results.wellbeing.n == 1
    assert statistics(Period.LAST_12_MONTHS, TODAY).results.wellbeing.n == 2
    everything = statistics(Period.ALL, TODAY).results.wellbeing
    assert everything.n == 3
    assert everything.difference.mean == 60


def test_anonymised_measures_still_count_as_pairs(in_scope):
    who = person(in_scope, Stage.COMPLETED)
    for occasion, items in ((Occasion.BEFORE, LOW), (Occasion.AFTER, WELL)):
        response = make_response(who, occasion, items)
        response.participant = None
        response.save(update_fields=["participant"])
    assert statistics(Period.ALL, TODAY).results.wellbeing.n == 1
    assert statistics(Period.THIS_YEAR, TODAY).results.wellbeing.n == 0


def test_incomplete_measures_and_reasons_are_counted_apart(in_scope):
    who = person(in_scope, Stage.COMPLETED)
    make_response(who, Occasion.BEFORE, (1, None, 1, 1, 1), self_rated_health=3)
    make_response(who, Occasion.AFTER, WELL, self_rated_health=1)
    MissingReason.objects.create(
        programme=in_scope,
        participant=person(in_scope, Stage.COMPLETED),
        occasion=Occasion.AFTER,
        reason=MissingReasonKind.PAUSE,
        noted_at=NOW,
    )
    found = statistics(Period.ALL, TODAY)
    assert found.results.wellbeing.n == 0
    assert (found.results.incomplete_before, found.results.incomplete_after) == (1, 0)
    assert found.results.health.before.counts == (0, 0, 1, 0, 0)
    assert found.results.health.after.counts == (1, 0, 0, 0, 0)
    assert ("Pause", 1) in found.missing_reasons
    assert ("Andet", 0) in found.missing_reasons


def test_months_without_referrals_are_shown_as_nought(in_scope):
    person(in_scope, days_ago=0)
    person(in_scope, days_ago=60)
    months = referrals_by_month(dt.date(2025, 12, 1), TODAY)
    assert [(month.label, month.count) for month in months] == [
        ("dec 25", 0),
        ("jan 26", 1),
        ("feb 26", 0),
        ("mar 26", 1),
    ]


def test_months_of_everything_begin_with_the_first_referral_and_are_24_at_most(in_scope):
    assert [month.label for month in referrals_by_month(None, TODAY)] == ["mar 26"]
    person(in_scope, days_ago=45)
    assert [month.label for month in referrals_by_month(None, TODAY)] == ["jan 26", "feb 26", "mar 26"]
    person(in_scope, days_ago=2000)
    person(in_scope, days_ago=700)
    months = referrals_by_month(None, TODAY)
    assert len(months) == 24
    assert months[0].label == "apr 24"


def test_seats_are_those_taken_in_cohorts_that_were_not_cancelled(in_scope):
    cohort = make_cohort(in_scope, name="Foråret", capacity=4)
    make_enrolment(cohort)
    make_cohort(in_scope, name="Aflyst", cancelled_at=NOW)
    make_cohort(in_scope, name="I fjor", starts_on=TODAY - dt.timedelta(days=400))
    rows = seats_of_cohorts(dt.date(2026, 1, 1))
    assert [(row.name, row.taken, row.capacity, row.share) for row in rows] == [("Foråret", 1, 4, 0.25)]
    assert [row.name for row in seats_of_cohorts(None)] == ["I fjor", "Foråret"]


def test_statistics_takes_the_same_number_of_queries_for_any_number_of_people(programme):
    def queries():
        with (
            scope(programme=programme),
            CaptureQueriesContext(
                connection,
            ) as captured,
        ):
            statistics(Period.LAST_12_MONTHS, TODAY)
        return len(captured)

    def add(number):
        cohort = make_cohort(programme, capacity=60)
        for _ in range(number):
            who = person(programme, Stage.COMPLETED)
            make_enrolment(cohort, who)
            make_response(who, Occasion.BEFORE, LOW, self_rated_health=3)
            make_response(who, Occasion.AFTER, WELL, self_rated_health=2)

    none = queries()
    add(1)
    one = queries()
    add(29)
    assert none == one == queries() == 7
