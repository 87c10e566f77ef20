"""What the coordinator's day starts with; a fixed number of queries whatever the number of rows."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from accounts.models import Programme
from core.dates import format_danish_date
from courses.models import Cohort
from courses.queries import CohortSeats, current_cohorts, day_starts_at
from outreach.models import Referrer
from participants.enums import Stage
from participants.models import Participant
from recruitment.enums import Urgency
from recruitment.queries.tasks import SOON_DAYS, TaskCounts, TaskLine, open_tasks, task_counts, task_lines
from recruitment.queries.timeline import Entry, recent_activity
from referrals.models import Nudge, Referral
from referrals.queries import waiting_count
from worklist.models import Task

NEW_DAYS = 7
SHOWN_TASKS = 10
SHOWN_PEOPLE = 6
SHOWN_COHORTS = 6
SHOWN_ENTRIES = 8
# Where nothing happens unless somebody has planned it.
NEEDS_A_PLAN = (Stage.RECEIVED, Stage.CONTACTING, Stage.CONVERSATION, Stage.PAUSED)


@dataclass(frozen=True)
class Figures:
    """The tiles: referrals since Monday and in the week before, people ready without a seat."""

    referrals_this_week: int
    referrals_last_week: int
    waiting: int

    @property
    def last_week_note(self) -> str:
        return f"{self.referrals_last_week} i sidste uge"


@dataclass(frozen=True)
class People:
    """The first few of a group, each with the days they have stood there, and how many they are in all."""

    first: list[tuple[Participant, int]]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.first)


@dataclass(frozen=True)
class TaskGroup:
    """Tasks that are equally pressing."""

    heading: str
    urgency: Urgency
    lines: list[TaskLine]


@dataclass(frozen=True)
class Beginnings:
    """What a new programme has got so far."""

    cohort: bool
    referrer: bool
    arrival: bool

    @property
    def done(self) -> bool:
        return self.cohort and self.referrer and self.arrival


@dataclass(frozen=True)
class Dashboard:
    """Everything on the page; `tasks` are those overdue, due today and within `SOON_DAYS`, in groups."""

    figures: Figures
    counts: TaskCounts
    tasks: list[TaskGroup]
    arrivals: list[Referral]
    cohorts: list[CohortSeats]
    next_start: CohortSeats | None
    waiting: People
    unplanned: People
    activity: list[Entry]
    waiting_arrivals: int
    waiting_nudges: int
    beginnings: Beginnings

    @property
    def is_new(self) -> bool:
        """Nothing has happened yet: only the first steps are worth showing."""
        return not (self.beginnings.cohort or self.beginnings.arrival or self.counts.open)

    @property
    def next_start_note(self) -> str:
        """Which cohort the free seats are on, and when it starts."""
        if self.next_start is None:
            return ""
        cohort = self.next_start.cohort
        return f"{cohort.name} starter {format_danish_date(cohort.starts_on)}"


def dashboard(programme: Programme, today: dt.date) -> Dashboard:
    """Return the programme's day as it stands on `today`."""
    cohorts = current_cohorts(programme, today)
    waiting = _people(Participant.objects.waiting_for_seat(), today)
    due_soon = open_tasks(today=today, until=today + dt.timedelta(days=SOON_DAYS))
    return Dashboard(
        figures=_figures(today, waiting.total),
        counts=task_counts(today),
        tasks=_groups(task_lines(due_soon[:SHOWN_TASKS], today)),
        arrivals=list(_arrivals(today)[:SHOWN_PEOPLE]),
        cohorts=cohorts[:SHOWN_COHORTS],
        next_start=next((seats for seats in cohorts if seats.cohort.starts_on > today), None),
        waiting=waiting,
        unplanned=_people(_unplanned(), today),
        activity=recent_activity(SHOWN_ENTRIES),
        waiting_arrivals=waiting_count(programme),
        waiting_nudges=Nudge.objects.proposed().count(),
        beginnings=_beginnings(programme),
    )


def _groups(lines: list[TaskLine]) -> list[TaskGroup]:
    headings = {
        Urgency.OVERDUE: "Over tiden",
        Urgency.TODAY: "I dag",
        Urgency.SOON: "De næste dage",
    }
    groups = [
        TaskGroup(heading, urgency, [line for line in lines if line.urgency == urgency])
        for urgency, heading in headings.items()
    ]
    return [group for group in groups if group.lines]


def _figures(today: dt.date, waiting: int) -> Figures:
    monday = today - dt.timedelta(days=today.weekday())
    this_week, last_week = day_starts_at(monday), day_starts_at(monday - dt.timedelta(weeks=1))
    counted = Referral.objects.filter(received_at__gte=last_week).aggregate(
        this=Count("pk", filter=Q(received_at__gte=this_week)),
        last=Count("pk", filter=Q(received_at__lt=this_week)),
    )
    return Figures(counted["this"], counted["last"], waiting)


def _arrivals(today: dt.date) -> QuerySet[Referral]:
    since = day_starts_at(today - dt.timedelta(days=NEW_DAYS))
    arrivals: QuerySet[Referral] = (
        Referral.objects.filter(received_at__gte=since)
        .select_related("participant", "referrer__organisation")
        .newest_first()
    )
    return arrivals


def _unplanned() -> QuerySet[Participant]:
    tasks = Task.objects.open().filter(participant=OuterRef("pk"))
    people: QuerySet[Participant] = Participant.objects.filter(~Exists(tasks), stage__in=NEEDS_A_PLAN)
    return people


def _people(group: QuerySet[Participant], today: dt.date) -> People:
    first = group.order_by("stage_changed_at", "pk")[:SHOWN_PEOPLE]
    return People(
        first=[(person, (today - localdate(person.stage_changed_at)).days) for person in first],
        total=group.count(),
    )


def _beginnings(programme: Programme) -> Beginnings:
    found = (
        Programme.objects.filter(pk=programme.pk)
        .values_list(
            Exists(Cohort.objects.all()), Exists(Referrer.objects.all()), Exists(Referral.objects.all())
        )
        .get()
    )
    return Beginnings(*found)
