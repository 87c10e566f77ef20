"""What the two halves tell, and when a claim may be made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.effect import LOOKS, Finding, Half, Observed, effect_of


def observed(now: tuple[int, int], later: tuple[int, int]) -> list[Observed]:
    """Return (referred, people) of each half, spread evenly over the time."""
    people = []
    for half, (referred, n) in ((Half.NOW, now), (Half.LATER, later)):
        for place in range(n):
            came = (place + 1) * referred // n > place * referred // n
            people.append((place / n, Observed(half, came)))
    return [one for _, one in sorted(people, key=lambda pair: pair[0])]


# Newcombe 1998, Statistics in Medicine 17: 873-890, table II, method 10.
@pytest.mark.parametrize(
    ("now", "later", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_the_interval_is_newcombes(now, later, low, high):
    effect = effect_of(observed(now, later))
    assert (effect.low, effect.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_of_nobody_nothing_is_told():
    effect = effect_of([])
    assert (effect.difference, effect.low, effect.high) == (None, None, None)
    assert (effect.finding, effect.decided_at, effect.next_look) == (Finding.NOT_ENOUGH, None, LOOKS[0])


def test_one_half_alone_has_no_difference():
    effect = effect_of(observed((3, 10), (0, 0)))
    assert (effect.now.count, effect.now.n, effect.later.n) == (3, 10, 0)
    assert effect.difference is effect.low is None


def test_before_the_first_look_nothing_is_claimed_however_clear_it_seems():
    effect = effect_of(observed((99, 99), (0, 99)))
    assert effect.low > 0.9
    assert effect.finding == Finding.NOT_ENOUGH


def test_a_clear_difference_is_claimed_at_the_look_and_stands():
    effect = effect_of(observed((30, 100), (5, 100)))
    assert (effect.finding, effect.decided_at, effect.next_look) == (Finding.MORE, 100, None)
    later_on = [*observed((30, 100), (5, 100)), *observed((0, 50), (50, 50))]
    assert effect_of(later_on).finding == Finding.MORE
    assert effect_of(later_on).difference < 0  # the interval goes on being counted


def test_fewer_referrals_are_claimed_as_fewer():
    assert effect_of(observed((5, 100), (30, 100))).finding == Finding.FEWER


def test_between_the_looks_a_difference_that_has_just_become_clear_waits():
    effect = effect_of([*observed((10, 100), (9, 100)), *observed((60, 60), (0, 60))])
    assert effect.low > 0
    assert (effect.finding, effect.next_look) == (Finding.NOT_CLEAR, 200)


def test_ninety_five_in_a_hundred_are_not_enough_for_a_claim_that_is_put_five_times():
    effect = effect_of(observed((17, 100), (7, 100)))
    assert effect.low > 0
    assert effect.finding == Finding.NOT_CLEAR


def test_after_the_last_look_no_difference_is_a_finding():
    n = LOOKS[-1]
    effect = effect_of(observed((n // 10, n), (n // 10, n)))
    assert (effect.finding, effect.next_look) == (Finding.NO_DIFFERENCE, None)


some_people = st.lists(st.builds(Observed, st.sampled_from(Half), st.booleans()), max_size=450)


@given(some_people)
def test_the_interval_holds_the_difference_and_turns_with_the_halves(people):
    effect = effect_of(people)
    other = {Half.NOW: Half.LATER, Half.LATER: Half.NOW}
    turned = effect_of([Observed(other[one.half], one.referred) for one in people])
    if effect.difference is None:
        assert effect.low is effect.high is turned.difference is None
    else:
        assert -1 <= effect.low <= effect.difference <= effect.high <= 1
        assert turned.difference == pytest.approx(-effect.difference)
        assert turned.low == pytest.approx(-effect.high)
    opposite = {Finding.MORE: Finding.FEWER, Finding.FEWER: Finding.MORE}
    assert turned.finding == opposite.get(effect.finding, effect.finding)


@given(some_people, some_people)
def test_what_is_found_is_not_taken_back_by_what_comes_after(first, second):
    before, after = effect_of(first), effect_of([*first, *second])
    if before.decided_at is not None:
        assert (after.finding, after.decided_at) == (before.finding, before.decided_at)
