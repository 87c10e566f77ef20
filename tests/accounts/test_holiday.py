"""Time away: when nobody calls, and who stands in."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import Role
from accounts.models import Membership, Programme, User
from accounts.services import (
    DeputyNotPossible,
    StandsInMeanwhile,
    end_deputy,
    name_deputy,
    set_holiday,
)
from tests.concurrency import at_once
from tests.factories import NOW, TODAY, make_programme, make_user

pytestmark = pytest.mark.django_db
MONDAY = TODAY - dt.timedelta(days=1)  # the tests' day is Tuesday 10 March 2026
DAY = dt.timedelta(days=1)


def day(number: int) -> dt.date:
    return dt.date(2026, 3, number)


# --- The programme's holiday -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("came", "called"),
    [
        (day(9), day(12)),  # three working days, all before
        (day(11), day(23)),  # two before, the third is the first after
        (day(13), day(25)),
        (day(18), day(25)),  # in the middle: counted from the end
        (day(20), day(25)),
        (day(23), day(26)),
    ],
)
def test_days_of_the_holiday_do_not_count_when_a_call_is_promised(
    programme: Programme, coordinator: User, came: dt.date, called: dt.date
) -> None:
    """Monday 16 to Friday 20 March, with three working days to the first call."""
    usual = programme.call_by(came)
    kept = set_holiday(programme=programme, days=(day(16), day(20)), by=coordinator, now=NOW)
    assert kept.call_by(came) == called
    assert kept.holiday_delays(came) is (called != usual)
    ended = set_holiday(programme=programme, days=None, by=coordinator, now=NOW)
    assert (ended.holiday, ended.call_by(came)) == (None, usual)


@pytest.mark.parametrize(
    "days",
    [
        {"holiday_from": day(16)},
        {"holiday_until": day(16)},
        {"holiday_from": day(17), "holiday_until": day(16)},
    ],
)
def test_half_a_holiday_is_refused_by_the_database(programme: Programme, days: dict[str, dt.date]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Programme.objects.filter(pk=programme.pk).update(**days)


# --- Who stands in ---------------------------------------------------------------------------------


@pytest.fixture
def kirsten(programme: Programme) -> Membership:
    return make_user(programme, Role.COORDINATOR).memberships.get()


@pytest.fixture
def bo(programme: Programme) -> Membership:
    return make_user(programme, Role.COORDINATOR).memberships.get()


def stands_in(away: Membership, deputy: User, first: int = 16, last: int = 20) -> Membership:
    return name_deputy(
        membership=away,
        deputy=deputy,
        away_from=day(first),
        away_until=day(last),
        by=away.user,
        now=NOW,
    )


def away_on(today: dt.date) -> list[Membership]:
    return list(Membership.objects.stood_in_for(today))


def test_a_colleague_stands_in_from_the_first_day_to_the_last(kirsten: Membership, bo: Membership) -> None:
    for _ in range(2):
        stands_in(kirsten, bo.user)
    assert away_on(day(15)) == away_on(day(21)) == []
    assert away_on(day(16)) == away_on(day(20)) == [kirsten]
    end_deputy(membership=kirsten, by=kirsten.user, now=NOW)
    end_deputy(membership=kirsten, by=kirsten.user, now=NOW)
    assert away_on(day(16)) == []


def test_only_another_coordinator_of_the_programme_stands_in(
    programme: Programme, other_programme: Programme, kirsten: Membership, bo: Membership
) -> None:
    gone = make_user(programme, Role.COORDINATOR)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    for nobody in (
        kirsten.user,
        make_user(programme, Role.MANAGER),
        make_user(programme, Role.ADMINISTRATOR),
        make_user(other_programme, Role.COORDINATOR),
        gone,
    ):
        with pytest.raises(DeputyNotPossible):
            stands_in(kirsten, nobody)
    stands_in(kirsten, bo.user)  # the control


def test_a_deputy_is_not_away_on_the_same_days_nor_goes_away_later(
    programme: Programme, kirsten: Membership, bo: Membership
) -> None:
    third = make_user(programme, Role.COORDINATOR)
    stands_in(bo, third, 20, 24)
    with pytest.raises(DeputyNotPossible):
        stands_in(kirsten, bo.user, 16, 20)
    stands_in(kirsten, bo.user, 16, 19)
    with pytest.raises(StandsInMeanwhile):
        stands_in(bo, third, 19, 24)
    stands_in(bo, third, 20, 30)


def test_a_deputy_who_is_no_longer_coordinator_stands_in_for_nobody(
    kirsten: Membership, bo: Membership
) -> None:
    stands_in(kirsten, bo.user)
    Membership.objects.filter(pk=bo.pk).update(role=Role.MANAGER)
    assert away_on(day(16)) == []


def test_oneself_is_refused_as_a_deputy_by_the_database(kirsten: Membership) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=kirsten.pk).update(
            deputy=kirsten.user, away_from=day(16), away_until=day(17)
        )


@pytest.mark.django_db(transaction=True)
def test_two_who_name_each_other_at_once_are_not_both_away() -> None:
    programme = make_programme()
    pair = [make_user(programme, Role.COORDINATOR).memberships.get() for _ in range(2)]
    turns = [(pair[0], pair[1].user), (pair[1], pair[0].user)]

    def attempt() -> str:
        try:
            stands_in(*turns.pop())
        except (DeputyNotPossible, StandsInMeanwhile):
            return "refused"
        return "away"

    assert sorted(at_once(attempt, times=2, threads=2)) == ["away", "refused"]
