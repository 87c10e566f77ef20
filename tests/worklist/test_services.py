"""Tasks: opened once, closed once, and never anybody else's."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django_scopes import scope

from accounts.models import Programme, User
from participants.models import Participant
from tests.factories import (
    NOW,
    TODAY,
    make_cohort,
    make_participant,
    make_programme,
    make_referrer,
    make_task,
)
from worklist.enums import TaskKind, TaskState
from worklist.models import Task
from worklist.services import (
    TaskAlreadyClosed,
    close_tasks,
    complete_task,
    dismiss_task,
    drop_tasks,
    open_task,
    postpone_task,
)

TOMORROW = TODAY + dt.timedelta(days=1)


def call(programme: Programme, participant: Participant | None, why: str, due_on: dt.date) -> Task:
    return open_task(
        programme=programme, kind=TaskKind.CALL, participant=participant, why=why, due_on=due_on, now=NOW
    )


def test_a_second_reason_joins_the_open_task_and_the_earliest_day_stands(in_scope: Programme) -> None:
    anna = make_participant(in_scope)

    first = call(in_scope, anna, "Ny henvisning.", TOMORROW)
    second = call(in_scope, anna, "Lav trivsel.", TODAY)
    third = call(in_scope, anna, "Ny henvisning.", TOMORROW + dt.timedelta(days=9))

    assert first == second == third
    task = Task.objects.get()
    assert task.reasons == ["Ny henvisning.", "Lav trivsel."]
    assert task.due_on == TODAY


def test_tasks_of_another_person_kind_or_subject_stand_apart(in_scope: Programme) -> None:
    anna, bo, cohort = make_participant(in_scope), make_participant(in_scope), make_cohort(in_scope)
    referrer = make_referrer(in_scope)

    for kind, subject in [
        (TaskKind.CALL, {"participant": anna}),
        (TaskKind.CALL, {"participant": bo}),
        (TaskKind.PLACE, {"participant": anna}),
        (TaskKind.CALL, {"cohort": cohort}),
        (TaskKind.CALL, {"referrer": referrer}),
        (TaskKind.CALL, {}),
        (TaskKind.CALL, {"participant": None}),  # the same as none
    ]:
        open_task(programme=in_scope, kind=kind, why="Fordi.", due_on=TODAY, now=NOW, **subject)

    assert Task.objects.open().count() == 6


def other(programme: Programme, why: str, now: dt.datetime, participant: Participant | None = None) -> Task:
    return open_task(
        programme=programme, kind=TaskKind.OTHER, participant=participant, why=why, due_on=TODAY, now=now
    )


def test_tasks_of_kind_other_may_be_many(in_scope: Programme) -> None:
    anna = make_participant(in_scope)

    other(in_scope, "Find bustider.", NOW, anna)
    other(in_scope, "Find bustider.", NOW + dt.timedelta(minutes=2), anna)
    other(in_scope, "Find bustider.", NOW)
    other(in_scope, "Køb kaffe.", NOW, anna)

    assert Task.objects.open().count() == 4


def test_a_second_click_on_a_task_of_ones_own_is_the_same_task(in_scope: Programme) -> None:
    first = other(in_scope, "Køb kaffe.", NOW)

    assert other(in_scope, "Køb kaffe.", NOW + dt.timedelta(seconds=2)) == first


def test_a_task_opens_anew_when_the_last_one_is_closed(in_scope: Programme, coordinator: User) -> None:
    anna = make_participant(in_scope)
    complete_task(task=call(in_scope, anna, "Ny henvisning.", TODAY), by=coordinator, now=NOW)

    again = call(in_scope, anna, "Lav trivsel.", TOMORROW)

    assert Task.objects.open().get() == again
    assert again.reasons == ["Lav trivsel."]
    assert Task.objects.count() == 2


def test_a_call_takes_the_programmes_own_minutes(db: None) -> None:
    programme = make_programme(task_minutes_call=25)

    with scope(programme=programme):
        anna = make_participant(programme)
        assert call(programme, anna, "Ny.", TODAY).minutes == 25
        other = open_task(programme=programme, kind=TaskKind.OTHER, why="A", due_on=TODAY, now=NOW)
        short = open_task(programme=programme, kind=TaskKind.OTHER, why="B", due_on=TODAY, now=NOW, minutes=0)

    assert (other.minutes, short.minutes) == (10, 0)


def test_open_task_refuses_a_subject_that_no_task_has(in_scope: Programme) -> None:
    for kind in (TaskKind.CALL, TaskKind.OTHER):
        with pytest.raises(TypeError):
            open_task(
                programme=in_scope,
                kind=kind,
                why="",
                due_on=TODAY,
                now=NOW,
                venue=make_cohort(in_scope),
            )

    assert not Task.objects.exists()


def test_the_database_refuses_a_task_about_another_programmes_person(
    in_scope: Programme, other_programme: Programme
) -> None:
    stranger = make_participant(other_programme)

    def commit_it() -> None:
        with transaction.atomic():
            call(in_scope, stranger, "Ny henvisning.", TODAY)
            connection.check_constraints()  # which PostgreSQL does when a transaction ends

    with pytest.raises(IntegrityError):
        commit_it()


def test_the_database_refuses_a_second_open_task_of_a_kind_and_subject(in_scope: Programme) -> None:
    anna = make_participant(in_scope)
    make_task(in_scope, participant=anna)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_task(in_scope, participant=anna)


@pytest.mark.django_db(transaction=True)
def test_eight_who_open_the_same_task_at_once_share_one() -> None:
    programme = make_programme()
    anna = make_participant(programme)

    def open_one(number: int) -> int:
        try:
            with scope(programme=programme):
                return call(programme, anna, f"Grund {number}.", TODAY + dt.timedelta(days=number)).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        opened = set(pool.map(open_one, range(8)))

    assert len(opened) == 1
    with scope(programme=programme):
        task = Task.objects.get()
    assert task.due_on == TODAY
    assert sorted(task.reasons) == [f"Grund {number}." for number in range(8)]  # and no reason is lost


@pytest.mark.parametrize(
    ("close", "state"), [(complete_task, TaskState.DONE), (dismiss_task, TaskState.DISMISSED)]
)
def test_a_closed_task_says_who_closed_it_and_closes_once(
    close: object, state: TaskState, in_scope: Programme, coordinator: User
) -> None:
    task = make_task(in_scope)

    close(task=task, by=coordinator, now=NOW)  # type: ignore[operator]

    task.refresh_from_db()
    assert (task.state, task.closed_by, task.closed_at) == (state, coordinator, NOW)
    for again in (complete_task, dismiss_task):
        with pytest.raises(TaskAlreadyClosed):
            again(task=task, by=None, now=NOW + dt.timedelta(days=1))
    task.refresh_from_db()
    assert (task.state, task.closed_by, task.closed_at) == (state, coordinator, NOW)


def test_postpone_task_moves_an_open_task_and_no_closed_one(in_scope: Programme, coordinator: User) -> None:
    task = make_task(in_scope)

    postpone_task(task=task, due_on=TOMORROW, by=coordinator, now=NOW)

    task.refresh_from_db()
    assert task.due_on == TOMORROW
    complete_task(task=task, by=coordinator, now=NOW)
    with pytest.raises(TaskAlreadyClosed):
        postpone_task(task=task, due_on=TODAY, by=coordinator, now=NOW)


def test_close_tasks_closes_that_kind_of_that_subject_alone(in_scope: Programme, coordinator: User) -> None:
    anna, bo = make_participant(in_scope), make_participant(in_scope)
    annas = make_task(in_scope, participant=anna, kind=TaskKind.CALL)
    others = [
        make_task(in_scope, participant=anna, kind=TaskKind.PLACE),
        make_task(in_scope, participant=bo, kind=TaskKind.CALL),
        make_task(in_scope, kind=TaskKind.CALL),
    ]

    closed = close_tasks(kind=TaskKind.CALL, participant=anna, by=coordinator, now=NOW)
    again = close_tasks(kind=TaskKind.CALL, participant=anna, by=None, now=NOW)

    assert (closed, again) == (1, 0)
    annas.refresh_from_db()
    assert (annas.state, annas.closed_by) == (TaskState.DONE, coordinator)
    assert set(Task.objects.open()) == set(others)


def test_close_tasks_without_a_subject_means_the_programmes_own(
    in_scope: Programme, coordinator: User
) -> None:
    own = make_task(in_scope, kind=TaskKind.HELD_ARRIVAL)
    annas = make_task(in_scope, kind=TaskKind.HELD_ARRIVAL, participant=make_participant(in_scope))

    assert close_tasks(kind=TaskKind.HELD_ARRIVAL, by=coordinator, now=NOW) == 1

    own.refresh_from_db()
    assert own.state == TaskState.DONE
    assert Task.objects.open().get() == annas


@pytest.mark.parametrize("subject", [{}, {"participant": None}])
def test_drop_tasks_without_a_person_leaves_everybodys_tasks(
    subject: dict[str, None], in_scope: Programme, coordinator: User
) -> None:
    annas = make_task(in_scope, participant=make_participant(in_scope))

    assert drop_tasks(by=coordinator, now=NOW, **subject) == 0

    assert Task.objects.open().get() == annas


def test_close_tasks_sees_no_other_programmes_tasks(
    in_scope: Programme, other_programme: Programme, coordinator: User
) -> None:
    make_task(other_programme, kind=TaskKind.HELD_ARRIVAL)

    assert close_tasks(kind=TaskKind.HELD_ARRIVAL, by=coordinator, now=NOW) == 0


def test_open_tasks_in_order_begin_with_what_is_due_first(in_scope: Programme) -> None:
    late = make_task(in_scope, kind=TaskKind.OTHER, due_on=TOMORROW)
    newer = make_task(in_scope, kind=TaskKind.OTHER, created_at=NOW + dt.timedelta(hours=1))
    older = make_task(in_scope, kind=TaskKind.OTHER)

    assert list(Task.objects.open().in_order()) == [older, newer, late]
