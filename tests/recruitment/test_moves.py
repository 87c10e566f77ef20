"""Moves that the coordinator makes by hand, and what they mean for the seat."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django_scopes import scope

from accounts.models import Programme, User
from courses.enums import EnrolmentState
from courses.models import Enrolment
from courses.services import NotReady, place_participant
from participants.enums import Outcome, Stage
from participants.models import Participant
from participants.services import MoveNotAllowed, OutcomeMissing
from participants.transitions import BY_THEMSELVES, TRANSITIONS
from recruitment.queries.person import MOVE_LABELS, moves_by_hand
from recruitment.services import move_participant
from tests.factories import NOW, make_cohort, make_enrolment, make_participant, make_programme

EVERY_MOVE = [(from_stage, to_stage) for from_stage in Stage for to_stage in Stage if from_stage != to_stage]
BY_HAND = [move for move in EVERY_MOVE if move[1] in TRANSITIONS[move[0]] and move not in BY_THEMSELVES]


def outcome_for(stage: Stage) -> Outcome | str:
    return Outcome.STOPPED_WORK if stage == Stage.CLOSED else ""


@pytest.mark.parametrize(("from_stage", "to_stage"), EVERY_MOVE)
def test_move_participant_makes_the_moves_of_the_table_that_are_made_by_hand_and_no_other(
    from_stage: Stage, to_stage: Stage, in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    anna = make_participant(in_scope, stage=from_stage)

    def move() -> None:
        move_participant(
            participant=anna, to_stage=to_stage, outcome=outcome_for(to_stage), by=coordinator, now=now
        )

    if (from_stage, to_stage) in BY_HAND:
        move()
        assert Participant.objects.get(pk=anna.pk).stage == to_stage
    else:
        with pytest.raises(MoveNotAllowed):
            move()
        assert Participant.objects.get(pk=anna.pk).stage == from_stage


@pytest.mark.parametrize("stage", Stage)
def test_every_move_made_by_hand_has_a_button_with_words(stage: Stage) -> None:
    buttons = {move.to_stage for move in moves_by_hand(stage, has_place=True)}

    assert buttons == {to for from_stage, to in BY_HAND if from_stage == stage and to != Stage.CLOSED}
    assert {(stage, to) for to in buttons} <= set(MOVE_LABELS)


def test_somebody_who_paused_and_lost_the_place_is_not_offered_to_come_back_to_it() -> None:
    assert [move.to_stage for move in moves_by_hand(Stage.PAUSED, has_place=False)] == [Stage.READY]


@pytest.mark.parametrize(
    ("stage", "state", "to_stage", "left"),
    [
        (Stage.PLACED, EnrolmentState.ENROLLED, Stage.READY, EnrolmentState.DECLINED),
        (Stage.PLACED, EnrolmentState.ENROLLED, Stage.CLOSED, EnrolmentState.DECLINED),
        (Stage.ACTIVE, EnrolmentState.STARTED, Stage.CLOSED, EnrolmentState.STOPPED),
        (Stage.ACTIVE, EnrolmentState.STARTED, Stage.COMPLETED, EnrolmentState.COMPLETED),
        (Stage.ACTIVE, EnrolmentState.STARTED, Stage.PAUSED, EnrolmentState.STARTED),
        (Stage.PAUSED, EnrolmentState.STARTED, Stage.READY, EnrolmentState.STOPPED),
        (Stage.PAUSED, EnrolmentState.STARTED, Stage.ACTIVE, EnrolmentState.STARTED),
        (Stage.READY, EnrolmentState.WAITING, Stage.CLOSED, EnrolmentState.DECLINED),
        (Stage.BRIDGING, EnrolmentState.COMPLETED, Stage.CLOSED, EnrolmentState.COMPLETED),
    ],
)
def test_move_participant_lets_go_of_the_seat_where_the_move_means_so(
    stage: Stage,
    state: EnrolmentState,
    to_stage: Stage,
    left: EnrolmentState,
    in_scope: Programme,
    coordinator: User,
    now: dt.datetime,
) -> None:
    anna = make_participant(in_scope, stage=stage)
    place = make_enrolment(make_cohort(in_scope), anna, state=state, started_at=now, completed_at=None)

    move_participant(
        participant=anna, to_stage=to_stage, outcome=outcome_for(to_stage), by=coordinator, now=now
    )

    place.refresh_from_db()
    assert place.state == left
    assert Participant.objects.get(pk=anna.pk).stage == to_stage


def test_a_seat_given_up_is_free_for_another(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    cohort = make_cohort(in_scope, capacity=1)
    anna, bo = (make_participant(in_scope, stage=Stage.READY) for _name in "ab")
    place_participant(cohort=cohort, participant=anna, by=coordinator, now=now)

    move_participant(participant=anna, to_stage=Stage.READY, by=coordinator, now=now)

    assert place_participant(cohort=cohort, participant=bo, by=coordinator, now=now).cohort == cohort


def test_a_second_click_on_ready_leaves_the_waiting_list_alone(
    in_scope: Programme, coordinator: User, now: dt.datetime
) -> None:
    anna = make_participant(in_scope, stage=Stage.READY)
    waits = make_enrolment(make_cohort(in_scope), anna, state=EnrolmentState.WAITING)

    move_participant(participant=anna, to_stage=Stage.READY, by=coordinator, now=now)

    waits.refresh_from_db()
    assert waits.state == EnrolmentState.WAITING


def test_a_refused_close_leaves_the_seat(in_scope: Programme, coordinator: User, now: dt.datetime) -> None:
    anna = make_participant(in_scope, stage=Stage.PLACED)
    place = make_enrolment(make_cohort(in_scope), anna)

    with pytest.raises(OutcomeMissing):
        move_participant(participant=anna, to_stage=Stage.CLOSED, by=coordinator, now=now)

    place.refresh_from_db()
    assert place.state == EnrolmentState.ENROLLED


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(5))
def test_closing_and_placing_at_once_never_leaves_a_seat_with_somebody_who_has_stopped(round_: int) -> None:
    programme = make_programme()
    cohort = make_cohort(programme, capacity=1)
    anna = make_participant(programme, stage=Stage.READY)

    def close() -> None:
        move_participant(participant=anna, to_stage=Stage.CLOSED, outcome=Outcome.DECLINED, by=None, now=NOW)

    def place() -> None:
        place_participant(cohort=cohort, participant=anna, by=None, now=NOW)

    def at_once(act: Callable[[], None]) -> None:
        try:
            with scope(programme=programme):
                act()
        except (MoveNotAllowed, NotReady):
            pass  # the one who comes last is refused
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(at_once, [close, place] if round_ % 2 else [place, close]))

    with scope(programme=programme):
        stage = Participant.objects.get().stage
        assert Enrolment.objects.all().current().exists() == (stage == Stage.PLACED)
        assert stage in (Stage.CLOSED, Stage.PLACED)
