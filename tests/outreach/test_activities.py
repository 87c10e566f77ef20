"""Activities: planned once, done in one tap, dropped, and never both."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django_scopes import scope

from outreach.enums import DEFAULT_MINUTES, ActivityKind, ActivityState
from outreach.models import Activity
from outreach.services import (
    ActivityAlreadyClosed,
    complete_activity,
    drop_activity,
    plan_activity,
    update_activity,
)
from tests.concurrency import at_once
from tests.factories import NOW, TODAY, make_activity, make_channel, make_organisation, make_programme


def plan(programme, **fields):
    said = {"kind": ActivityKind.TALK, "title": "Teammøde", "planned_on": TODAY, "by": None, "now": NOW}
    return plan_activity(programme=programme, **{**said, **fields})


def test_plan_activity_takes_the_minutes_its_kind_usually_does(in_scope):
    assert plan(in_scope).minutes == DEFAULT_MINUTES[ActivityKind.TALK]
    assert plan(in_scope, title="Et andet", minutes=0).minutes == 0
    assert set(DEFAULT_MINUTES) == set(ActivityKind)


def test_plan_activity_pressed_twice_plans_one_and_later_another(in_scope):
    first = plan(in_scope)
    assert plan(in_scope) == first
    assert plan(in_scope, now=NOW + dt.timedelta(minutes=2)) != first
    assert plan(in_scope, organisation=make_organisation(in_scope)) != first


@pytest.mark.django_db(transaction=True)
def test_plan_activity_at_once_plans_one():
    programme = make_programme()

    def press() -> int:
        with scope(programme=programme):
            return plan(programme).pk

    assert len(set(at_once(press, times=8, threads=4))) == 1


def test_complete_activity_keeps_what_was_noted_and_the_first_day_stands(in_scope):
    activity = plan(in_scope, channel=make_channel(in_scope))
    done = complete_activity(
        activity=activity,
        held_on=TODAY,
        minutes=50,
        people_reached=0,
        cost=120,
        note="God snak",
        by=None,
        now=NOW,
    )
    assert (done.state, done.held_on, done.minutes, done.people_reached, done.cost, done.note) == (
        ActivityState.DONE,
        TODAY,
        50,
        0,
        120,
        "God snak",
    )
    again = complete_activity(
        activity=activity, held_on=TODAY + dt.timedelta(days=1), minutes=5, by=None, now=NOW
    )
    assert (again.held_on, again.minutes) == (TODAY, 50)


def test_activity_is_never_both_done_and_dropped(in_scope):
    done, dropped = plan(in_scope), plan(in_scope, title="Et andet")
    complete_activity(activity=done, held_on=TODAY, by=None, now=NOW)
    drop_activity(activity=dropped, by=None, now=NOW)
    with pytest.raises(ActivityAlreadyClosed):
        drop_activity(activity=done, by=None, now=NOW)
    with pytest.raises(ActivityAlreadyClosed):
        complete_activity(activity=dropped, held_on=TODAY, by=None, now=NOW)
    assert Activity.objects.get(pk=done.pk).state == ActivityState.DONE
    assert Activity.objects.get(pk=dropped.pk).held_on is None


def test_activity_that_is_done_without_a_day_is_refused_by_the_database(in_scope):
    with pytest.raises(IntegrityError, match="held_when_done"), transaction.atomic():
        make_activity(in_scope, state=ActivityState.DONE)
    with pytest.raises(IntegrityError, match="held_when_done"), transaction.atomic():
        make_activity(in_scope, held_on=TODAY)


def test_update_activity_changes_the_plan_and_nothing_of_its_state(in_scope):
    activity = plan(in_scope)
    moved = update_activity(activity=activity, planned_on=TODAY + dt.timedelta(days=7), by=None, now=NOW)
    assert moved.planned_on == TODAY + dt.timedelta(days=7)
    with pytest.raises(TypeError):
        update_activity(activity=activity, state=ActivityState.DONE, by=None, now=NOW)
