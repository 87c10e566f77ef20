"""WHO-5 scores: what counts as an answer, and where the bands lie."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.enums import Band
from evaluation.scoring import band, percentage_score, raw_score

answers = st.lists(st.integers(0, 5), min_size=5, max_size=5)


def test_the_raw_score_is_the_sum_of_five_answers():
    assert raw_score([5, 4, 3, 2, 1]) == 15
    assert raw_score([5] * 5) == 25


def test_zero_is_an_answer_and_a_blank_is_none():
    assert raw_score([0] * 5) == 0
    assert raw_score([0, 0, 0, 0, None]) is None


@pytest.mark.parametrize("items", [[1, 2, 3, 4], [1, 2, 3, 4, 6], [1, 2, 3, 4, -1], []])
def test_answers_that_who5_has_not_got_are_refused(items):
    with pytest.raises(ValueError, match="WHO-5"):
        raw_score(items)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (0, Band.HIGH_RISK),
        (8, Band.HIGH_RISK),  # 32, the last below 36
        (9, Band.RISK),  # 36
        (12, Band.RISK),  # 48, the last below 51
        (13, Band.NOT_IMMEDIATE),  # 52
        (25, Band.NOT_IMMEDIATE),
    ],
)
def test_bands_meet_where_the_guidance_says(raw, expected):
    assert band(percentage_score(raw)) == expected


@given(answers)
def test_a_percentage_score_is_a_multiple_of_four_within_0_and_100(items):
    raw = raw_score(items)
    assert raw is not None
    assert percentage_score(raw) in range(0, 101, 4)
