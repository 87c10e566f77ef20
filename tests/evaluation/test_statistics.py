"""Paired results: the vector checked with SciPy, the edges, and what must hold for every set of numbers."""

import statistics
from collections import Counter
from math import isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t, ttest_rel

from evaluation.statistics import health_distribution, paired_result, spread_of

BEFORE = [24, 32, 36, 40, 44, 28, 52, 48, 36, 40, 20, 56]
AFTER = [48, 44, 64, 40, 60, 52, 56, 44, 68, 52, 36, 76]

score = st.integers(0, 25).map(lambda raw: raw * 4)
some_pairs = st.lists(st.tuples(score, score), min_size=2, max_size=60)


def result_of(pairs, extra_before=()):
    before = [first for first, _ in pairs] + list(extra_before)
    return paired_result(pairs=Counter(pairs), all_before=Counter(before))


@pytest.fixture
def vector():
    return result_of(list(zip(BEFORE, AFTER, strict=True)))


def test_the_vector_has_its_means_and_deviations_to_six_decimals(vector):
    assert vector.n == 12
    assert vector.before.mean == pytest.approx(38, abs=5e-7)
    assert vector.before.sd == pytest.approx(10.987596, abs=5e-7)
    assert vector.after.mean == pytest.approx(53.333333, abs=5e-7)
    assert vector.after.sd == pytest.approx(11.979781, abs=5e-7)


def test_the_vector_has_its_difference_interval_and_effect_size_to_six_decimals(vector):
    assert vector.difference.mean == pytest.approx(15.333333, abs=5e-7)
    assert vector.difference.sd == pytest.approx(11.162708, abs=5e-7)
    assert vector.low == pytest.approx(8.240887, abs=5e-7)
    assert vector.high == pytest.approx(22.425780, abs=5e-7)
    assert vector.d_z == pytest.approx(1.373621, abs=5e-7)


def test_the_vector_has_its_shares_and_counts(vector):
    assert (vector.gained.count, vector.gained.n) == (9, 12)
    assert round(vector.gained.low * 100, 2) == 46.77
    assert round(vector.gained.high * 100, 2) == 91.11
    assert (vector.better, vector.same, vector.worse) == (10, 1, 1)
    assert vector.gained_much == 4
    assert (vector.in_risk_before.count, vector.in_risk_after.count) == (10, 5)
    assert vector.screened_before.count == 3


def test_the_mean_of_all_before_measures_stands_apart_from_the_pairs(vector):
    with_dropouts = result_of(list(zip(BEFORE, AFTER, strict=True)), extra_before=[0, 4, 8])
    assert with_dropouts.before == vector.before
    assert with_dropouts.difference == vector.difference
    assert with_dropouts.all_before.n == 15
    assert with_dropouts.all_before.mean == pytest.approx((38 * 12 + 12) / 15)


def test_no_pairs_give_no_figures():
    result = result_of([], extra_before=[40])
    assert (result.n, result.before.mean, result.difference.mean) == (0, None, None)
    assert (result.low, result.high, result.d_z, result.gained.share) == (None, None, None, None)
    assert result.all_before.mean == 40


def test_one_pair_has_a_difference_but_neither_deviation_nor_interval():
    result = result_of([(40, 52)])
    assert result.difference.mean == 12
    assert (result.difference.sd, result.low, result.high, result.d_z) == (None, None, None, None)


def test_without_variation_there_is_no_effect_size():
    result = result_of([(20, 32), (40, 52), (60, 72)])
    assert result.difference.sd == 0
    assert (result.low, result.high) == (12, 12)
    assert result.d_z is None


def test_self_rated_health_is_a_distribution_with_a_share_in_the_top_three():
    health = health_distribution({1: 1, 2: 2, 3: 3, 4: 4})
    assert health.counts == (1, 2, 3, 4, 0)
    assert (health.top_three.count, health.top_three.n) == (6, 10)
    assert health_distribution({}).top_three.share is None


@given(some_pairs)
def test_counts_of_scores_give_the_same_as_the_scores_themselves(pairs):
    result = result_of(pairs)
    before, after = zip(*pairs, strict=True)
    differences = [second - first for first, second in pairs]
    assert isclose(result.before.mean, statistics.mean(before))
    assert isclose(result.after.sd, statistics.stdev(after), abs_tol=1e-9)
    assert isclose(result.difference.sd, statistics.stdev(differences), abs_tol=1e-9)


@given(some_pairs.filter(lambda pairs: len({second - first for first, second in pairs}) > 1))
def test_the_interval_agrees_with_scipys_paired_test(pairs):
    result = result_of(pairs)
    before, after = zip(*pairs, strict=True)
    expected = ttest_rel(after, before).confidence_interval(0.95)
    assert isclose(result.low, expected.low, abs_tol=1e-7)
    assert isclose(result.high, expected.high, abs_tol=1e-7)
    reach = t.ppf(0.975, result.n - 1) * result.difference.sd / sqrt(result.n)
    assert isclose(result.high - result.low, 2 * reach, abs_tol=1e-9)


@given(some_pairs)
def test_every_pair_is_better_same_or_worse_and_turning_them_round_turns_the_sign(pairs):
    result = result_of(pairs)
    turned = result_of([(second, first) for first, second in pairs])
    assert result.better + result.same + result.worse == result.n == len(pairs)
    assert (result.better, result.worse) == (turned.worse, turned.better)
    assert isclose(result.difference.mean, -turned.difference.mean, abs_tol=1e-9)
    assert isclose(result.low, -turned.high, abs_tol=1e-9)
    assert result.gained_much <= result.gained.count <= result.better
    assert result.screened_before.count <= result.in_risk_before.count


@given(st.lists(score, min_size=1, max_size=30))
def test_a_mean_lies_between_the_values(values):
    spread = spread_of(Counter(values))
    assert min(values) <= spread.mean <= max(values)
