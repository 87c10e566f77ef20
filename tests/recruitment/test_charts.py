"""The pictures of the statistics."""

import re

import pytest

from recruitment.charts import months_chart
from recruitment.queries.statistics import MonthRow


@pytest.mark.parametrize("most", [0, 1, 2, 3, 7, 40])
def test_months_are_counted_in_whole_referrals_each_number_once(most):
    picture = months_chart((MonthRow("jan 26", most), MonthRow("feb 26", 0)))
    axis = re.findall(r">(\d+)</text>", picture)
    assert len(axis) == len(set(axis)) >= 2
