"""When a cohort meets: one session, many weeks, and what is refused."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils.timezone import localtime

from accounts.models import Programme, User
from courses.models import Attendance, Cohort, Session
from courses.schedule import WeeklyPlan
from courses.services import (
    AttendanceNoted,
    CohortOver,
    EndsBeforeStart,
    NoSessionDays,
    SessionOutsideCohort,
    SessionOverlaps,
    add_session,
    add_weekly_sessions,
    change_session,
    remove_session,
)
from tests.factories import NOW, make_cohort, make_enrolment, make_session, make_venue

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
FIRST, LAST = dt.date(2026, 3, 23), dt.date(2026, 5, 29)  # Easter, summer time and Ascension Day in between


@pytest.fixture
def cohort(in_scope: Programme) -> Cohort:
    return make_cohort(in_scope, starts_on=FIRST, ends_on=LAST)


def at(day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), tzinfo=COPENHAGEN)


def add(cohort: Cohort, by: User, starts_at: dt.datetime, hours: int = 2) -> Session:
    return add_session(
        cohort=cohort,
        title="Keramik",
        venue=None,
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=hours),
        by=by,
        now=NOW,
    )


def test_adding_a_session_on_the_first_and_last_day(cohort: Cohort, coordinator: User) -> None:
    assert add(cohort, coordinator, at(FIRST, 10)).pk
    assert add(cohort, coordinator, at(LAST, 22)).pk


@pytest.mark.parametrize("day", [FIRST - dt.timedelta(days=1), LAST + dt.timedelta(days=1)])
def test_adding_a_session_outside_the_cohort_is_refused(
    cohort: Cohort, coordinator: User, day: dt.date
) -> None:
    with pytest.raises(SessionOutsideCohort, match=r"varer fra 23\.03\.2026 til 29\.05\.2026"):
        add(cohort, coordinator, at(day, 10))


def test_adding_a_session_that_ends_before_it_begins_is_refused(cohort: Cohort, coordinator: User) -> None:
    with pytest.raises(EndsBeforeStart):
        add(cohort, coordinator, at(FIRST, 10), hours=0)


@pytest.mark.parametrize("hour", [9, 10, 11])
def test_adding_a_session_while_the_cohort_meets_is_refused(
    cohort: Cohort, coordinator: User, hour: int
) -> None:
    add(cohort, coordinator, at(FIRST, 10))
    with pytest.raises(SessionOverlaps, match=r"mødegang den 23\.03\.2026 kl\. 10\.00"):
        add(cohort, coordinator, at(FIRST, hour))
    assert add(cohort, coordinator, at(FIRST, 12)).pk


def test_adding_to_a_cancelled_cohort_is_refused(in_scope: Programme, coordinator: User) -> None:
    with pytest.raises(CohortOver):
        add(make_cohort(in_scope, starts_on=FIRST, cancelled_at=NOW), coordinator, at(FIRST, 10))


def test_changing_a_session_keeps_its_attendance(cohort: Cohort, coordinator: User) -> None:
    session = add(cohort, coordinator, at(FIRST, 10))
    enrolment = make_enrolment(cohort)
    Attendance.objects.create(
        programme=cohort.programme, session=session, enrolment=enrolment, state="present", recorded_at=NOW
    )
    venue = make_venue(cohort.programme)
    changed = change_session(
        session=session,
        title="Sang",
        venue=venue,
        starts_at=at(FIRST, 11),
        ends_at=at(FIRST, 13),
        by=coordinator,
        now=NOW,
    )
    assert (changed.title, changed.venue, changed.attendances.count()) == ("Sang", venue, 1)


def test_changing_a_session_is_checked_as_a_new_one(cohort: Cohort, coordinator: User) -> None:
    add(cohort, coordinator, at(FIRST, 14))
    session = add(cohort, coordinator, at(FIRST, 10))

    def change(day: dt.date, hour: int, until: int) -> None:
        change_session(
            session=session,
            title="",
            venue=None,
            starts_at=at(day, hour),
            ends_at=at(day, until),
            by=coordinator,
            now=NOW,
        )

    with pytest.raises(SessionOverlaps):
        change(FIRST, 13, 15)
    with pytest.raises(SessionOutsideCohort):
        change(LAST + dt.timedelta(days=1), 10, 12)
    with pytest.raises(EndsBeforeStart):
        change(FIRST, 12, 10)


def test_removing_a_session_twice_is_the_same_as_once(cohort: Cohort, coordinator: User) -> None:
    session = add(cohort, coordinator, at(FIRST, 10))
    for _ in range(2):
        remove_session(session=session, by=coordinator, now=NOW)
    assert not Session.objects.exists()


def test_removing_a_session_with_attendance_is_refused(cohort: Cohort, coordinator: User) -> None:
    session = make_session(cohort, starts_at=at(FIRST, 10))
    Attendance.objects.create(
        programme=cohort.programme,
        session=session,
        enrolment=make_enrolment(cohort),
        state="absent",
        recorded_at=NOW,
    )
    with pytest.raises(AttendanceNoted):
        remove_session(session=session, by=coordinator, now=NOW)


def weekly(cohort: Cohort, by: User, count: int | None, first: dt.date = FIRST, **more) -> list[str]:
    sessions = add_weekly_sessions(
        cohort=cohort,
        first_starts_at=at(first, 10),
        duration=dt.timedelta(hours=2),
        count=count,
        by=by,
        now=NOW,
        **more,
    )
    return [localtime(session.starts_at).strftime("%d.%m %H.%M") for session in sessions]


def test_weekly_sessions_keep_their_hour_when_summer_time_begins_and_skip_holidays(
    cohort: Cohort, coordinator: User
) -> None:
    # Summer time begins on 29 March; 6 April is Easter Monday.
    assert weekly(cohort, coordinator, 4) == ["23.03 10.00", "30.03 10.00", "13.04 10.00", "20.04 10.00"]


def test_weekly_sessions_may_fall_on_several_weekdays(cohort: Cohort, coordinator: User) -> None:
    # Thursday 2 April is Maundy Thursday.
    days = weekly(cohort, coordinator, 5, weekdays={0, 3})
    assert days == ["23.03 10.00", "26.03 10.00", "30.03 10.00", "09.04 10.00", "13.04 10.00"]


def test_weekly_sessions_without_a_count_go_on_to_the_last_day(cohort: Cohort, coordinator: User) -> None:
    assert weekly(cohort, coordinator, None, weekdays={4})[-1] == "29.05 10.00"


def test_weekly_sessions_that_run_past_the_last_day_are_refused_all_or_none(
    cohort: Cohort, coordinator: User
) -> None:
    with pytest.raises(SessionOutsideCohort, match=r"Den 01\.06\.2026 ligger uden for holdet"):
        weekly(cohort, coordinator, 9)
    assert not Session.objects.exists()


def test_weekly_sessions_that_begin_too_early_or_never_are_refused(cohort: Cohort, coordinator: User) -> None:
    with pytest.raises(SessionOutsideCohort):
        weekly(cohort, coordinator, 2, first=FIRST - dt.timedelta(days=7))
    with pytest.raises(NoSessionDays):
        weekly(cohort, coordinator, 2, first=LAST + dt.timedelta(days=1))


def test_weekly_sessions_on_a_day_that_is_taken_are_refused_all_or_none(
    cohort: Cohort, coordinator: User
) -> None:
    add(cohort, coordinator, at(FIRST + dt.timedelta(weeks=1), 10))
    with pytest.raises(SessionOverlaps):
        weekly(cohort, coordinator, 3)
    assert Session.objects.count() == 1


def test_weekly_sessions_that_last_no_time_are_refused(cohort: Cohort, coordinator: User) -> None:
    with pytest.raises(EndsBeforeStart):
        add_weekly_sessions(
            cohort=cohort,
            first_starts_at=at(FIRST, 10),
            duration=dt.timedelta(0),
            count=1,
            by=coordinator,
            now=NOW,
        )


def test_a_plan_names_the_holidays_it_skips() -> None:
    plan = WeeklyPlan(frozenset({0}), dt.time(10), dt.timedelta(hours=2))
    assert plan.skipped(FIRST, LAST) == {
        dt.date(2026, 4, 6): "Anden påskedag",
        dt.date(2026, 5, 25): "Anden pinsedag",
    }
