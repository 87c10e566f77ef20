"""The outlook for coming cohorts, from a history that is made up."""

import numpy as np
import pytest

from recruitment.forecast.history import Coming, End, History, Phase, Stay, Waiting
from recruitment.forecast.model import Interval, TooLittleHistory, interval_of, outlook


def a_history(people: int = 100, *, seats: int = 40, begun: int = 36, weekly: int = 2) -> History:
    """Four of five move on within days, in each phase; `weekly` new people every week."""
    stays = [
        Stay("gp", phase, number % 9, End.DROPPED if number % 5 == 0 else End.ADVANCED)
        for phase in Phase
        for number in range(people)
    ]
    return History(stays, seats, begun, [{"gp": weekly}] * 26)


def ready(number: int) -> list[Waiting]:
    return [Waiting("gp", Phase.READY, 0)] * number


def test_outlook_is_refused_where_too_few_have_gone_the_way():
    with pytest.raises(TooLittleHistory):
        outlook(a_history(people=6), [], [Coming(30, 12, 0)])
    with pytest.raises(TooLittleHistory):
        outlook(a_history(seats=9, begun=9), [], [Coming(30, 12, 0)])
    unfinished = [Stay("gp", Phase.NEW, 5, End.OPEN)] * 500
    with pytest.raises(TooLittleHistory):
        outlook(History(unfinished, 40, 36, []), [], [Coming(30, 12, 0)])


def test_outlook_is_the_same_for_the_same_history():
    one, other = (outlook(a_history(), ready(5), [Coming(30, 12, 3)]) for _ in range(2))
    assert one == other


def test_those_with_a_seat_begin_as_often_as_others_have():
    (forecast,) = outlook(a_history(weekly=0), [], [Coming(30, 60, 50)]).cohorts
    assert forecast.expected == pytest.approx(50 * 0.9, abs=2)
    assert forecast.interval.low < 45 < forecast.interval.high <= 50


def test_never_more_begin_than_there_are_seats():
    forecast = outlook(a_history(), ready(200), [Coming(60, 12, 4)]).cohorts[0]
    assert forecast.interval.high <= 12
    assert forecast.expected >= 9


def test_who_finds_no_seat_waits_for_the_next_cohort():
    alone = outlook(a_history(weekly=0), ready(16), [Coming(20, 12, 0)]).cohorts
    both = outlook(a_history(weekly=0), ready(16), [Coming(20, 6, 0), Coming(60, 12, 0)]).cohorts
    assert both[0].expected <= 6
    assert both[1].expected >= 4, "the rest have found a seat there"
    assert alone[0].expected >= 9


def test_a_full_cohort_takes_nobody():
    (forecast,) = outlook(a_history(), ready(10), [Coming(20, 12, 12)]).cohorts
    assert forecast.interval.high <= 12


def test_people_still_to_be_referred_count_where_there_is_time():
    soon, later = (outlook(a_history(weekly=3), [], [Coming(days, 60, 0)]).cohorts[0] for days in (5, 60))
    assert later.expected > soon.expected
    assert later.of_new > soon.of_new


def test_a_short_history_gives_a_wider_interval():
    def width(history: History) -> int:
        found = outlook(history, ready(20), [Coming(20, 40, 0)]).cohorts[0].interval
        return found.high - found.low

    assert width(a_history(people=10, seats=10, begun=9)) > width(
        a_history(people=1_000, seats=1_000, begun=900)
    )


def test_moving_on_never_lowers_the_chance_and_helps_the_new_most():
    people = [Waiting("gp", phase, 3) for phase in Phase]
    new, talking, ready_ = outlook(a_history(), people, [Coming(15, 12, 0)]).gains
    for gain in (new, talking, ready_):
        assert 0 <= gain.now <= gain.moved_on <= 1
    assert ready_.moved_on == pytest.approx(36.5 / 41)
    assert new.now < talking.now < ready_.now


def test_a_cohort_beyond_the_horizon_and_a_programme_without_arrivals_are_no_faults():
    history = History(a_history().stays, 40, 36, [])
    far, _ = outlook(history, [], [Coming(500, 12, 0), Coming(900, 12, 0)]).cohorts
    assert far.expected == 0
    assert outlook(history, ready(3), []).gains == []


def test_interval_holds_the_share_nearest_to_eighty_per_cent():
    counts = np.repeat([3.0, 4.0, 5.0, 6.0, 7.0], [10, 20, 40, 20, 10])
    assert interval_of(counts) == Interval(4, 6)
    assert interval_of(np.full(50, 7.0)) == Interval(7, 7)
    assert interval_of(np.repeat([0.0, 1.0], [75, 25])) == Interval(0, 0), "75 is nearer to 80 than 100 is"
