"""Attempts to reach a person, and what follows from each outcome."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django_scopes import scope

from accounts.models import Programme, User
from participants.enums import ContactMethod, ContactOutcome, Stage
from participants.models import ContactAttempt, Participant
from participants.services import record_contact_attempt
from participants.services.contact import TRY_AGAIN_DAYS
from tests.factories import NOW, TODAY, make_participant, make_programme, make_task, make_user
from worklist.enums import TaskKind, TaskState
from worklist.models import Task

NOT_REACHED = [outcome for outcome in ContactOutcome if outcome != ContactOutcome.REACHED]
DAYS_AFTER_TUESDAY = {1: dt.date(2026, 3, 11), 2: dt.date(2026, 3, 12)}


def attempt(participant: Participant, outcome: ContactOutcome, by: User | None, now: dt.datetime) -> None:
    record_contact_attempt(
        participant=participant, method=ContactMethod.PHONE, outcome=outcome, note="", by=by, now=now
    )


@pytest.mark.parametrize("outcome", NOT_REACHED)
def test_a_new_person_who_was_not_reached_stands_at_contacting_and_is_called_again(
    outcome: ContactOutcome, in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    participant = make_participant(in_scope)
    call = make_task(in_scope, participant=participant, kind=TaskKind.CALL, due_on=TODAY)

    attempt(participant, outcome, coordinator, now)

    assert Participant.objects.get(pk=participant.pk).stage == Stage.CONTACTING
    task = Task.objects.get()
    assert task == call
    assert (task.state, task.due_on) == (TaskState.OPEN, DAYS_AFTER_TUESDAY[TRY_AGAIN_DAYS[outcome]])
    assert len(task.reasons) == 2


@pytest.mark.parametrize("outcome", NOT_REACHED)
def test_a_person_without_a_call_task_gets_one_when_not_reached(
    outcome: ContactOutcome, in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    participant = make_participant(in_scope, stage=Stage.ACTIVE)

    attempt(participant, outcome, coordinator, now)

    assert Task.objects.open().get().kind == TaskKind.CALL
    assert participant.stage == Stage.ACTIVE


@pytest.mark.parametrize("stage", [Stage.RECEIVED, Stage.CONTACTING])
def test_a_person_who_was_reached_stands_at_the_conversation_and_the_call_is_done(
    stage: Stage, in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    participant = make_participant(in_scope, stage=stage)
    call = make_task(in_scope, participant=participant, kind=TaskKind.CALL)

    attempt(participant, ContactOutcome.REACHED, coordinator, now)

    assert Participant.objects.get(pk=participant.pk).stage == Stage.CONVERSATION
    call.refresh_from_db()
    assert (call.state, call.closed_by) == (TaskState.DONE, coordinator)


@pytest.mark.parametrize("outcome", ContactOutcome)
@pytest.mark.parametrize(
    "stage", [stage for stage in Stage if stage not in (Stage.RECEIVED, Stage.CONTACTING)]
)
def test_an_attempt_later_on_the_path_moves_nobody(
    stage: Stage, outcome: ContactOutcome, in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    participant = make_participant(in_scope, stage=stage)

    attempt(participant, outcome, coordinator, now)

    assert Participant.objects.get(pk=participant.pk).stage == stage


@pytest.mark.parametrize("outcome", ContactOutcome)
def test_an_attempt_to_reach_a_closed_person_opens_no_task(
    outcome: ContactOutcome, in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    participant = make_participant(in_scope, stage=Stage.CLOSED)

    attempt(participant, outcome, coordinator, now)

    assert not Task.objects.exists()
    assert ContactAttempt.objects.count() == 1


def test_an_attempt_keeps_method_note_time_and_who_made_it(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    participant = make_participant(in_scope)

    made = record_contact_attempt(
        participant=participant,
        method=ContactMethod.SMS,
        outcome=ContactOutcome.LEFT_MESSAGE,
        note="Ringer selv tilbage efter kl. 14 – lød glad",
        by=coordinator,
        now=now,
    )

    kept = ContactAttempt.objects.get(pk=made.pk)
    assert (kept.method, kept.outcome) == (ContactMethod.SMS, ContactOutcome.LEFT_MESSAGE)
    assert (kept.note, kept.at, kept.by) == ("Ringer selv tilbage efter kl. 14 – lød glad", now, coordinator)


def test_a_call_the_day_before_easter_is_tried_again_after_the_holidays(
    in_scope: Programme, coordinator: User
) -> None:
    participant = make_participant(in_scope)
    wednesday = NOW.replace(month=4, day=1)  # Easter 2026: Thursday 2 April to Monday 6 April

    attempt(participant, ContactOutcome.NO_ANSWER, coordinator, wednesday)

    assert Task.objects.get().due_on == dt.date(2026, 4, 7)


def test_a_second_click_on_the_same_outcome_is_the_same_attempt(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    participant = make_participant(in_scope)

    attempt(participant, ContactOutcome.NO_ANSWER, coordinator, now)
    attempt(participant, ContactOutcome.NO_ANSWER, coordinator, now + dt.timedelta(seconds=2))

    assert ContactAttempt.objects.count() == 1


def test_the_same_outcome_is_another_attempt_a_while_later_by_somebody_else_or_with_more_to_tell(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    participant = make_participant(in_scope)
    colleague = make_user(in_scope)

    attempt(participant, ContactOutcome.NO_ANSWER, coordinator, now)
    attempt(participant, ContactOutcome.NO_ANSWER, coordinator, now + dt.timedelta(minutes=2))
    attempt(participant, ContactOutcome.NO_ANSWER, colleague, now)
    record_contact_attempt(
        participant=participant,
        method=ContactMethod.PHONE,
        outcome=ContactOutcome.NO_ANSWER,
        note="Telefonen var slukket",
        by=coordinator,
        now=now,
    )

    assert ContactAttempt.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_an_outcome_pressed_eight_times_at_once_is_one_attempt_and_one_task() -> None:
    programme = make_programme()
    participant = make_participant(programme)

    def press(_number: int) -> None:
        try:
            with scope(programme=programme):
                attempt(Participant.objects.get(pk=participant.pk), ContactOutcome.NO_ANSWER, None, NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(press, range(8)))

    with scope(programme=programme):
        assert ContactAttempt.objects.count() == 1
        assert Task.objects.open().count() == 1
        assert participant.stage_changes.count() == 2
