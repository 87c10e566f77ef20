"""Whatever happens in two years: no reminder at a wrong time, too soon, or to somebody who wants none.

Random calendars drive the real services on the real database, while the clock moves from moment to moment
over both changes of the clock. What was sent is judged by a calendar and a memory of this file's own.
"""

import datetime as dt
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django_scopes import scope
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import Programme
from bench.sending_hours import danish, days_off
from messaging import kinds
from messaging.channels import Channel, open_channel
from messaging.kinds import always_eligible
from messaging.models import OutboundMessage
from messaging.services import Outcome, deliver_message
from outreach.models import Referrer
from outreach.services import mark_referrer_here, mark_referrer_left
from referrals.enums import NudgeMode, Trigger
from referrals.kinds.nudges import NUDGE
from referrals.models import Nudge, NudgeRule
from referrals.services import (
    approve_nudges,
    pause_reminders,
    plan_nudges,
    point_elsewhere,
    resume_reminders,
    stop_reminders,
)
from tests.factories import make_cohort, make_programme, make_referral, make_referrer, make_user
from tests.smtp_sink import SmtpSink, running_sink

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
FIRST, LAST = dt.date(2026, 1, 1), dt.date(2027, 12, 31)
PEOPLE = 4
# A few each time; NUDGE_CALENDARS=200 for a night of them.
CALENDARS = int(os.environ.get("NUDGE_CALENDARS", "5"))
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


@pytest.fixture(scope="module")
def smtp_sink() -> Iterator[SmtpSink]:
    with running_sink() as sink:
        yield sink


# --- The judge's own calendar ------------------------------------------------------------------------


def is_working_time(moment: dt.datetime) -> bool:
    """Say whether a Dane at work might read a mail at `moment`, and July and Christmas are over."""
    local = danish(moment)
    day = local.date()
    quiet = day.month == 7 or (day.month == 12 and day.day >= 23) or (day.month, day.day) == (1, 1)
    return local.weekday() < 5 and 8 <= local.hour < 16 and day not in days_off(day.year) and not quiet


# --- A world in which anything may happen ------------------------------------------------------------


@dataclass
class Wishes:
    """What one referrer has said, as this file remembers it."""

    stopped: bool = False
    left: bool = False
    elsewhere: bool = False
    paused_until: dt.datetime | None = None

    def wants(self, now: dt.datetime) -> bool:
        paused = self.paused_until is not None and self.paused_until > now
        return not (self.stopped or self.left or self.elsewhere or paused)


@dataclass
class Sending:
    """A mail that left: when, to whom, by which rule, and whether they wanted it then."""

    at: dt.datetime
    person: int
    trigger: str
    wanted: bool


@dataclass
class World:
    """A programme with a few referrers, a clock, and what was sent."""

    programme: Programme
    channel: Channel
    now: dt.datetime
    people: list[Referrer] = field(default_factory=list)
    wishes: list[Wishes] = field(default_factory=list)
    sent: list[Sending] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.user = make_user(self.programme)
        for number in range(PEOPLE):
            self.people.append(
                make_referrer(self.programme, created_at=self.now - 100 * DAY, is_ambassador=number % 2 == 0)
            )
            self.wishes.append(Wishes())
        NudgeRule.objects.update(is_on=True, mode=NudgeMode.AUTOMATIC)
        NudgeRule.objects.filter(trigger=Trigger.NEWS).update(mode=NudgeMode.APPROVE)
        NudgeRule.objects.filter(trigger=Trigger.SILENT).update(is_measured=True)

    # What may happen; `person` is one of the referrers.

    def plans(self, person: int) -> None:
        plan_nudges(now=self.now)

    def sweeps(self, person: int) -> None:
        for message in OutboundMessage.objects.due(self.now).filter(kind="nudge").order_by("pk"):
            outcome = deliver_message(message_id=message.pk, channel=self.channel, now=self.now)
            if outcome is Outcome.SENT:
                who = [each.pk for each in self.people].index(message.referrer_id)
                trigger = Nudge.objects.get(message=message).round.rule.trigger
                self.sent.append(Sending(self.now, who, trigger, self.wishes[who].wants(self.now)))

    def approves(self, person: int) -> None:
        waiting = list(Nudge.objects.proposed().values_list("pk", flat=True))
        approve_nudges(programme=self.programme, nudges=waiting, by=self.user, now=self.now)

    def refers(self, person: int) -> None:
        make_referral(self.programme, referrer=self.people[person], received_at=self.now)

    def opens_cohort(self, person: int) -> None:
        starts_on = self.now.astimezone(COPENHAGEN).date() + dt.timedelta(days=5 + 11 * person)
        make_cohort(self.programme, starts_on=starts_on, created_at=self.now)

    def stops(self, person: int) -> None:
        stop_reminders(referrer=self.people[person], now=self.now)
        self.wishes[person].stopped, self.wishes[person].paused_until = True, None

    def pauses(self, person: int) -> None:
        paused = pause_reminders(referrer=self.people[person], months=1, now=self.now)
        self.wishes[person].stopped, self.wishes[person].paused_until = False, paused.paused_until

    def resumes(self, person: int) -> None:
        resume_reminders(referrer=self.people[person], now=self.now)
        self.wishes[person] = Wishes(left=self.wishes[person].left)

    def points_elsewhere(self, person: int) -> None:
        point_elsewhere(referrer=self.people[person], now=self.now)
        self.wishes[person].elsewhere = True

    def leaves(self, person: int) -> None:
        mark_referrer_left(referrer=self.people[person], left_on=self.now.date(), by=self.user, now=self.now)
        self.wishes[person].left = True

    def comes_back(self, person: int) -> None:
        mark_referrer_here(referrer=self.people[person], by=self.user, now=self.now)
        self.wishes[person].left = False


HAPPENINGS: tuple[Callable[[World, int], None], ...] = (
    World.approves,
    World.refers,
    World.opens_cohort,
    World.stops,
    World.pauses,
    World.resumes,
    World.resumes,
    World.points_elsewhere,
    World.leaves,
    World.comes_back,
)
# The days on which something is most likely to go wrong: around both changes of the clock, Easter, July,
# Christmas and the turn of the year.
TRICKY = [
    dt.date(year, month, day)
    for year in (2026, 2027)
    for month, day in ((1, 1), (3, 28), (4, 1), (6, 30), (7, 31), (10, 24), (12, 22), (12, 31))
]
days = st.one_of(st.dates(FIRST, LAST), st.sampled_from(TRICKY))
minutes = st.one_of(
    st.integers(0, 24 * 60 - 1), st.sampled_from([119, 120, 179, 180, 479, 480, 485, 959, 960])
)
moments = st.tuples(days, minutes).map(
    lambda at: dt.datetime.combine(at[0], dt.time(at[1] // 60, at[1] % 60), tzinfo=COPENHAGEN)
)
events = st.tuples(moments, st.sampled_from(HAPPENINGS), st.integers(0, PEOPLE - 1))
calendars = st.lists(events, min_size=12, max_size=24)


def play(world: World, calendar: list[tuple[dt.datetime, Callable[[World, int], None], int]]) -> None:
    """Let everything happen in order of time; each time beat plans, and the sweeper looks twice."""
    for moment, happens, person in sorted(calendar, key=lambda each: each[0].astimezone(dt.UTC)):
        for step, act in enumerate((World.plans, World.sweeps, happens, World.sweeps)):
            world.now = moment.astimezone(dt.UTC) + step * MINUTE
            act(world, person)
        # The next morning at work, which most of what was planned waits for.
        world.now = moment.astimezone(dt.UTC) + 20 * 60 * MINUTE
        world.sweeps(person)


def faults(world: World) -> list[str]:
    """Return what was wrong with what was sent."""
    caps = dict(NudgeRule.objects.values_list("trigger", "cap_days"))
    found = [f"outside working hours: {each}" for each in world.sent if not is_working_time(each.at)]
    found += [f"not wanted: {each}" for each in world.sent if not each.wanted]
    for later in world.sent:
        for earlier in world.sent:
            if earlier.person == later.person and earlier.at < later.at:
                between = later.at - earlier.at
                if between < world.programme.nudge_gap_days * DAY:
                    found.append(f"too soon after another: {earlier} {later}")
                if earlier.trigger == later.trigger and between < caps[later.trigger] * DAY:
                    found.append(f"too soon by the same rule: {earlier} {later}")
    return found


def world_of(channel: Channel) -> World:
    """Return a new world; those before it send nothing more."""
    Programme.objects.update(nudges_on=False)
    programme = make_programme()
    with scope(programme=programme):
        start = dt.datetime.combine(FIRST, dt.time(0), tzinfo=COPENHAGEN).astimezone(dt.UTC)
        return World(programme, channel, start)


@settings(
    max_examples=CALENDARS,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink a year of events takes hours
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(calendar=calendars)
def test_no_reminder_is_sent_at_a_wrong_time_too_soon_or_to_who_wants_none(
    db: None, smtp_sink: SmtpSink, calendar: list
) -> None:
    smtp_sink.mails.clear()
    with open_channel("email") as channel:
        world = world_of(channel)
        with scope(programme=world.programme):
            play(world, calendar)
            assert faults(world) == []
    assert len(smtp_sink.mails) == len(world.sent)


# A year with something in it.
EVENTFUL = [
    (dt.datetime(2026, 1, 6, 10, tzinfo=COPENHAGEN), World.opens_cohort, 3),
    (dt.datetime(2026, 1, 7, 10, tzinfo=COPENHAGEN), World.pauses, 0),
    (dt.datetime(2026, 1, 7, 11, tzinfo=COPENHAGEN), World.stops, 1),
    (dt.datetime(2026, 3, 28, 23, tzinfo=COPENHAGEN), World.resumes, 0),  # the clock changes this night
    (dt.datetime(2026, 3, 30, 9, tzinfo=COPENHAGEN), World.approves, 0),
    (dt.datetime(2026, 3, 31, 9, tzinfo=COPENHAGEN), World.leaves, 2),
    (dt.datetime(2026, 7, 5, 9, tzinfo=COPENHAGEN), World.opens_cohort, 2),
    (dt.datetime(2026, 10, 25, 2, 30, tzinfo=COPENHAGEN), World.approves, 2),
    (dt.datetime(2026, 12, 24, 9, tzinfo=COPENHAGEN), World.approves, 2),
]


def everybody_stops(world: World, person: int) -> None:
    for each in range(PEOPLE):
        world.stops(each)


# What was planned in the evening waits for the morning; meanwhile everybody says no.
EVENING = [(dt.datetime(2026, 1, 5, 18, tzinfo=COPENHAGEN), everybody_stops, 0)]


def played(db_channel: Channel, calendar: list) -> tuple[World, list[str]]:
    world = world_of(db_channel)
    with scope(programme=world.programme):
        play(world, calendar)
        return world, faults(world)


@pytest.mark.parametrize("calendar", [EVENTFUL, EVENING], ids=["eventful", "evening"])
def test_on_such_days_nothing_is_wrong(db: None, smtp_sink: SmtpSink, calendar: list) -> None:
    with open_channel("email") as channel:
        world, wrong = played(channel, calendar)
    assert wrong == []
    assert bool(world.sent) == (calendar is EVENTFUL)


@pytest.mark.parametrize(
    ("naive", "calendar", "wrong"),
    [
        ({"respects_sending_hours": False}, EVENING, "outside working hours"),
        ({"eligible": always_eligible}, EVENING, "not wanted"),
    ],
    ids=["without hours", "without rules"],
)
def test_the_same_days_are_wrong_with_the_protection_left_out(
    db: None,
    smtp_sink: SmtpSink,
    monkeypatch: pytest.MonkeyPatch,
    naive: dict[str, Any],
    calendar: list,
    wrong: str,
) -> None:
    """The control: the judge finds what the protection keeps from happening."""
    monkeypatch.setitem(kinds._kinds, "nudge", replace(NUDGE, **naive))
    with open_channel("email") as channel:
        _, found = played(channel, calendar)
    assert found
    assert all(fault.startswith(wrong) for fault in found)
