"""Reads of the worklist: open tasks in the order they are due, each as the sentence a page shows."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.formats import date_format

from core.dates import format_danish_date
from recruitment.enums import TaskFilter, Urgency
from referrals.enums import RESEMBLES_SOMEBODY
from worklist.enums import TaskKind, TaskState
from worklist.models import Task

SOON_DAYS = 7  # a working week ahead, weekend included

TITLES: dict[str, str] = {
    TaskKind.CALL: "Ring til {whom}",
    TaskKind.FOLLOW_UP_LOW_SCORE: "Følg op på lav trivsel hos {whom}",
    TaskKind.PLACE: "Find plads til {whom}",
    TaskKind.BEFORE_MEASURE: "Få førmålingen fra {whom}",
    TaskKind.AFTER_MEASURE: "Få eftermålingen fra {whom}",
    TaskKind.ACTIVITY: "{whom}",
    TaskKind.MESSAGE_FAILED: "Besked til {whom} kunne ikke sendes",
    TaskKind.MESSAGE_UNCERTAIN: "Besked til {whom} er måske sendt",
    TaskKind.ADDRESS_DEAD: "Find en adresse, der virker, til {whom}",
    TaskKind.REFERRER_SUCCESSOR: "Find ud af, hvem der overtager efter {whom}",
    TaskKind.REFERRER_RETURNED: "Er {whom} her stadig?",
    TaskKind.TEND_PARTNER: "Pas på samarbejdet med {whom}",
    TaskKind.AGREEMENT_REVIEW: "Gennemgå aftalen med {whom}",
    TaskKind.PARTNER_STEP: "Næste skridt med {whom}",
    TaskKind.REFERRER_POINTS_ELSEWHERE: "Spørg en anden end {whom}",
}

# Where on the participant's page the work is done, and what the button there says.
NEXT_STEPS: dict[str, tuple[str, str]] = {
    TaskKind.CALL: ("Ring og notér", "kontakt"),
    TaskKind.FOLLOW_UP_LOW_SCORE: ("Ring og notér", "kontakt"),
    TaskKind.PLACE: ("Find plads", "plads"),
    TaskKind.BEFORE_MEASURE: ("Gå til målinger", "maalinger"),
    TaskKind.AFTER_MEASURE: ("Gå til målinger", "maalinger"),
}


@dataclass(frozen=True)
class TaskLine:
    """A task as a list shows it. `next_step` and `place` are "" where the task leads to no participant.

    `resembles` says that the person was likely known when they came; the page leads to the comparison.
    """

    task: Task
    title: str
    whom: str
    reasons: list[str]
    urgency: Urgency
    due: str
    next_step: str
    place: str
    resembles: bool


@dataclass(frozen=True)
class TaskCounts:
    """Open tasks counted; `minutes` is the work of today, what is overdue included."""

    open: int
    overdue: int
    today: int
    minutes: int

    @property
    def now(self) -> int:
        """Those to do today, what is overdue included."""
        return self.overdue + self.today

    @property
    def note(self) -> str:
        """How long they take, and how many are late."""
        late = f"{self.overdue} over tiden" if self.overdue else ""
        return " · ".join(part for part in (duration(self.minutes) if self.now else "", late) if part)

    @property
    def kind(self) -> str:
        """The kind of tile: late tasks stand out."""
        return str(Urgency.OVERDUE) if self.overdue else ""


def open_tasks(
    *, today: dt.date, kind: str = "", when: str = "", until: dt.date | None = None
) -> QuerySet[Task]:
    """Return the open tasks, first due first, narrowed by kind, by `when` and to those due by `until`."""
    tasks: QuerySet[Task] = with_subjects(Task.objects.open().in_order())
    if kind:
        tasks = tasks.filter(kind=kind)
    if when == TaskFilter.OVERDUE:
        tasks = tasks.filter(due_on__lt=today)
    if when == TaskFilter.TODAY:
        tasks = tasks.filter(due_on__lte=today)
    if until is not None:
        tasks = tasks.filter(due_on__lte=until)
    return tasks


def closed_tasks(*, kind: str = "") -> QuerySet[Task]:
    """Return the closed tasks, the last closed first."""
    tasks: QuerySet[Task] = with_subjects(
        Task.objects.exclude(state=TaskState.OPEN).order_by("-closed_at", "-pk")
    )
    return tasks.filter(kind=kind) if kind else tasks


def with_subjects(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Return the tasks with all that a line tells about, in the same query."""
    return tasks.select_related(
        "participant",
        "cohort",
        "referrer",
        "activity__organisation",
        "organisation",
        "message__participant",
        "message__referrer",
        "message__interested",
        "message__user",
        "closed_by",
    )


def task_counts(today: dt.date) -> TaskCounts:
    """Return how many tasks are open, overdue and due today; one query."""
    due = Q(due_on__lte=today)
    counted = Task.objects.open().aggregate(
        open=Count("pk"),
        overdue=Count("pk", filter=Q(due_on__lt=today)),
        today=Count("pk", filter=Q(due_on=today)),
        minutes=Sum("minutes", filter=due),
    )
    return TaskCounts(**{name: value or 0 for name, value in counted.items()})


def task_lines(tasks: QuerySet[Task] | list[Task], today: dt.date) -> list[TaskLine]:
    """Return each task as a page shows it; no query of its own after `with_subjects`."""
    return [_line(task, today) for task in tasks]


def _line(task: Task, today: dt.date) -> TaskLine:
    whom, reasons = _whom(task), [reason for reason in task.reasons if reason != RESEMBLES_SOMEBODY]
    if task.kind == TaskKind.OTHER and reasons:
        title, *reasons = reasons  # what to do is all that such a task says
    elif whom and task.kind in TITLES:
        title = TITLES[task.kind].format(whom=whom)
    else:
        title = str(task.get_kind_display()) + (f": {whom}" if whom else "")
    next_step, place = ("", "")
    if task.participant_id is not None:
        next_step, place = NEXT_STEPS.get(task.kind, ("", ""))
    return TaskLine(
        task=task,
        title=title,
        whom=whom,
        reasons=reasons,
        urgency=urgency(task.due_on, today),
        due=due_in_words(task.due_on, today),
        next_step=next_step,
        place=place,
        resembles=task.participant_id is not None and RESEMBLES_SOMEBODY in task.reasons,
    )


def _whom(task: Task) -> str:
    subject = task.participant or task.cohort or task.referrer or task.activity or task.organisation
    if subject is None and task.message is not None:
        return str(task.message.recipient)
    return str(subject) if subject else ""


def duration(minutes: int) -> str:
    """Return minutes as "45 min." or "2 t. 5 min."."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} t." if hours else "", f"{rest} min." if rest or not hours else ""]
    return " ".join(part for part in parts if part)


def urgency(due_on: dt.date, today: dt.date) -> Urgency:
    """Return how close `due_on` is."""
    if due_on < today:
        return Urgency.OVERDUE
    if due_on == today:
        return Urgency.TODAY
    return Urgency.SOON if due_on <= today + dt.timedelta(days=SOON_DAYS) else Urgency.LATER


def due_in_words(due_on: dt.date, today: dt.date) -> str:
    """Return `due_on` as a colleague would say it: "i dag", "3 dage over tiden", "torsdag 12.03.2026"."""
    days = (due_on - today).days
    if days < 0:
        return "1 dag over tiden" if days == -1 else f"{-days} dage over tiden"
    if days < 2:
        return ("i dag", "i morgen")[days]
    return f"{date_format(due_on, 'l')} {format_danish_date(due_on)}"
