"""Ways out and activities on the coordinator's pages: who holds what, and from plan to done in one tap."""

import datetime as dt
import html

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from core.dates import format_danish_date
from outreach.enums import ActivityState, Arena, Strategy
from outreach.models import Activity, Channel
from recruitment.queries.outreach import effort_since, map_of_cover
from tests.factories import (
    TODAY,
    make_activity,
    make_channel,
    make_organisation,
    make_referrer,
)
from worklist.enums import TaskKind, TaskState
from worklist.models import Task


@pytest.fixture
def browser(client_for, coordinator) -> Client:
    return client_for(coordinator)


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def only(model, programme):
    with scope(programme=programme):
        return model.objects.get()


# --- Channels --------------------------------------------------------------------------------------


def test_channel_list_shows_who_holds_each_and_what_nobody_does(browser, programme):
    library = make_organisation(programme, name="Hovedbiblioteket")
    gone = make_referrer(programme, name="Grete Gået", left_on=TODAY)
    make_channel(programme, name="Biblioteket", organisation=library)
    make_channel(programme, name="Svømmehallen", referrer=gone)
    make_channel(programme, name="Beboerbladet", arena=Arena.HOUSING)
    make_channel(programme, name="Gammel", arena=Arena.HOUSING, is_active=False)
    page = text(browser.get("/samarbejde/kanaler/"))
    assert "Hovedbiblioteket" in page
    assert "Grete Gået" not in page
    assert page.count("1 kanal mangler en, der holder den") == 2


def test_map_of_cover_has_every_arena_and_what_was_done(programme):
    channel = make_channel(programme, arena=Arena.DIRECT)
    for day in (1, 5):
        make_activity(
            programme, channel=channel, state=ActivityState.DONE, held_on=TODAY.replace(day=day), minutes=30
        )
    make_activity(programme, channel=channel)
    with scope(programme=programme):
        found = {group.arena: group for group in map_of_cover()}
    assert set(found) == set(Arena)
    (row,) = found[Arena.DIRECT].channels
    assert (row.held_total, row.minutes_total, row.last_held_on) == (2, 60, TODAY.replace(day=5))
    assert (found[Arena.DIRECT].uncovered, found[Arena.HOUSING].uncovered) == (1, 0)


def channel_typed(**changed):
    return {"name": "Beboerbladet", "arena": "housing", "strategy": "open", "is_active": "on", **changed}


def test_channel_create_and_edit_keep_what_was_chosen(browser, programme):
    holder = make_organisation(programme)
    browser.post("/samarbejde/kanaler/ny/", channel_typed())
    channel = only(Channel, programme)
    assert (channel.arena, channel.strategy, channel.is_held) == (Arena.HOUSING, Strategy.OPEN, False)
    changed = channel_typed(name="Bladet", organisation=holder.pk, is_active="")
    browser.post(f"/samarbejde/kanaler/{channel.pk}/", changed)
    channel = only(Channel, programme)
    assert (channel.name, channel.organisation, channel.is_active) == ("Bladet", holder, False)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"name": ""}, "Skriv et navn"),
        ({"arena": ""}, "Vælg, hvor kanalen findes."),
        ({"strategy": ""}, "Vælg, hvordan kanalen når folk."),
        ({"organisation": "999999"}, "Vælg en organisation på listen."),
        ({"name": "BIBLIOTEKET"}, "I har allerede en kanal med det navn."),
    ],
)
def test_channel_create_says_what_to_do(browser, programme, changed, told):
    make_channel(programme, name="Biblioteket")
    answer = browser.post("/samarbejde/kanaler/ny/", channel_typed(**changed))
    assert answer.status_code == 422
    assert told in text(answer)


# --- Activities ------------------------------------------------------------------------------------


def typed(**changed):
    day = format_danish_date(timezone.localdate() + dt.timedelta(days=3))
    return {"title": "Oplæg på teammøde", "kind": "talk", "planned_on": day, **changed}


def task_of(programme) -> Task:
    with scope(programme=programme):
        return Task.objects.select_related("activity").latest("pk")


def test_activity_create_plans_it_and_puts_it_among_the_tasks(browser, programme):
    jobcentre = make_organisation(programme, name="Jobcenter Syd")
    browser.post("/samarbejde/aktiviteter/ny/", typed(organisation=jobcentre.pk, note="Tag kage med"))
    activity, task = only(Activity, programme), task_of(programme)
    assert (task.kind, task.activity, task.due_on) == (TaskKind.ACTIVITY, activity, activity.planned_on)
    assert task.minutes == activity.minutes == 45
    page = text(browser.get("/opgaver/"))
    assert "Oplæg på teammøde" in page
    assert "Jobcenter Syd" in page
    assert "Tag kage med" not in page


def test_activity_create_pressed_twice_plans_one(browser, programme):
    for _ in range(2):
        browser.post("/samarbejde/aktiviteter/ny/", typed())
    assert only(Activity, programme)
    assert task_of(programme).state == TaskState.OPEN


def test_activity_complete_takes_one_tap_and_closes_its_task(browser, programme):
    browser.post("/samarbejde/aktiviteter/ny/", typed())
    activity = only(Activity, programme)
    answer = browser.post(f"/samarbejde/aktiviteter/{activity.pk}/klaret/")
    assert answer.url == f"/samarbejde/aktiviteter/{activity.pk}/"
    done = only(Activity, programme)
    assert (done.state, done.held_on, done.minutes) == (ActivityState.DONE, timezone.localdate(), 45)
    assert task_of(programme).state == TaskState.DONE
    browser.post(answer.url, typed(minutes="50", people_reached="12", cost="0", note="God snak"))
    noted = only(Activity, programme)
    assert (noted.minutes, noted.people_reached, noted.cost, noted.note) == (50, 12, 0, "God snak")
    assert noted.state == ActivityState.DONE


def test_task_done_from_the_list_is_the_activity_done(browser, programme):
    browser.post("/samarbejde/aktiviteter/ny/", typed())
    browser.post(f"/opgaver/{task_of(programme).pk}/klaret/")
    assert only(Activity, programme).state == ActivityState.DONE
    assert task_of(programme).state == TaskState.DONE


def test_task_set_aside_from_the_list_is_the_activity_dropped(browser, programme):
    browser.post("/samarbejde/aktiviteter/ny/", typed())
    browser.post(f"/opgaver/{task_of(programme).pk}/ikke-noedvendig/")
    assert only(Activity, programme).state == ActivityState.DROPPED
    assert task_of(programme).state == TaskState.DISMISSED


def test_task_postponed_from_the_list_moves_the_activity(browser, programme):
    browser.post("/samarbejde/aktiviteter/ny/", typed())
    browser.post(f"/opgaver/{task_of(programme).pk}/udskyd/", {"days": "5"})
    task, activity = task_of(programme), only(Activity, programme)
    assert task.state == TaskState.OPEN
    assert task.due_on == activity.planned_on
    with scope(programme=programme):
        assert Task.objects.open().count() == 1


def test_activity_moved_to_another_day_moves_its_task(browser, programme):
    browser.post("/samarbejde/aktiviteter/ny/", typed())
    activity = only(Activity, programme)
    later = timezone.localdate() + dt.timedelta(days=30)
    browser.post(f"/samarbejde/aktiviteter/{activity.pk}/", typed(planned_on=format_danish_date(later)))
    with scope(programme=programme):
        assert [task.due_on for task in Task.objects.open()] == [later]


def test_activity_dropped_is_not_done_afterwards(browser, programme):
    activity = make_activity(programme)
    assert browser.get(f"/samarbejde/aktiviteter/{activity.pk}/drop/").status_code == 405
    browser.post(f"/samarbejde/aktiviteter/{activity.pk}/drop/")
    answer = browser.post(f"/samarbejde/aktiviteter/{activity.pk}/klaret/", follow=True)
    assert "allerede droppet" in text(answer)
    assert only(Activity, programme).state == ActivityState.DROPPED


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"title": ""}, "Skriv, hvad du vil gøre"),
        ({"kind": ""}, "Vælg, hvilken slags aktivitet det er."),
        ({"planned_on": "31.02.2026"}, "Skriv datoen som dag, måned og år"),
        ({"minutes": "en time"}, "Skriv minutterne som et helt tal"),
        ({"minutes": "-5"}, "Skriv minutterne som et helt tal"),
        ({"minutes": "99999999999"}, "Skriv minutterne som et helt tal"),
        ({"channel": "999999"}, "Vælg en kanal på listen."),
    ],
)
def test_activity_create_says_what_to_do_and_keeps_the_rest(browser, programme, changed, told):
    answer = browser.post("/samarbejde/aktiviteter/ny/", typed(note="Tag kage med", **changed))
    assert answer.status_code == 422
    assert told in text(answer)
    assert "Tag kage med" in text(answer)
    with scope(programme=programme):
        assert not Activity.objects.exists()


def test_activity_create_from_a_partner_chooses_the_partner(browser, programme):
    partner = make_organisation(programme, name="Østerlund")
    page = browser.get(f"/samarbejde/aktiviteter/ny/?organisation={partner.pk}").content.decode()
    assert f'<option value="{partner.pk}" selected>Østerlund</option>' in page


def test_activity_list_shows_what_is_planned_and_what_was_done(browser, programme):
    make_activity(programme, title="Kommende")
    today = timezone.localdate()
    make_activity(
        programme, title="Gjort", state=ActivityState.DONE, held_on=today, people_reached=7, cost=100
    )
    make_activity(programme, title="Opgivet", state=ActivityState.DROPPED)
    page = text(browser.get("/samarbejde/aktiviteter/"))
    assert page.index("Kommende") < page.index("Gjort")
    for words in ("Opgivet", "Droppet", "Seneste 12 uger"):
        assert words in page


def test_effort_since_counts_what_was_held_from_that_day(programme):
    done = {"state": ActivityState.DONE, "minutes": 30, "people_reached": 5, "cost": 10}
    make_activity(programme, held_on=TODAY, **done)
    make_activity(programme, held_on=TODAY - dt.timedelta(days=1), **done)
    make_activity(programme, minutes=500)
    with scope(programme=programme):
        effort = effort_since(TODAY)
    assert (effort.activities, effort.minutes, effort.people_reached, effort.cost) == (1, 30, 5, 10)


def test_partner_detail_tells_what_was_done_there(browser, programme):
    partner = make_organisation(programme)
    make_activity(
        programme, title="Frokostbesøg", organisation=partner, state=ActivityState.DONE, held_on=TODAY
    )
    page = text(browser.get(f"/samarbejde/{partner.pk}/"))
    assert "Frokostbesøg" in page
    assert format_danish_date(TODAY) in page
