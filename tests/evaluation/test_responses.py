"""Storing answers: once per occasion, blanks kept, a low score followed up."""

import datetime as dt

import pytest

from core.tokens import LinkUnusable, UnusableReason, open_token
from evaluation.enums import Mode, Occasion, SelfRatedHealth
from evaluation.models import Invitation, MissingReason, Response
from evaluation.services import (
    LINK_PURPOSE,
    AlreadyAnswered,
    AnsweredInFuture,
    NotAnsweredYet,
    NothingAnswered,
    answer_by_link,
    correct_response,
    invite_to_measure,
    record_response,
)
from tests.factories import make_participant, make_response, make_task
from worklist.enums import TaskKind, TaskState
from worklist.models import Task

WELL = (4, 4, 4, 4, 4)
LOW = (1, 1, 2, 2, 2)  # 32, the last score of "stor risiko"


@pytest.fixture
def anna(in_scope):
    return make_participant(in_scope)


def answers(person, coordinator, now, items=WELL, occasion=Occasion.BEFORE, **changes):
    return {
        "participant": person,
        "occasion": occasion,
        "items": items,
        "self_rated_health": SelfRatedHealth.GOOD,
        "comment": "En god dag.",
        "language": "da",
        "mode": Mode.PAPER,
        "entered_by": coordinator,
        "answered_on": now.date(),
        "now": now,
    } | changes


def follow_ups(person):
    return Task.objects.open().filter(kind=TaskKind.FOLLOW_UP_LOW_SCORE, participant=person)


def test_answers_are_stored_with_version_mode_and_who_typed_them(anna, coordinator, now):
    response = record_response(**answers(anna, coordinator, now))
    response.refresh_from_db()
    assert response.items == WELL
    assert (response.raw_score, response.percentage_score) == (20, 80)
    assert response.self_rated_health == SelfRatedHealth.GOOD
    assert response.comment == "En god dag."
    assert response.text_version == "who5-da-1+srh-da-1"
    assert (response.language, response.mode, response.entered_by) == ("da", Mode.PAPER, coordinator)
    assert response.pseudonym == anna.pseudonym


def test_zeros_are_answers_with_a_score_of_nought(anna, coordinator, now):
    response = record_response(**answers(anna, coordinator, now, items=(0, 0, 0, 0, 0)))
    response.refresh_from_db()
    assert response.raw_score == 0
    assert response.is_complete


def test_an_incomplete_answer_is_kept_without_a_score(anna, coordinator, now):
    response = record_response(**answers(anna, coordinator, now, items=(0, None, 0, 0, 0)))
    response.refresh_from_db()
    assert response.raw_score is None
    assert response.percentage_score is None
    assert not response.is_complete
    assert not follow_ups(anna).exists()


def test_one_occasion_is_answered_once(anna, coordinator, now):
    record_response(**answers(anna, coordinator, now))
    with pytest.raises(AlreadyAnswered):
        record_response(**answers(anna, coordinator, now, items=LOW))
    record_response(**answers(anna, coordinator, now, occasion=Occasion.AFTER))
    assert Response.objects.count() == 2
    assert Response.objects.get(occasion=Occasion.BEFORE).items == WELL


@pytest.mark.parametrize("items", [(1, 2, 3), (1, 2, 3, 4, 6), (1, 2, 3, 4, -1)])
def test_answers_that_who5_has_not_got_are_refused(anna, coordinator, now, items):
    with pytest.raises(ValueError, match="WHO-5"):
        record_response(**answers(anna, coordinator, now, items=items))


def test_a_health_answer_that_does_not_exist_is_refused(anna, coordinator, now):
    with pytest.raises(ValueError, match="6"):
        record_response(**answers(anna, coordinator, now, self_rated_health=6))


def test_an_empty_questionnaire_is_refused(anna, coordinator, now):
    with pytest.raises(NothingAnswered):
        record_response(**answers(anna, coordinator, now, items=(None,) * 5, self_rated_health=None))
    assert record_response(**answers(anna, coordinator, now, items=(None,) * 5))


def test_a_day_to_come_is_refused(anna, coordinator, now):
    tomorrow = now.date() + dt.timedelta(days=1)
    with pytest.raises(AnsweredInFuture):
        record_response(**answers(anna, coordinator, now, answered_on=tomorrow))


def test_a_low_score_opens_a_task_for_today_that_tells_no_score(anna, coordinator, now):
    record_response(**answers(anna, coordinator, now, items=LOW))
    task = follow_ups(anna).get()
    assert task.due_on == now.date()
    assert str(task) == "Følg op på lav trivsel"
    assert task.why == "Ring og hør, hvordan det går. Skemaet før forløbet blev besvaret 10.03.2026."


def test_a_low_score_on_a_saturday_waits_for_monday(anna, coordinator, now):
    saturday = now + dt.timedelta(days=4)
    record_response(**answers(anna, coordinator, saturday, items=LOW))
    assert follow_ups(anna).get().due_on == dt.date(2026, 3, 16)


@pytest.mark.parametrize(
    ("limit", "items", "opened"),
    [(35, LOW, True), (35, (1, 2, 2, 2, 2), False), (28, LOW, False), (36, (1, 2, 2, 2, 2), True)],
)
def test_the_programme_decides_what_low_is(in_scope, coordinator, now, limit, items, opened):
    in_scope.low_score_limit = limit
    in_scope.save()
    person = make_participant(in_scope)
    record_response(**answers(person, coordinator, now, items=items))
    assert follow_ups(person).exists() is opened


def test_an_answer_closes_the_task_that_asked_and_the_noted_reason(in_scope, anna, coordinator, now):
    asked = make_task(in_scope, kind=TaskKind.AFTER_MEASURE, participant=anna)
    other = make_task(in_scope, kind=TaskKind.BEFORE_MEASURE, participant=anna)
    MissingReason.objects.create(
        programme=in_scope, participant=anna, occasion=Occasion.AFTER, reason="pause", noted_at=now
    )
    record_response(**answers(anna, coordinator, now, occasion=Occasion.AFTER))
    asked.refresh_from_db()
    other.refresh_from_db()
    assert asked.state == TaskState.DONE
    assert other.state == TaskState.OPEN
    assert not MissingReason.objects.exists()


def test_a_typed_in_paper_closes_the_link_that_was_sent(anna, coordinator, now):
    invitation, raw = invite_to_measure(participant=anna, occasion=Occasion.BEFORE, by=coordinator, now=now)
    record_response(**answers(anna, coordinator, now))
    with pytest.raises(LinkUnusable):
        open_token(raw, purpose=LINK_PURPOSE, now=now)
    assert Invitation.objects.get(pk=invitation.pk).answered_at == now


def test_an_own_answer_uses_the_link_up_and_is_entered_by_nobody(anna, coordinator, now):
    invitation, raw = invite_to_measure(participant=anna, occasion=Occasion.AFTER, by=coordinator, now=now)
    link = open_token(raw, purpose=LINK_PURPOSE, now=now)
    response = answer_by_link(
        token=link, items=WELL, self_rated_health=None, comment="", language="da", now=now
    )
    assert (response.occasion, response.mode, response.entered_by) == (
        Occasion.AFTER,
        Mode.OWN_PHONE,
        None,
    )
    assert response.answered_on == now.date()
    assert Invitation.objects.get(pk=invitation.pk).answered_at == now
    with pytest.raises(LinkUnusable) as refusal:
        open_token(raw, purpose=LINK_PURPOSE, now=now)
    assert refusal.value.reason == UnusableReason.USED


def test_a_refused_answer_leaves_the_link_usable(anna, coordinator, now):
    _, raw = invite_to_measure(participant=anna, occasion=Occasion.BEFORE, by=coordinator, now=now)
    link = open_token(raw, purpose=LINK_PURPOSE, now=now)
    with pytest.raises(NothingAnswered):
        answer_by_link(
            token=link, items=(None,) * 5, self_rated_health=None, comment="", language="da", now=now
        )
    assert open_token(raw, purpose=LINK_PURPOSE, now=now)
    assert not Response.objects.exists()


def test_a_link_to_an_erased_invitation_is_unusable(anna, coordinator, now):
    _, raw = invite_to_measure(participant=anna, occasion=Occasion.BEFORE, by=coordinator, now=now)
    link = open_token(raw, purpose=LINK_PURPOSE, now=now)
    Invitation.objects.all().delete()
    with pytest.raises(LinkUnusable):
        answer_by_link(token=link, items=WELL, self_rated_health=None, comment="", language="da", now=now)


def test_the_blanks_of_an_incomplete_answer_can_be_filled_in(anna, coordinator, now):
    make_response(anna, Occasion.BEFORE, (1, 1, None, 2, 2), mode=Mode.OWN_PHONE)
    corrected = correct_response(**answers(anna, coordinator, now, items=LOW, mode=Mode.INTERVIEW))
    corrected.refresh_from_db()
    assert corrected.percentage_score == 32
    assert (corrected.mode, corrected.entered_by) == (Mode.INTERVIEW, coordinator)
    assert Response.objects.count() == 1
    assert follow_ups(anna).exists()


def test_a_complete_answer_is_never_changed(anna, coordinator, now):
    make_response(anna, Occasion.BEFORE, WELL)
    with pytest.raises(AlreadyAnswered):
        correct_response(**answers(anna, coordinator, now, items=LOW))
    assert Response.objects.get().items == WELL


def test_there_must_be_an_answer_to_correct(anna, coordinator, now):
    with pytest.raises(NotAnsweredYet):
        correct_response(**answers(anna, coordinator, now))
