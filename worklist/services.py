"""Every write to tasks. Higher packages open tasks; the worklist asks nobody."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.db import IntegrityError, models, transaction

from accounts.models import Programme, User
from worklist.enums import TaskKind, TaskState
from worklist.models import SUBJECTS, Task, TaskQuerySet

# A call takes the programme's own minutes; the rest is what coordinators said it takes.
DEFAULT_MINUTES = 10
SAME_TASK = dt.timedelta(minutes=1)

Subject = dict[str, models.Model | None]  # one of SUBJECTS, or none


class TaskAlreadyClosed(Exception):
    """The task was done or set aside in the meantime."""


@transaction.atomic
def open_task(
    *,
    programme: Programme,
    kind: TaskKind,
    why: str,
    due_on: dt.date,
    now: dt.datetime,
    by: User | None = None,
    minutes: int | None = None,
    **subject: models.Model | None,
) -> Task:
    """Return the open task of this kind and subject; a new reason joins it and the earliest date stands.

    `subject` is one of `SUBJECTS`, or nothing. Safe to run twice and
    at once: the database keeps one open task. Tasks of kind OTHER may be many, but the same words about
    the same subject within `SAME_TASK` are a second click.
    """
    if kind == TaskKind.OTHER:
        existing = _same_words(programme, subject, why, now)
        if existing is not None:
            return existing
    else:
        existing = _find_open(programme, kind, subject)
        if existing is not None:
            return _join(existing, why, due_on)
    try:
        with transaction.atomic():
            return Task.objects.create(
                programme=programme,
                kind=kind,
                why=why,
                due_on=due_on,
                minutes=_minutes(programme, kind, minutes),
                created_at=now,
                **subject,
            )
    except IntegrityError:
        existing = _find_open(programme, kind, subject)
        if existing is None:  # refused for another reason than a task that somebody else just opened
            raise
        return _join(existing, why, due_on)


def open_calls(
    *,
    programme: Programme,
    calls: Sequence[tuple[models.Model, str, dt.date]],
    now: dt.datetime,
) -> None:
    """Open a call task for each of (participant, why, due on) who have just come, and so have none yet."""
    Task.objects.bulk_create(
        [
            Task(
                programme=programme,
                kind=TaskKind.CALL,
                participant=participant,  # type: ignore[misc]  # a model of a package above
                why=why,
                due_on=due_on,
                minutes=_minutes(programme, TaskKind.CALL, None),
                created_at=now,
            )
            for participant, why, due_on in calls
        ],
        batch_size=500,
    )


def _minutes(programme: Programme, kind: TaskKind, minutes: int | None) -> int:
    if minutes is not None:
        return minutes
    return programme.task_minutes_call if kind == TaskKind.CALL else DEFAULT_MINUTES


def _find_open(programme: Programme, kind: TaskKind, subject: Subject) -> Task | None:
    found: Task | None = (
        _open_tasks_of(subject).select_for_update(no_key=True).filter(programme=programme, kind=kind).first()
    )
    return found


def _same_words(programme: Programme, subject: Subject, why: str, now: dt.datetime) -> Task | None:
    """Return the task that the same button opened a moment ago; words are encrypted, so compared here."""
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)  # the second click waits
    recent = _open_tasks_of(subject).filter(kind=TaskKind.OTHER, created_at__gt=now - SAME_TASK)
    return next((task for task in recent if task.why == why), None)


def _open_tasks_of(subject: Subject) -> TaskQuerySet:
    """Return the open tasks about just this subject; about nobody when there is none."""
    unknown = set(subject) - set(SUBJECTS)
    if unknown:
        raise TypeError(f"A task has no subject named {', '.join(sorted(unknown))}.")
    found: TaskQuerySet = Task.objects.open().filter(**{name: subject.get(name) for name in SUBJECTS})
    return found


def _join(task: Task, why: str, due_on: dt.date) -> Task:
    if why and why not in task.reasons:
        task.why = "\n".join([*task.reasons, why])
    task.due_on = min(task.due_on, due_on)
    task.save(update_fields=["why", "due_on"])
    return task


def complete_task(*, task: Task, by: User | None, now: dt.datetime) -> Task:
    """Mark the task as done.

    :raises TaskAlreadyClosed: when it is closed already.
    """
    return _close(task, TaskState.DONE, by, now)


def dismiss_task(*, task: Task, by: User | None, now: dt.datetime) -> Task:
    """Set the task aside as not needed.

    :raises TaskAlreadyClosed: when it is closed already.
    """
    return _close(task, TaskState.DISMISSED, by, now)


@transaction.atomic
def _close(task: Task, state: TaskState, by: User | None, now: dt.datetime) -> Task:
    locked: Task = Task.objects.select_for_update(no_key=True).get(pk=task.pk)
    if locked.state != TaskState.OPEN:
        raise TaskAlreadyClosed
    locked.state = state
    locked.closed_at = now
    locked.closed_by = by
    locked.save(update_fields=["state", "closed_at", "closed_by"])
    return locked


@transaction.atomic
def close_tasks(*, kind: TaskKind, by: User | None, now: dt.datetime, **subject: models.Model | None) -> int:
    """Mark the open tasks of `kind` about the subject as done: what they asked for has come.

    Without a subject those of the programme itself are meant, never everybody's. Return how many.
    """
    tasks = _open_tasks_of(subject).filter(kind=kind)
    return tasks.update(state=TaskState.DONE, closed_at=now, closed_by=by)


@transaction.atomic
def drop_reason(
    *, kind: TaskKind, why: str, by: User | None, now: dt.datetime, **subject: models.Model | None
) -> bool:
    """Take a reason that no longer holds off the open task of the subject; return whether it was there.

    A task without any other reason is set aside.
    """
    task: Task | None = _open_tasks_of(subject).select_for_update(no_key=True).filter(kind=kind).first()
    if task is None or why not in task.reasons:
        return False
    task.why = "\n".join(reason for reason in task.reasons if reason != why)
    task.save(update_fields=["why"])
    if not task.reasons:
        dismiss_task(task=task, by=by, now=now)
    return True


@transaction.atomic
def keep_reasons(
    *, kind: TaskKind, still: Collection[str], now: dt.datetime, **subject: models.Model | None
) -> None:
    """Take off the open task of the subject every reason that is not among `still`.

    Where none is left the task is done: what it asked for has come by itself.
    """
    task: Task | None = _open_tasks_of(subject).select_for_update(no_key=True).filter(kind=kind).first()
    if task is None or set(task.reasons) <= set(still):
        return
    kept = [reason for reason in task.reasons if reason in still]
    if not kept:
        complete_task(task=task, by=None, now=now)  # its words stay, as what it was about
        return
    task.why = "\n".join(kept)
    task.save(update_fields=["why"])


@transaction.atomic
def restate_task(
    *,
    programme: Programme,
    kind: TaskKind,
    why: str,
    due_on: dt.date,
    by: User | None,
    now: dt.datetime,
    **subject: models.Model | None,
) -> Task:
    """Return the one open task of this kind and subject, whose words and day are now these."""
    task = open_task(
        programme=programme, kind=kind, why=why, due_on=due_on, minutes=None, by=by, now=now, **subject
    )
    if (task.why, task.due_on) != (why, due_on):
        task.why, task.due_on = why, due_on
        task.save(update_fields=["why", "due_on"])
    return task


@transaction.atomic
def drop_tasks(*, by: User | None, now: dt.datetime, **subject: models.Model | None) -> int:
    """Set aside every open task of the subject, whose path has ended; return how many."""
    return _open_tasks_of(subject).update(state=TaskState.DISMISSED, closed_at=now, closed_by=by)


@transaction.atomic
def postpone_task(*, task: Task, due_on: dt.date, by: User | None, now: dt.datetime) -> Task:
    """Move the task to another day.

    :raises TaskAlreadyClosed: when it is closed already.
    """
    locked: Task = Task.objects.select_for_update(no_key=True).get(pk=task.pk)
    if locked.state != TaskState.OPEN:
        raise TaskAlreadyClosed
    locked.due_on = due_on
    locked.save(update_fields=["due_on"])
    return locked
