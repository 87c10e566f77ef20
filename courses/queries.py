"""Reads about cohorts, seats and attendance; each takes a fixed number of SQL queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, Q
from django.utils.timezone import localdate

from accounts.models import Programme
from core.danish import COPENHAGEN
from courses.enums import AttendanceState, Ending, EnrolmentState
from courses.models import Attendance, Cohort, CohortQuerySet, Enrolment, Session
from participants.enums import Stage


@dataclass(frozen=True)
class CohortSeats:
    """A cohort with its seats counted and its first session from the day asked about, if it has one."""

    cohort: Cohort
    seats_taken: int
    seats_left: int
    next_session: Session | None


@dataclass(frozen=True)
class Attended:
    """How many of the cohort's held sessions a person came to.

    Held means that somebody came or stayed away; apologies alone may stand before the day.
    """

    present: int
    held: int

    @property
    def share(self) -> float | None:
        """From 0 to 1, None before the first held session."""
        return self.present / self.held if self.held else None

    @property
    def percent(self) -> int | None:
        """The share in whole per cent, rounded down so that 59.9 never looks like a limit of 60."""
        return self.present * 100 // self.held if self.held else None

    def reaches(self, percent: int) -> bool:
        """Say whether the share is at least `percent`; before the first held session it is not."""
        return self.held > 0 and self.present * 100 >= percent * self.held


def day_starts_at(day: date) -> datetime:
    """Return the moment at which `day` begins in Denmark."""
    return datetime.combine(day, time.min, tzinfo=COPENHAGEN)


def current_cohorts(programme: Programme, today: date) -> list[CohortSeats]:
    """Return the programme's running and upcoming cohorts, first to start first; two queries."""
    return _with_seats(Cohort.objects.filter(programme=programme).not_over(today), today)


def cohorts_with_seats(programme: Programme, today: date) -> list[CohortSeats]:
    """Return the cohorts that have not started and have a free seat, first to start first; two queries."""
    upcoming = _with_seats(Cohort.objects.filter(programme=programme).upcoming(today), today)
    return [seats for seats in upcoming if seats.seats_left > 0]


def next_cohort_with_seats(programme: Programme, today: date) -> CohortSeats | None:
    """Return the first cohort to start that has a free seat."""
    return next(iter(cohorts_with_seats(programme, today)), None)


def _with_seats(cohorts: CohortQuerySet, today: date) -> list[CohortSeats]:
    counted = list(cohorts.with_seats_taken().select_related("venue"))
    sessions = first_sessions(counted, day_starts_at(today))
    return [
        CohortSeats(
            cohort=cohort,
            seats_taken=cohort.seats_taken,
            seats_left=max(cohort.capacity - cohort.seats_taken, 0),
            next_session=sessions.get(cohort.pk),
        )
        for cohort in counted
    ]


def first_sessions(cohorts: Iterable[Cohort], since: datetime) -> dict[int, Session]:
    """Return each cohort's first session that starts at or after `since`, by the cohort's id; one query."""
    sessions = (
        Session.objects.filter(cohort__in=list(cohorts), starts_at__gte=since)
        .select_related("venue")
        .order_by("cohort_id", "starts_at", "pk")
        .distinct("cohort_id")
    )
    return {session.cohort_id: session for session in sessions}


def attendance_of(cohort: Cohort) -> dict[int, Attended]:
    """Return what each of the cohort's enrolments has attended, by the enrolment's id; two queries.

    A held session at which nothing was noted about a person counts as one they did not come to.
    """
    held = _held_sessions(cohort.pk)
    present = (
        Enrolment.objects.filter(cohort=cohort)
        .annotate(present=Count("attendances", filter=Q(attendances__state=AttendanceState.PRESENT)))
        .values_list("pk", "present")
    )
    return {pk: Attended(present=number, held=held) for pk, number in present}


def proposed_ending(enrolment: Enrolment, attended: Attended, completed_percent: int) -> Ending:
    """Return what the programme's rule makes of a current place; the coordinator decides.

    Somebody who never came is ready for another cohort; `completed_percent` of the held sessions is
    *completed*; below it a person on a pause is called, and any other has stopped.
    """
    if enrolment.state != EnrolmentState.STARTED:
        return Ending.READY
    if attended.reaches(completed_percent):
        return Ending.COMPLETED
    if enrolment.participant.stage == Stage.PAUSED:
        return Ending.PAUSED
    return Ending.STOPPED_OTHER


def is_finishable(cohort: Cohort, now: datetime) -> bool:
    """Say whether the cohort's last day has come, or its last session has ended."""
    if cohort.ends_on <= localdate(now):
        return True
    sessions = Session.objects.filter(cohort=cohort)
    return sessions.exists() and not sessions.filter(ends_at__gt=now).exists()


def attendance_share(enrolment: Enrolment) -> float | None:
    """Return the share, 0 to 1, of the cohort's held sessions that the person came to; None before any."""
    held = _held_sessions(enrolment.cohort_id)
    present = Attendance.objects.filter(enrolment=enrolment, state=AttendanceState.PRESENT).count()
    return Attended(present=present, held=held).share


def _held_sessions(cohort_id: int) -> int:
    noted = (AttendanceState.PRESENT, AttendanceState.ABSENT)
    sessions = Session.objects.filter(cohort=cohort_id, attendances__state__in=noted)
    held: int = sessions.distinct().count()
    return held
