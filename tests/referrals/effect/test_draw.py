"""The draw: equal halves, the same whenever it is repeated, and not to be guessed from the order."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from referrals.effect import Half, half_at, halves

seeds = st.integers(0, 2**63 - 1)


@given(seeds, st.integers(0, 300))
def test_the_halves_are_equal_at_any_moment(seed, so_far):
    counts = Counter(half_at(seed, place) for place in range(so_far))
    assert abs(counts[Half.NOW] - counts[Half.LATER]) == so_far % 2


@given(seeds, st.sets(st.integers(1, 10_000), max_size=60), st.integers(0, 50))
def test_the_draw_can_be_repeated_from_its_seed(seed, keys, after):
    drawn = halves(seed, keys, after=after)
    assert set(drawn) == keys
    assert halves(seed, sorted(keys, reverse=True), after=after) == drawn


@given(seeds, st.sets(st.integers(1, 10_000), max_size=60), st.sets(st.integers(10_001, 20_000), max_size=60))
def test_those_who_come_due_later_continue_where_the_others_ended(seed, first, second):
    counts = Counter([*halves(seed, first).values(), *halves(seed, second, after=len(first)).values()])
    assert abs(counts[Half.NOW] - counts[Half.LATER]) == (len(first) + len(second)) % 2


def test_everybody_is_as_likely_to_be_nudged_now_wherever_they_stand():
    times = 2000
    now_by_place = [sum(half_at(seed, place) == Half.NOW for seed in range(times)) for place in range(6)]
    now_by_key = Counter(
        key for seed in range(times) for key, half in halves(seed, {1, 2, 3}).items() if half == Half.NOW
    )
    # Of 2 000 fair draws fewer than 900 or more than 1 100 come less than once in a hundred thousand times.
    assert all(900 < now < 1100 for now in [*now_by_place, *now_by_key.values()])
