"""One person's measures: what the coordinator is shown, and what must be said about them."""

import datetime as dt

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from courses.enums import EnrolmentState
from evaluation.enums import Band, MissingReasonKind, Mode, Occasion
from evaluation.models import Invitation, MissingReason
from evaluation.queries import participant_measures
from participants.enums import Stage
from tests.factories import (
    NOW,
    TODAY,
    make_cohort,
    make_enrolment,
    make_participant,
    make_response,
    make_session,
)


@pytest.fixture
def anna(in_scope):
    return make_participant(in_scope, stage=Stage.COMPLETED)


def days(number):
    return dt.timedelta(days=number)


def measures(person):
    return participant_measures(person, TODAY)


def shown(person):
    html = render_to_string(
        "evaluation/_participant_measures.html", {"measures": measures(person), "participant": person}
    )
    return " ".join(html.split())


def answer(person, before=(1, 1, 1, 1, 1), after=(3, 3, 3, 3, 3), before_on=None):
    before_on = TODAY - days(50) if before_on is None else before_on
    make_response(person, Occasion.BEFORE, before, answered_on=before_on)
    make_response(person, Occasion.AFTER, after, answered_on=TODAY)


def take_part(person, last_session):
    cohort = make_cohort(person.programme, starts_on=TODAY - days(60))
    make_enrolment(cohort, person, state=EnrolmentState.COMPLETED)
    for ago in (last_session, last_session + 7):
        make_session(cohort, starts_at=NOW - days(ago))
    make_session(cohort, starts_at=NOW + days(3))


def test_nothing_is_known_before_the_first_measure(anna):
    found = measures(anna)
    assert not found.before.is_answered
    assert found.before.percentage is None
    assert found.before.band is None
    assert found.difference is None
    assert found.flags == ()
    assert shown(anna).count("Ikke besvaret.") == 2


def test_a_complete_measure_has_score_band_and_how_it_came(anna, coordinator):
    make_response(
        anna,
        Occasion.BEFORE,
        (2, 2, 1, 2, 2),
        self_rated_health=4,
        comment="Sov dårligt",
        entered_by=coordinator,
    )
    before = measures(anna).before
    assert (before.percentage, before.band, before.health) == (36, Band.RISK, "Mindre godt")
    assert before.how == "På papir, skrevet ind af Kirsten Koordinator"
    html = shown(anna)
    for part in ("36", "WHO-5: risiko", "Sov dårligt", "10.03.2026", "Mindre godt"):
        assert part in html


def test_an_incomplete_measure_is_marked_and_has_no_score(anna):
    make_response(anna, Occasion.BEFORE, (1, None, None, 2, 0), mode=Mode.OWN_PHONE)
    before = measures(anna).before
    assert before.is_incomplete
    assert (before.percentage, before.band, before.unanswered) == (None, None, 2)
    assert "Ufuldstændig" in shown(anna)
    assert "2 af 5 spørgsmål om trivsel er ikke besvaret" in shown(anna)


def test_an_invitation_and_a_noted_reason_are_told(in_scope, anna):
    Invitation.objects.create(programme=in_scope, participant=anna, occasion=Occasion.BEFORE, created_at=NOW)
    MissingReason.objects.create(
        programme=in_scope,
        participant=anna,
        occasion=Occasion.AFTER,
        reason=MissingReasonKind.DOES_NOT_WISH,
        noted_at=NOW,
    )
    assert measures(anna).before.invited_at == NOW
    assert measures(anna).after.missing_reason == "Ønsker det ikke"
    assert "Inviteret 10.03.2026." in shown(anna)
    assert "Ønsker det ikke." in shown(anna)


@pytest.mark.parametrize(
    ("after", "difference", "noise", "text"),
    [
        ((2, 2, 2, 2, 2), 20, True, "+20 point"),
        ((3, 2, 2, 2, 2), 24, False, "+24 point"),
        ((1, 1, 1, 1, 1), 0, True, "0 point"),
        ((0, 0, 0, 0, 0), -20, True, "−20 point"),
    ],
)
def test_a_difference_under_24_is_never_called_improvement(anna, after, difference, noise, text):
    answer(anna, after=after)
    found = measures(anna)
    assert (found.difference, found.is_within_noise) == (difference, noise)
    html = shown(anna)
    assert text in html
    assert ("almindelige udsving" in html) is noise
    assert "bedring" not in html
    assert "fremgang" not in html


def test_there_is_no_difference_with_an_incomplete_measure(anna):
    answer(anna, after=(None, 1, 1, 1, 1))
    assert measures(anna).difference is None
    assert measures(anna).difference_text == ""


@pytest.mark.parametrize(("gap", "flagged"), [(13, True), (14, False), (1, True), (0, True)])
def test_measures_closer_than_the_recall_of_two_weeks_are_flagged(anna, gap, flagged):
    answer(anna, before_on=TODAY - days(gap))
    flags = measures(anna).flags
    assert bool(flags) is flagged
    if flagged:
        assert flags[0].startswith(f"Der er {'1 dag' if gap == 1 else f'{gap} dage'} mellem")
        assert flags[0] in shown(anna)


@pytest.mark.parametrize(("since_last", "flagged"), [(21, False), (22, True)])
def test_an_after_measure_long_after_the_last_session_is_flagged(anna, since_last, flagged):
    take_part(anna, since_last)
    answer(anna)
    flags = measures(anna).flags
    assert bool(flags) is flagged
    if flagged:
        assert flags[0] == "Eftermålingen er taget 22 dage efter sidste mødegang. Grænsen er 21 dage."


def test_the_programme_sets_both_limits(in_scope):
    in_scope.after_measure_min_days = 7
    in_scope.after_measure_max_days = 30
    in_scope.save()
    person = make_participant(in_scope, stage=Stage.COMPLETED)
    take_part(person, 25)
    answer(person, before_on=TODAY - days(8))
    assert measures(person).flags == ()


def test_sessions_of_a_cohort_never_begun_do_not_count(anna):
    cohort = make_cohort(anna.programme, starts_on=TODAY - days(60))
    make_enrolment(cohort, anna, state=EnrolmentState.DECLINED)
    make_session(cohort, starts_at=NOW - days(40))
    answer(anna)
    assert measures(anna).flags == ()


def test_a_persons_measures_take_four_queries(anna):
    answer(anna)
    with CaptureQueriesContext(connection) as captured:
        measures(anna)
    assert len(captured) == 4


def test_the_participants_page_shows_the_measures(client_for, coordinator, programme):
    person = make_participant(programme, stage=Stage.COMPLETED)
    answer(person)
    page = client_for(coordinator).get(f"/deltagere/{person.pk}/").content.decode()
    assert "Målinger" in page
    assert "+40 point" in page
    assert f"/deltagere/{person.pk}/maaling/efter/" in page
