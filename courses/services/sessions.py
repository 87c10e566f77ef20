"""When a cohort meets."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils.timezone import localtime

from accounts.models import User
from courses.models import Attendance, Cohort, Session, Venue
from courses.schedule import MOST_SESSIONS, WeeklyPlan
from courses.services.locks import lock_cohort
from courses.services.refusals import (
    AttendanceNoted,
    CohortOver,
    EndsBeforeStart,
    NoSessionDays,
    SessionOutsideCohort,
    SessionOverlaps,
)


@transaction.atomic
def add_session(
    *,
    cohort: Cohort,
    title: str,
    venue: Venue | None,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    by: User | None,
    now: dt.datetime,
) -> Session:
    """Return the new session.

    :raises CohortOver: when the cohort was cancelled.
    :raises EndsBeforeStart: when it would end before it begins.
    :raises SessionOutsideCohort: when its day is not one of the cohort's.
    :raises SessionOverlaps: when the cohort meets at that time already.
    """
    locked = _lock_open(cohort.pk)
    session = Session(
        programme_id=locked.programme_id,
        cohort=locked,
        title=title,
        venue=venue,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    return _save(session)


@transaction.atomic
def change_session(
    *,
    session: Session,
    title: str,
    venue: Venue | None,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    by: User | None,
    now: dt.datetime,
) -> Session:
    """Return the session as changed; what was noted about attendance stays.

    :raises CohortOver: when the cohort was cancelled.
    :raises EndsBeforeStart: when it would end before it begins.
    :raises SessionOutsideCohort: when its day is not one of the cohort's.
    :raises SessionOverlaps: when the cohort meets at that time already.
    """
    cohort = _lock_open(session.cohort_id)
    locked: Session = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
    locked.cohort = cohort
    locked.title = title
    locked.venue = venue
    locked.starts_at = starts_at
    locked.ends_at = ends_at
    return _save(locked)


@transaction.atomic
def remove_session(*, session: Session, by: User | None, now: dt.datetime) -> None:
    """Delete a session that nobody's attendance stands on. Safe to run twice.

    :raises AttendanceNoted: when somebody's attendance stands on it.
    """
    lock_cohort(session.cohort_id)
    if Attendance.objects.filter(session=session).exists():
        raise AttendanceNoted
    Session.objects.filter(pk=session.pk).delete()


@transaction.atomic
def add_weekly_sessions(
    *,
    cohort: Cohort,
    first_starts_at: dt.datetime,
    duration: dt.timedelta,
    count: int | None = None,
    weekdays: Collection[int] = (),
    venue: Venue | None = None,
    title: str = "",
    by: User | None,
    now: dt.datetime,
) -> list[Session]:
    """Add `count` sessions from `first_starts_at` on, at the same hour by Danish clocks; all or none.

    They fall on `weekdays` (Monday is 0; without any, on the first one's own) and never on a public
    holiday; without `count` they go on to the cohort's last day.

    :raises CohortOver: when the cohort was cancelled.
    :raises EndsBeforeStart: when `duration` is nothing or less.
    :raises NoSessionDays: when no day suits.
    :raises SessionOutsideCohort: when there is not room for `count` before the cohort's last day.
    :raises SessionOverlaps: when the cohort meets at one of the times already.
    """
    locked = _lock_open(cohort.pk)
    first = localtime(first_starts_at)
    plan = WeeklyPlan(
        weekdays=frozenset(weekdays) or frozenset({first.weekday()}), starts=first.time(), duration=duration
    )
    if first.date() < locked.starts_on:
        raise SessionOutsideCohort(locked, first.date())
    days = plan.days(first.date(), locked.ends_on)[:MOST_SESSIONS]
    if not days:
        raise NoSessionDays
    if count is not None and len(days) < count:
        raise SessionOutsideCohort(locked, _day_after(plan, locked, count - len(days)))
    sessions = []
    for day in days[:count]:
        starts_at, ends_at = plan.moment(day)
        sessions.append(
            _save(
                Session(
                    programme_id=locked.programme_id,
                    cohort=locked,
                    title=title,
                    venue=venue,
                    starts_at=starts_at,
                    ends_at=ends_at,
                )
            )
        )
    return sessions


def _day_after(plan: WeeklyPlan, cohort: Cohort, missing: int) -> dt.date:
    """Return the day on which the last of the `missing` sessions would fall."""
    after = cohort.ends_on + dt.timedelta(days=1)
    return plan.days(after, after + dt.timedelta(weeks=missing + MOST_SESSIONS))[missing - 1]


def _lock_open(cohort_id: int) -> Cohort:
    locked = lock_cohort(cohort_id)
    if locked.cancelled_at is not None:
        raise CohortOver(locked)
    return locked


def _save(session: Session) -> Session:
    if session.ends_at <= session.starts_at:
        raise EndsBeforeStart
    day = localtime(session.starts_at).date()
    if not session.cohort.starts_on <= day <= session.cohort.ends_on:
        raise SessionOutsideCohort(session.cohort, day)
    others = Session.objects.filter(cohort=session.cohort).exclude(pk=session.pk)
    overlap = others.filter(starts_at__lt=session.ends_at, ends_at__gt=session.starts_at).first()
    if overlap is not None:
        raise SessionOverlaps(overlap)
    session.save()
    return session
