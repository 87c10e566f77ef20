"""How a place ends: completed, paused, stopped, never used; for one person and for a whole cohort."""

import datetime as dt

import pytest
from django.utils.timezone import localdate

from accounts.models import Programme, User
from courses.enums import Ending, EnrolmentState
from courses.models import Attendance, Cohort, Enrolment
from courses.queries import Attended, attendance_of, is_finishable, proposed_ending
from courses.services import (
    CohortNotOver,
    EndingMissing,
    EndingNotPossible,
    NotOnCohort,
    end_enrolment,
    finish_cohort,
    finish_enrolment,
)
from participants.enums import Outcome, Stage
from tests.factories import NOW, TODAY, make_cohort, make_enrolment, make_participant, make_session
from worklist.enums import TaskKind
from worklist.models import Task


@pytest.fixture
def cohort(in_scope: Programme) -> Cohort:
    """A cohort whose last day is today."""
    return make_cohort(in_scope, name="Majholdet", starts_on=TODAY - dt.timedelta(days=42))


def started(cohort: Cohort, stage: Stage = Stage.ACTIVE, **fields) -> Enrolment:
    person = make_participant(cohort.programme, stage=stage, **fields)
    return make_enrolment(cohort, person, state=EnrolmentState.STARTED, started_at=NOW)


def end(enrolment: Enrolment, ending: Ending, by: User) -> Enrolment:
    ended = end_enrolment(enrolment=enrolment, ending=ending, by=by, now=NOW)
    enrolment.participant.refresh_from_db()
    return ended


def test_completing_moves_the_person_to_completed(cohort: Cohort, coordinator: User) -> None:
    enrolment = started(cohort)
    finished = finish_enrolment(enrolment=enrolment, completed=True, by=coordinator, now=NOW)
    enrolment.participant.refresh_from_db()
    assert (finished.state, finished.completed_at) == (EnrolmentState.COMPLETED, NOW)
    assert enrolment.participant.stage == Stage.COMPLETED


def test_completing_twice_is_the_same_as_once(cohort: Cohort, coordinator: User) -> None:
    enrolment = started(cohort)
    for _ in range(2):
        finish_enrolment(enrolment=enrolment, completed=True, by=coordinator, now=NOW)
    assert enrolment.participant.stage_changes.filter(to_stage=Stage.COMPLETED).count() == 1


def test_completing_from_a_pause_goes_by_way_of_active(cohort: Cohort, coordinator: User) -> None:
    enrolment = started(cohort, Stage.PAUSED)
    end(enrolment, Ending.COMPLETED, coordinator)
    moves = [change.to_stage for change in enrolment.participant.stage_changes.all()]
    assert moves[-2:] == [Stage.ACTIVE, Stage.COMPLETED]


def test_stopping_pauses_the_person_and_opens_a_call_so_that_nobody_is_lost(
    cohort: Cohort, coordinator: User
) -> None:
    enrolment = started(cohort)
    finished = finish_enrolment(enrolment=enrolment, completed=False, by=coordinator, now=NOW)
    enrolment.participant.refresh_from_db()
    task = Task.objects.open().get(participant=enrolment.participant)
    assert (finished.state, enrolment.participant.stage) == (EnrolmentState.STOPPED, Stage.PAUSED)
    assert (task.kind, task.reasons) == (TaskKind.CALL, ["Stoppede på Majholdet. Hør, hvad der skal ske nu."])
    assert task.due_on == dt.date(2026, 3, 13)  # three working days on


@pytest.mark.parametrize(
    ("ending", "outcome"),
    [
        (Ending.STOPPED_ILLNESS, Outcome.STOPPED_ILLNESS),
        (Ending.STOPPED_WORK, Outcome.STOPPED_WORK),
        (Ending.STOPPED_OTHER, Outcome.STOPPED_OTHER),
    ],
)
def test_stopping_for_a_reason_closes_the_path_with_it(
    cohort: Cohort, coordinator: User, ending: Ending, outcome: Outcome
) -> None:
    enrolment = started(cohort)
    assert end(enrolment, ending, coordinator).state == EnrolmentState.STOPPED
    assert (enrolment.participant.stage, enrolment.participant.outcome) == (Stage.CLOSED, outcome)


@pytest.mark.parametrize(("ending", "stage"), [(Ending.READY, Stage.READY), (Ending.DECLINED, Stage.CLOSED)])
def test_who_never_came_is_ready_again_or_declines(
    cohort: Cohort, coordinator: User, ending: Ending, stage: Stage
) -> None:
    enrolment = make_enrolment(cohort)
    assert end(enrolment, ending, coordinator).state == EnrolmentState.DECLINED
    assert enrolment.participant.stage == stage


@pytest.mark.parametrize("ending", [Ending.COMPLETED, Ending.PAUSED, Ending.STOPPED_OTHER])
def test_who_never_came_can_neither_complete_nor_stop(
    cohort: Cohort, coordinator: User, ending: Ending
) -> None:
    with pytest.raises(EndingNotPossible, match="står som “Har plads”"):
        end(make_enrolment(cohort), ending, coordinator)


@pytest.mark.parametrize("ending", [Ending.READY, Ending.DECLINED])
def test_who_has_started_cannot_give_the_seat_back_unused(
    cohort: Cohort, coordinator: User, ending: Ending
) -> None:
    with pytest.raises(EndingNotPossible, match="står som “I gang”"):
        end(started(cohort), ending, coordinator)


def test_what_has_ended_cannot_end_otherwise(cohort: Cohort, coordinator: User) -> None:
    enrolment = started(cohort)
    end(enrolment, Ending.COMPLETED, coordinator)
    with pytest.raises(EndingNotPossible):
        end(enrolment, Ending.STOPPED_OTHER, coordinator)


def test_ending_a_place_leaves_a_closed_path_alone(cohort: Cohort, coordinator: User) -> None:
    enrolment = started(cohort, Stage.CLOSED, outcome=Outcome.STOPPED_WORK)
    assert end(enrolment, Ending.STOPPED_ILLNESS, coordinator).state == EnrolmentState.STOPPED
    assert enrolment.participant.outcome == Outcome.STOPPED_WORK


# --- The whole cohort ------------------------------------------------------------------------------


def test_finishing_a_cohort_ends_every_place_at_once(cohort: Cohort, coordinator: User) -> None:
    done, paused, absent = started(cohort), started(cohort), make_enrolment(cohort)
    waiting = make_enrolment(
        cohort, make_participant(cohort.programme, stage=Stage.READY), state=EnrolmentState.WAITING
    )
    endings = {done.pk: Ending.COMPLETED, paused.pk: Ending.PAUSED, absent.pk: Ending.READY}
    assert finish_cohort(cohort=cohort, endings=endings, by=coordinator, now=NOW) == 3
    assert finish_cohort(cohort=cohort, endings=endings, by=coordinator, now=NOW) == 0
    states = dict(Enrolment.objects.values_list("pk", "state"))
    assert states == {
        done.pk: EnrolmentState.COMPLETED,
        paused.pk: EnrolmentState.STOPPED,
        absent.pk: EnrolmentState.DECLINED,
        waiting.pk: EnrolmentState.DECLINED,
    }


def test_finishing_a_cohort_with_somebody_left_out_is_refused(cohort: Cohort, coordinator: User) -> None:
    done, _forgotten = started(cohort), started(cohort)
    with pytest.raises(EndingMissing):
        finish_cohort(cohort=cohort, endings={done.pk: Ending.COMPLETED}, by=coordinator, now=NOW)
    done.refresh_from_db()
    assert done.state == EnrolmentState.STARTED


def test_finishing_a_cohort_with_a_stranger_is_refused(cohort: Cohort, coordinator: User) -> None:
    stranger = started(make_cohort(cohort.programme))
    with pytest.raises(NotOnCohort):
        finish_cohort(cohort=cohort, endings={stranger.pk: Ending.COMPLETED}, by=coordinator, now=NOW)


def test_finishing_a_cohort_is_all_or_nothing(cohort: Cohort, coordinator: User) -> None:
    done, absent = started(cohort), make_enrolment(cohort)
    with pytest.raises(EndingNotPossible):
        finish_cohort(
            cohort=cohort,
            endings={done.pk: Ending.COMPLETED, absent.pk: Ending.COMPLETED},
            by=coordinator,
            now=NOW,
        )
    done.refresh_from_db()
    assert done.state == EnrolmentState.STARTED


def test_finishing_a_cohort_before_its_last_session_is_refused(
    in_scope: Programme, coordinator: User
) -> None:
    running = make_cohort(in_scope, starts_on=TODAY - dt.timedelta(days=7))
    make_session(running, starts_at=NOW + dt.timedelta(days=7))
    with pytest.raises(CohortNotOver, match="Afslut holdet, når sidste mødegang er holdt"):
        finish_cohort(cohort=running, endings={}, by=coordinator, now=NOW)


def test_finishing_is_possible_once_the_last_session_is_over(in_scope: Programme) -> None:
    running = make_cohort(in_scope, starts_on=TODAY - dt.timedelta(days=7))
    assert not is_finishable(running, NOW)
    make_session(running, starts_at=NOW - dt.timedelta(hours=4))
    assert is_finishable(running, NOW)
    assert running.ends_on > localdate(NOW)


# --- What the rule proposes ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("present", "held", "stage", "proposed"),
    [
        (3, 5, Stage.ACTIVE, Ending.COMPLETED),  # exactly 60 %
        (5, 5, Stage.ACTIVE, Ending.COMPLETED),
        (599, 1000, Stage.ACTIVE, Ending.STOPPED_OTHER),  # 59.9 % is not 60
        (2, 5, Stage.PAUSED, Ending.PAUSED),
        (3, 5, Stage.PAUSED, Ending.COMPLETED),
        (0, 0, Stage.ACTIVE, Ending.STOPPED_OTHER),
    ],
)
def test_the_rule_proposes_by_the_share_of_held_sessions(
    cohort: Cohort, present: int, held: int, stage: Stage, proposed: Ending
) -> None:
    assert proposed_ending(started(cohort, stage), Attended(present, held), 60) == proposed


def test_the_rule_proposes_ready_for_who_never_came(cohort: Cohort) -> None:
    assert proposed_ending(make_enrolment(cohort), Attended(0, 5), 60) == Ending.READY


def test_attended_is_told_in_share_and_whole_per_cent() -> None:
    assert (Attended(0, 0).share, Attended(0, 0).percent) == (None, None)
    assert (Attended(2, 3).share, Attended(2, 3).percent) == (pytest.approx(2 / 3), 66)


def test_attendance_of_a_cohort_counts_each_person(cohort: Cohort) -> None:
    came, stayed_away = started(cohort), started(cohort)
    for day in range(2):
        session = make_session(cohort, starts_at=NOW - dt.timedelta(days=day + 1))
        for enrolment, state in ((came, "present"), (stayed_away, "absent")):
            Attendance.objects.create(
                programme=cohort.programme, session=session, enrolment=enrolment, state=state, recorded_at=NOW
            )
    make_session(cohort, starts_at=NOW)
    assert attendance_of(cohort) == {came.pk: Attended(2, 2), stayed_away.pk: Attended(0, 2)}
