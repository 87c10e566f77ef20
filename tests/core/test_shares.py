"""Shares and their interval."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.shares import share_of


def test_a_share_of_nothing_and_of_everything_stays_within_its_ends():
    assert share_of(0, 0).share is None
    assert (share_of(0, 10).low, share_of(10, 10).high) == (0.0, 1.0)
    assert share_of(0, 10).high > 0
    with pytest.raises(ValueError, match="no share"):
        share_of(3, 2)


@given(st.integers(0, 200), st.integers(0, 200))
def test_wilsons_interval_holds_the_share_it_is_about(count, more):
    share = share_of(count, count + more)
    if share.share is not None:
        assert 0 <= share.low <= share.share <= share.high <= 1


def test_a_higher_confidence_gives_a_wider_interval():
    usual, surer = share_of(9, 12), share_of(9, 12, confidence=0.99)
    assert surer.low < usual.low < usual.share < usual.high < surer.high
