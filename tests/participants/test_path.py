"""Moves on the path: each one the table has, each one it has not, and what follows from them."""

import datetime as dt
import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django_scopes import scope

from accounts.models import Programme, User
from participants.enums import Outcome, Stage
from participants.models import Participant, StageChange
from participants.services import MoveNotAllowed, OutcomeMissing, change_stage
from participants.transitions import STEPS, TRANSITIONS
from tests.factories import NOW, make_participant, make_programme, make_task
from worklist.enums import TaskKind, TaskState
from worklist.models import Task

EVERY_MOVE = [(from_stage, to_stage) for from_stage in Stage for to_stage in Stage if from_stage != to_stage]
ALLOWED = [move for move in EVERY_MOVE if move[1] in TRANSITIONS[move[0]]]
REFUSED = [move for move in EVERY_MOVE if move[1] not in TRANSITIONS[move[0]]]


def outcome_for(stage: Stage) -> Outcome | str:
    return Outcome.DECLINED if stage == Stage.CLOSED else ""


@pytest.mark.parametrize(("from_stage", "to_stage"), ALLOWED)
def test_change_stage_makes_each_move_of_the_table_and_says_who_made_it(
    from_stage: Stage, to_stage: Stage, in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    participant = make_participant(in_scope, stage=from_stage)
    later = now + dt.timedelta(days=1)

    change_stage(
        participant=participant,
        to_stage=to_stage,
        outcome=outcome_for(to_stage),
        reason="Aftalt i telefonen",
        by=coordinator,
        now=later,
    )

    kept = Participant.objects.get(pk=participant.pk)
    assert (kept.stage, kept.outcome, kept.stage_changed_at) == (to_stage, outcome_for(to_stage), later)
    assert participant.stage == to_stage
    change = kept.stage_changes.last()
    assert (change.from_stage, change.to_stage, change.reason) == (from_stage, to_stage, "Aftalt i telefonen")
    assert (change.at, change.by) == (later, coordinator)


@pytest.mark.parametrize(("from_stage", "to_stage"), REFUSED)
def test_change_stage_refuses_each_move_that_the_table_has_not(
    from_stage: Stage, to_stage: Stage, in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    participant = make_participant(in_scope, stage=from_stage)

    with pytest.raises(MoveNotAllowed) as refusal:
        change_stage(
            participant=participant,
            to_stage=to_stage,
            outcome=outcome_for(to_stage),
            by=coordinator,
            now=now,
        )

    assert (refusal.value.from_stage, refusal.value.to_stage) == (from_stage, to_stage)
    assert Participant.objects.get(pk=participant.pk).stage == from_stage
    assert StageChange.objects.filter(participant=participant).count() == 1


@pytest.mark.parametrize("stage", Stage)
def test_change_stage_to_where_the_person_stands_changes_nothing(
    stage: Stage, in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    participant = make_participant(in_scope, stage=stage)

    change_stage(
        participant=participant, to_stage=stage, by=coordinator, now=now + dt.timedelta(days=1), outcome=""
    )

    kept = Participant.objects.get(pk=participant.pk)
    assert kept.stage_changed_at == now
    assert kept.stage_changes.count() == 1
    assert not Task.objects.exists()


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_but_closed_can_end(stage: Stage) -> None:
    assert (Stage.CLOSED in TRANSITIONS[stage]) == (stage != Stage.CLOSED)


def test_the_steps_shown_are_reached_one_from_another() -> None:
    for step, following in itertools.pairwise(STEPS):
        assert following in TRANSITIONS[step]


def test_change_stage_refuses_to_close_without_an_outcome(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    participant = make_participant(in_scope, stage=Stage.ACTIVE)

    with pytest.raises(OutcomeMissing):
        change_stage(participant=participant, to_stage=Stage.CLOSED, by=coordinator, now=now)

    assert Participant.objects.get(pk=participant.pk).stage == Stage.ACTIVE


def test_change_stage_refuses_an_outcome_for_a_path_that_goes_on(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    participant = make_participant(in_scope, stage=Stage.ACTIVE)

    with pytest.raises(OutcomeMissing):
        change_stage(
            participant=participant,
            to_stage=Stage.PAUSED,
            outcome=Outcome.DECLINED,
            by=coordinator,
            now=now,
        )

    assert Participant.objects.get(pk=participant.pk).stage == Stage.ACTIVE


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome != Outcome.MERGED])
def test_a_closed_person_who_is_taken_up_again_loses_the_outcome_and_gets_a_call(
    outcome: Outcome, in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    participant = make_participant(in_scope, stage=Stage.CLOSED, outcome=outcome)

    change_stage(participant=participant, to_stage=Stage.CONTACTING, by=coordinator, now=now)

    kept = Participant.objects.get(pk=participant.pk)
    assert (kept.stage, kept.outcome) == (Stage.CONTACTING, "")
    task = Task.objects.open().get()
    assert (task.kind, task.participant, task.reasons) == (
        TaskKind.CALL,
        participant,
        ["Forløbet er taget op igen."],
    )
    assert task.due_on == dt.date(2026, 3, 13)  # three working days from Tuesday 10 March


def test_a_person_who_is_ready_gets_the_task_of_finding_a_seat_and_the_call_is_done(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    participant = make_participant(in_scope, stage=Stage.CONVERSATION)
    call = make_task(in_scope, participant=participant, kind=TaskKind.CALL)

    change_stage(participant=participant, to_stage=Stage.READY, by=coordinator, now=now)

    task = Task.objects.open().get()
    assert (task.kind, task.due_on) == (TaskKind.PLACE, dt.date(2026, 3, 17))
    call.refresh_from_db()
    assert (call.state, call.closed_by, call.closed_at) == (TaskState.DONE, coordinator, now)


def test_the_task_of_finding_a_seat_is_done_when_the_person_has_one(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    participant = make_participant(in_scope, stage=Stage.CONVERSATION)
    change_stage(participant=participant, to_stage=Stage.READY, by=coordinator, now=now)

    change_stage(participant=participant, to_stage=Stage.PLACED, by=coordinator, now=now)

    assert not Task.objects.open().exists()
    assert Task.objects.get().state == TaskState.DONE


def test_a_closed_path_sets_the_persons_open_tasks_aside_and_nobody_elses(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    participant = make_participant(in_scope, stage=Stage.CONTACTING)
    make_task(in_scope, participant=participant, kind=TaskKind.CALL)
    make_task(in_scope, participant=participant, kind=TaskKind.OTHER)
    somebody_else = make_task(in_scope, participant=make_participant(in_scope), kind=TaskKind.CALL)
    programmes_own = make_task(in_scope, kind=TaskKind.OTHER)

    change_stage(
        participant=participant,
        to_stage=Stage.CLOSED,
        outcome=Outcome.UNREACHABLE,
        by=coordinator,
        now=now,
    )

    assert set(Task.objects.open()) == {somebody_else, programmes_own}
    assert set(participant.tasks.values_list("state", flat=True)) == {TaskState.DISMISSED}


def test_the_database_refuses_a_closed_person_without_an_outcome(in_scope: Programme) -> None:
    participant = make_participant(in_scope, stage=Stage.ACTIVE)

    with pytest.raises(IntegrityError), transaction.atomic():
        Participant.objects.filter(pk=participant.pk).update(stage=Stage.CLOSED)


@pytest.mark.django_db(transaction=True)
def test_change_stage_pressed_eight_times_at_once_moves_the_person_once() -> None:
    programme = make_programme()
    participant = make_participant(programme, stage=Stage.CONVERSATION)

    def move(_number: int) -> None:
        try:
            with scope(programme=programme):
                change_stage(
                    participant=Participant.objects.get(pk=participant.pk),
                    to_stage=Stage.READY,
                    by=None,
                    now=NOW,
                )
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(move, range(8)))

    with scope(programme=programme):
        assert StageChange.objects.filter(to_stage=Stage.READY).count() == 1
        assert Task.objects.open().count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_different_moves_at_once_one_is_made_and_the_other_is_refused() -> None:
    programme = make_programme()
    participant = make_participant(programme, stage=Stage.PAUSED)

    def move(to_stage: Stage) -> bool:
        try:
            with scope(programme=programme):
                change_stage(
                    participant=Participant.objects.get(pk=participant.pk),
                    to_stage=to_stage,
                    by=None,
                    now=NOW,
                )
        except MoveNotAllowed:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(move, [Stage.ACTIVE, Stage.READY]))

    assert sorted(made) == [False, True]
    with scope(programme=programme):
        assert StageChange.objects.filter(from_stage=Stage.PAUSED).count() == 1
