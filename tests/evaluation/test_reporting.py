"""How figures are written."""

import pytest

from evaluation.reporting import number, percent


@pytest.mark.parametrize(
    ("share", "written"),
    [(1 / 8, "13 %"), (3 / 8, "38 %"), (29 / 200, "15 %"), (0.0, "0 %"), (1.0, "100 %"), (None, "–")],
)
def test_a_share_is_rounded_as_one_rounds_by_hand(share, written):
    assert percent(share) == written


@pytest.mark.parametrize(
    ("value", "written"), [(15.25, "+15,3"), (-15.25, "−15,3"), (-0.04, "0,0"), (0.05, "+0,1")]
)
def test_a_difference_is_written_as_danes_do(value, written):
    assert number(value, 1, signed=True) == written
