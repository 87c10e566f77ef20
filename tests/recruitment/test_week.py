"""The coordinator's week: what fits in the hours, in the order of what recruiting gains most."""

import datetime as dt

import pytest
from django.urls import reverse
from django_scopes import scope

from core.dates import danish_moment
from outreach.enums import ActivityKind
from outreach.services import plan_activity
from participants.enums import Stage
from recruitment.queries import week
from recruitment.queries.tasks import task_lines
from recruitment.queries.week import WeekTask, fit, gain_of, week_plan
from recruitment.services import postpone_what_does_not_fit
from tests import factories
from tests.factories import NOW, TODAY
from worklist.enums import TaskKind, TaskState
from worklist.models import Task

pytestmark = pytest.mark.django_db
MONDAY = TODAY - dt.timedelta(days=1)  # the tests' day is a Tuesday
SUNDAY = MONDAY + dt.timedelta(days=6)


@pytest.fixture
def three_hours(in_scope):
    """A programme whose coordinator has three hours a week."""
    in_scope.coordinator_hours = 3
    in_scope.save(update_fields=["coordinator_hours"])
    return in_scope


def a_task(programme, minutes: int, **fields) -> Task:
    fields = {"kind": TaskKind.OTHER, "why": "Gør noget.", "due_on": TODAY} | fields
    return factories.make_task(programme, minutes=minutes, **fields)


def week_task(task: Task, gain: float = 0.0) -> WeekTask:
    return WeekTask(task_lines([task], TODAY)[0], gain)


def pks(tasks: list[WeekTask]) -> list[int]:
    return [task.line.task.pk for task in tasks]


def test_fit_takes_first_what_adds_most_per_minute(in_scope):
    slow, quick, none = (
        week_task(a_task(in_scope, minutes), gain) for minutes, gain in [(60, 0.4), (10, 0.2), (5, 0)]
    )
    planned, left_over = fit([slow, none, quick], 200)
    assert pks(planned) == pks([quick, slow, none])
    assert left_over == []


def test_fit_puts_a_short_task_where_a_long_one_has_no_room(in_scope):
    long, short = week_task(a_task(in_scope, 90), 0.9), week_task(a_task(in_scope, 20))
    planned, left_over = fit([long, short], 30)
    assert (pks(planned), pks(left_over)) == (pks([short]), pks([long]))


def test_fit_never_leaves_somebody_who_may_be_unwell(in_scope):
    care = week_task(a_task(in_scope, 30, kind=TaskKind.FOLLOW_UP_LOW_SCORE))
    call = week_task(a_task(in_scope, 15, kind=TaskKind.CALL), 0.9)
    planned, left_over = fit([call, care], 0)
    assert (pks(planned), pks(left_over)) == (pks([care]), pks([call]))


def test_fit_of_equal_worth_takes_what_is_due_first(in_scope):
    later, sooner = (week_task(a_task(in_scope, 10, due_on=day)) for day in (SUNDAY, MONDAY))
    assert pks(fit([later, sooner], 60)[0]) == pks([sooner, later])


def test_gain_is_the_forecasts_and_else_the_kinds(in_scope):
    person = factories.make_participant(in_scope)
    call = a_task(in_scope, 15, kind=TaskKind.CALL, participant=person)
    assert gain_of(call, {person.pk: 0.42}) == 0.42
    assert gain_of(call, {}) == 0.0, "has begun already"
    assert gain_of(call, None) == week.GAIN_WITHOUT_HISTORY[TaskKind.CALL]
    other = a_task(in_scope, 15, participant=person)
    assert gain_of(other, {person.pk: 0.42}) == 0.0, "other work does not bring the person on"
    assert gain_of(a_task(in_scope, 10, kind=TaskKind.HELD_ARRIVAL), {}) > 0


def test_week_plan_takes_sessions_and_work_done_off_the_hours(three_hours, coordinator):
    cohort = factories.make_cohort(three_hours)
    starts_at = danish_moment(TODAY + dt.timedelta(days=1), dt.time(10))
    factories.make_session(cohort, starts_at=starts_at, ends_at=starts_at + dt.timedelta(minutes=90))
    next_week = starts_at + dt.timedelta(days=7)
    factories.make_session(cohort, starts_at=next_week, ends_at=next_week + dt.timedelta(minutes=90))
    closed = {"state": TaskState.DONE, "closed_at": NOW, "closed_by": coordinator}
    a_task(three_hours, 30, **closed)
    a_task(three_hours, 30, **closed | {"closed_by": None})  # came by itself and took nobody's time
    a_task(three_hours, 30, **closed | {"closed_at": NOW - dt.timedelta(days=7)})
    a_task(three_hours, 30, **closed | {"state": TaskState.DISMISSED})
    plan = week_plan(three_hours, NOW)
    assert (plan.hours, plan.sessions, plan.done, plan.free) == (180, 90, 30, 60)
    assert (plan.monday, plan.sunday) == (MONDAY, SUNDAY)


def test_week_plan_of_more_sessions_than_hours_has_no_time_left(three_hours):
    cohort = factories.make_cohort(three_hours)
    starts_at = danish_moment(TODAY, dt.time(9))
    factories.make_session(cohort, starts_at=starts_at, ends_at=starts_at + dt.timedelta(hours=4))
    a_task(three_hours, 10)
    plan = week_plan(three_hours, NOW)
    assert (plan.free, len(plan.planned), len(plan.left_over)) == (0, 0, 1)


def test_week_plan_leaves_out_what_is_due_after_sunday(three_hours):
    a_task(three_hours, 10, due_on=SUNDAY)
    a_task(three_hours, 10, due_on=SUNDAY + dt.timedelta(days=1))
    plan = week_plan(three_hours, NOW)
    assert [task.line.task.due_on for task in plan.planned] == [SUNDAY]
    assert plan.spare == 170


def test_postponing_moves_what_does_not_fit_to_the_first_working_day_of_next_week(three_hours, coordinator):
    fits, too_much = a_task(three_hours, 170), a_task(three_hours, 60)
    assert postpone_what_does_not_fit(programme=three_hours, by=coordinator, now=NOW) == 1
    fits.refresh_from_db()
    too_much.refresh_from_db()
    assert (fits.due_on, too_much.due_on) == (TODAY, SUNDAY + dt.timedelta(days=1))
    assert postpone_what_does_not_fit(programme=three_hours, by=coordinator, now=NOW) == 0


def test_postponing_before_easter_passes_the_holidays_by(three_hours, coordinator):
    wednesday = danish_moment(dt.date(2026, 4, 1), dt.time(9))  # Easter Monday is 6 April
    too_much = a_task(three_hours, 600, due_on=dt.date(2026, 4, 1))
    postpone_what_does_not_fit(programme=three_hours, by=coordinator, now=wednesday)
    too_much.refresh_from_db()
    assert too_much.due_on == dt.date(2026, 4, 7)


def test_postponing_leaves_what_a_colleague_has_closed(three_hours, coordinator, monkeypatch):
    gone, left = a_task(three_hours, 300), a_task(three_hours, 301)
    plan = week_plan(three_hours, NOW)
    with scope(programme=three_hours):
        Task.objects.filter(pk=gone.pk).update(state=TaskState.DONE, closed_at=NOW)
    monkeypatch.setattr("recruitment.services.week.week_plan", lambda programme, now: plan)
    assert postpone_what_does_not_fit(programme=three_hours, by=coordinator, now=NOW) == 1
    gone.refresh_from_db()
    left.refresh_from_db()
    assert (gone.due_on, left.due_on) == (TODAY, SUNDAY + dt.timedelta(days=1))


@pytest.fixture
def desk(client_for, coordinator, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    return client_for(coordinator)


def test_week_plan_page_says_what_fits_and_what_waits(desk, three_hours):
    person = factories.make_participant(three_hours, family_name="Ærøskøbing", stage=Stage.RECEIVED)
    a_task(three_hours, 15, kind=TaskKind.CALL, participant=person)
    a_task(three_hours, 300, why="Ryd op i arkivet")
    page = desk.get(reverse("recruitment:week_plan")).content.decode()
    can, cannot = page.split("Det er der ikke tid til")
    assert "Ring til Anna Ærøskøbing" in can
    assert "Øger chancen for at begynde med 30 procentpoint" in can
    assert "Ryd op i arkivet" in cannot


def test_week_plan_page_with_time_to_spare_points_to_those_who_can_refer(desk, three_hours):
    a_task(three_hours, 15)
    page = desk.get(reverse("recruitment:week_plan")).content.decode()
    assert "Der er 2 t. 45 min. tilbage" in page


def test_week_plan_page_of_an_empty_week_says_so(desk, three_hours):
    assert "Ingen opgaver i denne uge" in desk.get(reverse("recruitment:week_plan")).content.decode()


def test_week_postpone_says_how_many(desk, three_hours):
    a_task(three_hours, 300)
    page = desk.post(reverse("recruitment:week_postpone"), follow=True).content.decode()
    assert "1 opgave er udskudt til næste uge." in page
    page = desk.post(reverse("recruitment:week_postpone"), follow=True).content.decode()
    assert "Alt kan nås. Ingenting er udskudt." in page


def test_postpone_moves_the_day_of_a_planned_activity_with_its_task(three_hours):
    activity = plan_activity(
        programme=three_hours,
        kind=ActivityKind.VISIT,
        title="Besøg på biblioteket",
        planned_on=TODAY,
        minutes=400,
        by=None,
        now=NOW,
    )

    assert postpone_what_does_not_fit(programme=three_hours, by=None, now=NOW) == 1

    activity.refresh_from_db()
    task = Task.objects.open().get(activity=activity)
    assert activity.planned_on == task.due_on == SUNDAY + dt.timedelta(days=1)
    assert postpone_what_does_not_fit(programme=three_hours, by=None, now=NOW) == 0
