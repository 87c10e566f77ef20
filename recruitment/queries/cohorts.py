"""What the cohort pages show; each page takes a fixed number of SQL queries."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Programme
from core.danish import holidays_between
from courses.enums import ATTENDING, CURRENT, SEAT_TAKING, AttendanceState, Ending, EnrolmentState
from courses.models import Attendance, Cohort, CohortQuerySet, Enrolment, Session, Venue
from courses.queries import (
    Attended,
    attendance_of,
    day_starts_at,
    first_sessions,
    is_finishable,
    proposed_ending,
)
from participants.enums import Stage
from participants.models import Participant

# The columns that cost a decryption each and that no page about cohorts shows.
SECRETS = ("phone", "email", "contact_wishes", "note")
PERSON_SECRETS = tuple(f"participant__{name}" for name in SECRETS)
# How many of those who are ready stand on the cohort's own page; the rest are found by name.
CANDIDATES_SHOWN = 6

Badge = tuple[str, str]  # kind, text


@dataclass(frozen=True)
class CohortLine:
    """A cohort in the list of cohorts."""

    cohort: Cohort
    seats_taken: int
    waiting: int
    completed: int
    unfinished: int
    next_session: Session | None
    badge: Badge


def _counted(cohorts: CohortQuerySet) -> CohortQuerySet:
    def number(**condition: Any) -> Count:
        return Count(
            "enrolments", filter=Q(**{f"enrolments__{key}": value for key, value in condition.items()})
        )

    return (
        cohorts.with_seats_taken()
        .select_related("venue")
        .annotate(
            waiting=number(state=EnrolmentState.WAITING, participant__stage=Stage.READY),
            completed=number(state=EnrolmentState.COMPLETED),
            unfinished=number(state__in=CURRENT),
        )
    )


def current_lines(today: dt.date) -> tuple[list[CohortLine], list[CohortLine]]:
    """Return the running cohorts and those that have not started, first to start first; two queries."""
    cohorts = list(_counted(Cohort.objects.not_over(today)))
    sessions = first_sessions(cohorts, day_starts_at(today))
    lines = [_line(cohort, sessions.get(cohort.pk), today) for cohort in cohorts]
    running = [line for line in lines if line.cohort.starts_on <= today]
    upcoming = [line for line in lines if line.cohort.starts_on > today]
    return running, upcoming


def past_cohorts(today: dt.date) -> QuerySet[Cohort]:
    """Return the cohorts that are over, counted, the latest first."""
    over = Cohort.objects.filter(Q(ends_on__lt=today) | Q(cancelled_at__isnull=False))
    counted: QuerySet[Cohort] = _counted(over).order_by("-ends_on", "-pk")
    return counted


def past_lines(cohorts: Iterable[Cohort], today: dt.date) -> list[CohortLine]:
    """Return the lines of cohorts that `past_cohorts` gave."""
    return [_line(cohort, None, today) for cohort in cohorts]


def _line(cohort: Any, next_session: Session | None, today: dt.date) -> CohortLine:
    return CohortLine(
        cohort=cohort,
        seats_taken=cohort.seats_taken,
        waiting=cohort.waiting,
        completed=cohort.completed,
        unfinished=cohort.unfinished,
        next_session=next_session,
        badge=cohort_badge(cohort, cohort.seats_taken, cohort.unfinished, today),
    )


def cohort_badge(cohort: Cohort, seats_taken: int, unfinished: int, today: dt.date) -> Badge:
    """Return in two words where the cohort stands."""
    if cohort.cancelled_at is not None:
        return "neutral", _("Aflyst")
    if cohort.ends_on < today:
        return ("warning", _("Skal afsluttes")) if unfinished else ("neutral", _("Afsluttet"))
    if cohort.starts_on <= today:
        return "success", _("I gang")
    left = max(cohort.capacity - seats_taken, 0)
    if not left:
        return "success", _("Fyldt")
    return "info", ngettext("%(left)d ledig plads", "%(left)d ledige pladser", left) % {"left": left}


@dataclass(frozen=True)
class Place:
    """A person in a cohort, and how many of the held sessions they came to."""

    enrolment: Enrolment
    attended: Attended
    badge: Badge


@dataclass(frozen=True)
class SessionLine:
    """A session, and what is noted of who came."""

    session: Session
    present: int
    apologised: int
    absent: int
    badge: Badge

    @property
    def noted(self) -> int:
        return self.present + self.apologised + self.absent


@dataclass(frozen=True)
class CohortPage:
    """All that the page of one cohort shows."""

    cohort: Cohort
    badge: Badge
    seats_taken: int
    seats_left: int
    places: list[Place]
    former: list[Place]
    waiting: list[Enrolment]
    sessions: list[SessionLine]
    holidays: list[tuple[dt.date, str]]
    candidates: list[Participant]
    candidates_left: int
    is_over: bool
    is_finishable: bool


def cohort_page(cohort: Cohort, now: dt.datetime) -> CohortPage:
    """Return the page of a cohort; nine queries."""
    today = localdate(now)
    attended = attendance_of(cohort)
    enrolments = list(
        Enrolment.objects.filter(cohort=cohort)
        .select_related("participant")
        .defer(*PERSON_SECRETS)
        .order_by("participant__name_key", "pk")
    )
    seats_taken = sum(enrolment.state in SEAT_TAKING for enrolment in enrolments)
    current = [enrolment for enrolment in enrolments if enrolment.is_current]
    over = cohort.is_over(today)
    waiting = list(
        Enrolment.objects.filter(cohort=cohort).waiting().select_related("participant").defer(*PERSON_SECRETS)
    )
    sessions = session_lines(cohort, now)
    people = [] if over else list(candidates(cohort)[: CANDIDATES_SHOWN + 1])
    return CohortPage(
        cohort=cohort,
        badge=cohort_badge(cohort, seats_taken, len(current), today),
        seats_taken=seats_taken,
        seats_left=max(cohort.capacity - seats_taken, 0),
        places=[_place(enrolment, attended) for enrolment in enrolments if enrolment.state in SEAT_TAKING],
        former=[
            _place(enrolment, attended)
            for enrolment in enrolments
            if enrolment.state in (EnrolmentState.STOPPED, EnrolmentState.DECLINED)
        ],
        waiting=[] if over else waiting,
        sessions=sessions,
        holidays=_holidays_between_sessions(sessions),
        candidates=people[:CANDIDATES_SHOWN],
        candidates_left=max(len(people) - CANDIDATES_SHOWN, 0),
        is_over=over,
        is_finishable=bool(current) and is_finishable(cohort, now),
    )


_STATE_KINDS = {
    EnrolmentState.OFFERED: "info",
    EnrolmentState.ENROLLED: "info",
    EnrolmentState.STARTED: "success",
    EnrolmentState.COMPLETED: "success",
}


def _place(enrolment: Enrolment, attended: dict[int, Attended]) -> Place:
    paused = enrolment.is_current and enrolment.participant.stage == Stage.PAUSED
    state = EnrolmentState(enrolment.state)
    badge = (
        ("warning", _("Holder pause")) if paused else (_STATE_KINDS.get(state, "neutral"), str(state.label))
    )
    return Place(enrolment=enrolment, attended=attended[enrolment.pk], badge=badge)


def session_lines(cohort: Cohort, now: dt.datetime) -> list[SessionLine]:
    """Return the cohort's sessions in order; one query."""

    def number(state: AttendanceState) -> Count:
        return Count("attendances", filter=Q(attendances__state=state))

    sessions = (
        Session.objects.filter(cohort=cohort)
        .select_related("venue")
        .annotate(
            present=number(AttendanceState.PRESENT),
            apologised=number(AttendanceState.APOLOGISED),
            absent=number(AttendanceState.ABSENT),
        )
        .order_by("starts_at", "pk")
    )
    return [
        SessionLine(
            session=session,
            present=session.present,
            apologised=session.apologised,
            absent=session.absent,
            badge=_session_badge(session, session.present + session.absent, now),
        )
        for session in sessions
    ]


def _session_badge(session: Session, noted: int, now: dt.datetime) -> Badge:
    if localdate(session.starts_at) > localdate(now):
        return "neutral", _("Kommer")
    if noted:
        return "success", _("Noteret")
    if localdate(session.starts_at) == localdate(now):
        return "info", _("I dag")
    return "warning", _("Fremmøde mangler")


def _holidays_between_sessions(lines: list[SessionLine]) -> list[tuple[dt.date, str]]:
    """Return the public holidays on the weekdays the cohort meets, so that a gap explains itself."""
    days = [localtime(line.session.starts_at).date() for line in lines]
    if not days:
        return []
    weekdays = {day.weekday() for day in days}
    between = holidays_between(days[0], days[-1])
    return [(day, name) for day, name in between.items() if day.weekday() in weekdays and day not in days]


def candidates(cohort: Cohort, text: str = "") -> QuerySet[Participant]:
    """Return those who are ready and not on this cohort's waiting list, longest ready first."""
    on_list = Enrolment.objects.filter(cohort=cohort, state=EnrolmentState.WAITING).values("participant")
    ready = Participant.objects.waiting_for_seat().exclude(pk__in=on_list).defer(*SECRETS)
    people: QuerySet[Participant] = ready.matching(text) if text else ready
    return people.order_by("stage_changed_at", "pk")


@dataclass(frozen=True)
class Choice:
    """A place to be ended, with what the programme's rule proposes."""

    enrolment: Enrolment
    attended: Attended
    proposed: Ending


def endings_to_choose(cohort: Cohort, programme: Programme) -> list[Choice]:
    """Return the cohort's current places by name, each with its proposed ending; three queries."""
    attended = attendance_of(cohort)
    places = (
        Enrolment.objects.filter(cohort=cohort)
        .current()
        .select_related("participant", "cohort")
        .defer(*PERSON_SECRETS)
        .order_by("participant__name_key", "pk")
    )
    return [
        Choice(
            place, attended[place.pk], proposed_ending(place, attended[place.pk], programme.completed_percent)
        )
        for place in places
    ]


@dataclass(frozen=True)
class Presence:
    """A person on the attendance list of a session, and what is noted so far ("" for nothing)."""

    enrolment: Enrolment
    state: str


def presences(session: Session) -> list[Presence]:
    """Return by name those whose attendance can be noted; who stopped before the session is left out."""
    notes = dict(Attendance.objects.filter(session=session).values_list("enrolment", "state"))
    enrolments = (
        Enrolment.objects.filter(cohort=session.cohort_id, state__in=ATTENDING)
        .exclude(~Q(pk__in=list(notes)), state=EnrolmentState.STOPPED, state_changed_at__lt=session.starts_at)
        .select_related("participant")
        .defer(*PERSON_SECRETS)
        .order_by("participant__name_key", "pk")
    )
    return [Presence(enrolment, notes.get(enrolment.pk, "")) for enrolment in enrolments]


def venues() -> QuerySet[Venue]:
    """Return the places with the number of cohorts and sessions that use each."""
    found: QuerySet[Venue] = Venue.objects.annotate(
        cohorts_total=Count("cohorts", distinct=True), sessions_total=Count("sessions", distinct=True)
    ).order_by("name", "pk")
    return found
