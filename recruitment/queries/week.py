"""The coordinator's week: which tasks fit in the hours, in the order of what recruiting gains most."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import DurationField, ExpressionWrapper, F, Sum
from django.utils.timezone import localdate

from accounts.models import Programme
from courses.models import Session
from courses.queries import day_starts_at
from recruitment.forecast.model import TooLittleHistory
from recruitment.queries.forecast import gains_of_waiting
from recruitment.queries.tasks import TaskLine, open_tasks, task_lines
from worklist.enums import TaskKind, TaskState
from worklist.models import Task

# Somebody who may need help comes before any cohort, and is never left for another week.
CARE = (TaskKind.FOLLOW_UP_LOW_SCORE,)
# What a task adds to the chance that somebody begins, where the forecast cannot say: a call to a person who
# is new, a seat for one who is ready, and a form held back that one time of five hides a person.
GAIN_WITHOUT_HISTORY = {TaskKind.CALL: 0.3, TaskKind.PLACE: 0.5, TaskKind.HELD_ARRIVAL: 0.2}


@dataclass(frozen=True)
class WeekTask:
    """A task in the week and what it adds to the chance, 0–1, that its person begins; 0 for other work."""

    line: TaskLine
    gain: float

    @property
    def minutes(self) -> int:
        return self.line.task.minutes

    @property
    def gain_percent(self) -> int:
        return round(self.gain * 100)


@dataclass(frozen=True)
class WeekPlan:
    """The week of `monday`; all times in minutes.

    `done` is what tasks closed this week took, `sessions` the cohorts' meetings. `planned` fits in what is
    left of the hours; `left_over` does not.
    """

    monday: dt.date
    hours: int
    sessions: int
    done: int
    planned: list[WeekTask]
    left_over: list[WeekTask]

    @property
    def sunday(self) -> dt.date:
        return self.monday + dt.timedelta(days=6)

    @property
    def free(self) -> int:
        """What the sessions and the work that is done leave of the hours."""
        return max(self.hours - self.sessions - self.done, 0)

    @property
    def planned_minutes(self) -> int:
        return sum(task.minutes for task in self.planned)

    @property
    def left_over_minutes(self) -> int:
        return sum(task.minutes for task in self.left_over)

    @property
    def spare(self) -> int:
        """What is still free when everything planned is done."""
        return max(self.free - self.planned_minutes, 0)


def week_plan(programme: Programme, now: dt.datetime) -> WeekPlan:
    """Return the plan of the week in which `now` lies; a fixed number of queries."""
    today = localdate(now)
    monday = today - dt.timedelta(days=today.weekday())
    hours, sessions, done = programme.coordinator_hours * 60, _session_minutes(monday), _done_minutes(monday)
    due = list(open_tasks(today=today, until=monday + dt.timedelta(days=6)))
    gains = _gains(now)
    tasks = [WeekTask(line, gain_of(line.task, gains)) for line in task_lines(due, today)]
    planned, left_over = fit(tasks, max(hours - sessions - done, 0))
    return WeekPlan(monday, hours, sessions, done, planned, left_over)


def fit(tasks: Sequence[WeekTask], minutes: int) -> tuple[list[WeekTask], list[WeekTask]]:
    """Return the tasks that fit in `minutes` and those that do not, each in the order of their worth.

    Care first and always; then what adds most per minute; then what is due first. A task too long for what
    is left makes room for a shorter one behind it.
    """
    planned: list[WeekTask] = []
    left_over: list[WeekTask] = []
    for task in sorted(tasks, key=_worth):
        if task.minutes <= minutes or task.line.task.kind in CARE:
            planned.append(task)
            minutes -= task.minutes
        else:
            left_over.append(task)
    return planned, left_over


def _worth(task: WeekTask) -> tuple[bool, float, dt.date, int]:
    own = task.line.task
    return own.kind not in CARE, -task.gain / max(task.minutes, 1), own.due_on, own.pk


def gain_of(task: Task, gains: dict[int, float] | None) -> float:
    """Return what the task adds to the chance that its person begins; `gains` by participant.

    Without a forecast (None) the kind of task decides. Whoever has begun already has nothing to gain.
    """
    by_kind = GAIN_WITHOUT_HISTORY.get(TaskKind(task.kind), 0.0)
    if gains is None or task.participant_id is None or not by_kind:
        return by_kind
    return gains.get(task.participant_id, 0.0)


def _gains(now: dt.datetime) -> dict[int, float] | None:
    try:
        return gains_of_waiting(now)
    except TooLittleHistory:
        return None


def _session_minutes(monday: dt.date) -> int:
    """Return how long the cohorts meet this week: the coordinator is there."""
    lasting = ExpressionWrapper(F("ends_at") - F("starts_at"), output_field=DurationField())
    sessions = Session.objects.filter(
        cohort__cancelled_at=None,
        starts_at__gte=day_starts_at(monday),
        starts_at__lt=day_starts_at(monday + dt.timedelta(days=7)),
    )
    total: dt.timedelta | None = sessions.aggregate(total=Sum(lasting))["total"]
    return round(total.total_seconds() / 60) if total else 0


def _done_minutes(monday: dt.date) -> int:
    done = Task.objects.filter(state=TaskState.DONE, closed_at__gte=day_starts_at(monday))
    return int(done.exclude(closed_by=None).aggregate(total=Sum("minutes"))["total"] or 0)
