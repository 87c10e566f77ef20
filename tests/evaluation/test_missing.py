"""Measures that are missing: who lacks one, the task that asks, and the reason why one never came."""

import datetime as dt

import pytest
from django_scopes import scope

from courses.enums import EnrolmentState
from evaluation.enums import MissingReasonKind, Occasion
from evaluation.models import MissingReason
from evaluation.queries.lacking import Lack, count_lacking, due_measures, participants_lacking
from evaluation.services import AlreadyAnswered, note_missing_reason, open_measure_task
from evaluation.tasks import open_measure_tasks
from participants.enums import Outcome, Stage
from tests.factories import (
    TODAY,
    make_cohort,
    make_enrolment,
    make_participant,
    make_response,
    make_task,
)
from worklist.enums import TaskKind, TaskState
from worklist.models import Task

WELL = (4, 4, 4, 4, 4)


@pytest.fixture
def placed(in_scope):
    return make_participant(in_scope, stage=Stage.PLACED)


@pytest.fixture
def completed(in_scope):
    person = make_participant(in_scope, stage=Stage.COMPLETED)
    make_response(person, Occasion.BEFORE, WELL)
    return person


def note(person, coordinator, now, reason=MissingReasonKind.PAUSE, occasion=Occasion.AFTER):
    return note_missing_reason(participant=person, occasion=occasion, reason=reason, by=coordinator, now=now)


def lacking(lack):
    return set(participants_lacking(lack))


def test_before_measures_are_due_from_the_seat_on(in_scope):
    due = {make_participant(in_scope, stage=stage) for stage in (Stage.PLACED, Stage.ACTIVE)}
    for stage in (Stage.RECEIVED, Stage.CONVERSATION, Stage.READY, Stage.CLOSED):
        make_participant(in_scope, stage=stage)
    answered = make_participant(in_scope, stage=Stage.PLACED)
    make_response(answered, Occasion.BEFORE, WELL)
    assert lacking(Lack.BEFORE) == due


def test_after_measures_are_due_from_the_end_on(in_scope):
    due = {
        make_participant(in_scope, stage=Stage.COMPLETED),
        make_participant(in_scope, stage=Stage.BRIDGING),
        make_participant(in_scope, stage=Stage.CLOSED, outcome=Outcome.BRIDGED),
        make_participant(in_scope, stage=Stage.CLOSED, outcome=Outcome.COMPLETED),
    }
    make_participant(in_scope, stage=Stage.CLOSED, outcome=Outcome.DECLINED)
    make_participant(in_scope, stage=Stage.ACTIVE)
    answered = make_participant(in_scope, stage=Stage.COMPLETED)
    make_response(answered, Occasion.AFTER, WELL)
    assert lacking(Lack.AFTER) == due


def test_incomplete_answers_are_listed_until_filled_in_or_explained(in_scope, coordinator, now):
    person = make_participant(in_scope, stage=Stage.ACTIVE)
    make_response(person, Occasion.BEFORE, (1, None, 1, 1, 1))
    assert lacking(Lack.INCOMPLETE) == {person}
    assert lacking(Lack.BEFORE) == set()
    note(person, coordinator, now, MissingReasonKind.UNANSWERED, Occasion.BEFORE)
    assert lacking(Lack.INCOMPLETE) == set()
    assert lacking(Lack.EXPLAINED) == {person}


def test_the_counts_agree_with_the_lists(in_scope, placed, completed, coordinator, now):
    make_response(make_participant(in_scope), Occasion.BEFORE, (1, None, 1, 1, 1))
    note(make_participant(in_scope, stage=Stage.COMPLETED), coordinator, now)
    assert count_lacking() == {lack: len(lacking(lack)) for lack in Lack}
    assert count_lacking()[Lack.ANY] == 3


def test_a_noted_reason_takes_the_person_off_the_list_and_closes_the_task(
    in_scope, completed, coordinator, now
):
    task = make_task(in_scope, kind=TaskKind.AFTER_MEASURE, participant=completed)
    noted = note(completed, coordinator, now)
    assert (noted.reason, noted.noted_by, noted.noted_at) == ("pause", coordinator, now)
    assert lacking(Lack.AFTER) == set()
    task.refresh_from_db()
    assert task.state == TaskState.DONE


def test_a_later_note_replaces_the_first(completed, coordinator, now):
    note(completed, coordinator, now)
    note(completed, coordinator, now, MissingReasonKind.DOES_NOT_WISH)
    assert MissingReason.objects.get().reason == MissingReasonKind.DOES_NOT_WISH


def test_no_reason_is_noted_for_a_measure_that_is_there(completed, coordinator, now):
    with pytest.raises(AlreadyAnswered):
        note(completed, coordinator, now, occasion=Occasion.BEFORE)
    assert not MissingReason.objects.exists()


def test_a_before_measure_is_due_by_the_first_day_of_the_cohort(in_scope, placed):
    cohort = make_cohort(in_scope, starts_on=TODAY + dt.timedelta(days=9))
    make_enrolment(cohort, placed)
    assert [(due.participant_id, due.occasion, due.due_on) for due in due_measures(TODAY)] == [
        (placed.pk, Occasion.BEFORE, TODAY + dt.timedelta(days=9))
    ]


def test_a_before_measure_of_a_running_cohort_is_due_now(in_scope):
    person = make_participant(in_scope, stage=Stage.ACTIVE)
    cohort = make_cohort(in_scope, starts_on=TODAY - dt.timedelta(days=9))
    make_enrolment(cohort, person, state=EnrolmentState.STARTED)
    saturday = TODAY + dt.timedelta(days=4)
    assert due_measures(saturday)[0].due_on == TODAY + dt.timedelta(days=6)


def test_a_task_is_opened_once_and_stays_away_when_set_aside(in_scope, completed, now):
    assert [due.participant_id for due in due_measures(TODAY)] == [completed.pk]
    make_task(
        in_scope,
        kind=TaskKind.AFTER_MEASURE,
        participant=completed,
        state=TaskState.DISMISSED,
        closed_at=now,
    )
    assert due_measures(TODAY) == []


def test_no_task_is_opened_for_what_came_or_was_explained_meanwhile(completed, coordinator, now):
    def ask(occasion):
        return open_measure_task(participant=completed, occasion=occasion, due_on=TODAY, now=now)

    assert ask(Occasion.BEFORE) is None
    note(completed, coordinator, now)
    assert ask(Occasion.AFTER) is None


def test_the_daily_run_opens_each_task_once_in_every_programme(programme, other_programme):
    people = []
    for owner in (programme, other_programme):
        people.append(make_participant(owner, stage=Stage.PLACED))
        people.append(make_participant(owner, stage=Stage.COMPLETED))
    open_measure_tasks()
    open_measure_tasks()
    for owner in (programme, other_programme):
        with scope(programme=owner):
            tasks = Task.objects.open().order_by("kind")
            assert [task.kind for task in tasks] == [TaskKind.AFTER_MEASURE, TaskKind.BEFORE_MEASURE]
            assert {task.participant_id for task in tasks} <= {person.pk for person in people}
            assert [task.why for task in tasks] == [
                "Skemaet efter forløbet er ikke udfyldt.",
                "Skemaet før forløbet er ikke udfyldt.",
            ]
