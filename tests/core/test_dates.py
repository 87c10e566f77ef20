from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dates import (
    InvalidDate,
    InvalidTime,
    danish_moment,
    format_danish_date,
    format_danish_time,
    parse_danish_date,
    parse_danish_time,
)


@pytest.mark.parametrize(
    "typed", ["05.11.2026", "5-11-2026", "5/11/2026", "5.11.2026", " 05. 11. 2026 ", "2026-11-05"]
)
def test_three_danish_spellings_and_the_date_pickers_mean_the_same_day(typed):
    assert parse_danish_date(typed) == date(2026, 11, 5)


@pytest.mark.parametrize(
    "typed",
    [
        "31.02.2026",
        "11/25/2026",
        "5.11-2026",
        "5.11.26",
        "i morgen",
        "",
        "0.0.0000",
        "5.11.2026\x00",
        "1.1.0001",
        "5.11.0026",
        "31.12.9999",
        "1899-12-31",
    ],
)
def test_what_is_no_day_of_the_calendar_is_refused(typed):
    with pytest.raises(InvalidDate):
        parse_danish_date(typed)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_date_that_is_shown_can_be_typed_back(day):
    assert parse_danish_date(format_danish_date(day)) == day


@pytest.mark.parametrize("typed", ["14.30", "14:30", "kl. 14.30", "14:30:00"])
def test_times_are_read_with_full_stop_or_colon(typed):
    assert parse_danish_time(typed) == time(14, 30)


def test_a_time_may_be_a_whole_hour():
    assert parse_danish_time("9") == time(9)


@pytest.mark.parametrize("typed", ["25.00", "14.3", "halv tre", "", "14.60"])
def test_what_is_no_time_of_day_is_refused(typed):
    with pytest.raises(InvalidTime):
        parse_danish_time(typed)


@given(st.times())
def test_a_time_that_is_shown_can_be_typed_back(clock):
    assert parse_danish_time(format_danish_time(clock)) == clock.replace(second=0, microsecond=0)


def test_a_session_at_ten_is_at_ten_on_danish_clocks_summer_and_winter():
    assert danish_moment(date(2026, 6, 1), time(10)) == datetime(2026, 6, 1, 8, tzinfo=UTC)
    assert danish_moment(date(2026, 12, 1), time(10)) == datetime(2026, 12, 1, 9, tzinfo=UTC)


def test_a_time_that_the_clock_skips_is_refused():
    with pytest.raises(InvalidTime):
        danish_moment(date(2026, 3, 29), time(2, 30))


def test_of_two_equal_clock_times_the_first_is_meant():
    assert danish_moment(date(2026, 10, 25), time(2, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
