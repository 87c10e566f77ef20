from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from core.danish import (
    COPENHAGEN,
    add_working_days,
    fold,
    holidays_between,
    is_sending_time,
    is_working_day,
    name_key,
    next_sending_time,
)

IN_ORDER = ["Andersen", "Sønderborg", "Søren", "Zeuthen", "Ærø", "Øster", "Aabenraa", "Ågård"]

days = st.dates(min_value=date(2026, 1, 1), max_value=date(2036, 12, 31))
moments = st.datetimes(
    min_value=datetime(2026, 1, 1), max_value=datetime(2036, 12, 31), timezones=st.just(UTC)
)


def test_names_sort_as_in_a_danish_register():
    assert sorted(reversed(IN_ORDER), key=name_key) == IN_ORDER


@pytest.mark.django_db
def test_names_sort_in_the_database_as_in_a_danish_register():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM unnest(%s, %s) AS row (name, key) ORDER BY key",
            [IN_ORDER[::-1], [name_key(name) for name in IN_ORDER[::-1]]],
        )
        assert [name for (name,) in cursor] == IN_ORDER


@given(st.text())
def test_a_name_key_is_digits_alone_so_that_no_collation_can_reorder_it(text):
    key = name_key(text)
    assert key == "" or (key.isascii() and key.isdigit())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Aagård", "ÅGAARD"),
        ("ANNE-MARIE", "anne marie"),
        ("André", "Andre"),
        ("A\u030agård", "Ågård"),
        ("  Per   Hansen ", "Per Hansen"),
        ("Müller", "Myller"),
        ("O’Brien", "OBrien"),
    ],
)
def test_names_that_differ_in_case_accent_or_hyphen_have_one_key(one, other):
    assert name_key(one) == name_key(other)


def test_a_shorter_name_comes_first_and_other_alphabets_last():
    names = ["3F", "Anne", "Anne Zacho", "Anneline", "Ågård", "Марія"]
    assert sorted(reversed(names), key=name_key) == names


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("aagaard", "Ågård"),
        ("ågård", "Aagaard"),
        ("søren", "Soeren"),
        ("ærø", "Aeroe"),
        ("andre", "André"),
        ("anne marie", "Anne-Marie"),
    ],
)
def test_a_search_finds_a_name_however_it_is_spelled(typed, stored):
    assert fold(typed) == fold(stored)


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


def test_store_bededag_is_a_working_day_since_2024():
    assert not is_working_day(date(2023, 5, 5))
    assert is_working_day(date(2024, 4, 26))


def test_easter_and_christmas_are_no_working_days():
    assert holidays_between(date(2026, 4, 1), date(2026, 4, 30)) == {
        date(2026, 4, 2): "Skærtorsdag",
        date(2026, 4, 3): "Langfredag",
        date(2026, 4, 5): "Påskedag",
        date(2026, 4, 6): "Anden påskedag",
    }
    assert not is_working_day(date(2026, 12, 25))


def test_holidays_are_found_across_the_turn_of_the_year():
    assert list(holidays_between(date(2026, 12, 26), date(2027, 1, 1))) == [
        date(2026, 12, 26),
        date(2027, 1, 1),
    ]


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 11, 5), 0, date(2026, 11, 5)),
        (date(2026, 11, 7), 0, date(2026, 11, 9)),
        (date(2026, 11, 5), 1, date(2026, 11, 6)),
        (date(2026, 11, 6), 1, date(2026, 11, 9)),
        (date(2026, 11, 7), 1, date(2026, 11, 9)),
        (date(2026, 4, 1), 1, date(2026, 4, 7)),
        (date(2026, 11, 5), 3, date(2026, 11, 10)),
    ],
)
def test_working_days_are_counted_past_weekends_and_holidays(start, count, end):
    assert add_working_days(start, count) == end


def test_working_days_are_not_counted_backwards():
    with pytest.raises(ValueError, match="forwards"):
        add_working_days(date(2026, 11, 5), -1)


@given(days, st.integers(min_value=1, max_value=40))
def test_so_many_working_days_lie_after_the_start_and_up_to_the_end(start, count):
    end = add_working_days(start, count)
    passed = (start + timedelta(days=step) for step in range(1, (end - start).days + 1))
    assert is_working_day(end)
    assert sum(map(is_working_day, passed)) == count


@pytest.mark.parametrize(
    ("moment", "sent"),
    [
        (datetime(2026, 11, 5, 7, 59, 59, tzinfo=COPENHAGEN), False),
        (datetime(2026, 11, 5, 8, 0, tzinfo=COPENHAGEN), True),
        (datetime(2026, 11, 5, 15, 59, 59, tzinfo=COPENHAGEN), True),
        (datetime(2026, 11, 5, 16, 0, tzinfo=COPENHAGEN), False),
        (datetime(2026, 11, 7, 10, 0, tzinfo=COPENHAGEN), False),
        (datetime(2026, 4, 2, 10, 0, tzinfo=COPENHAGEN), False),
        (datetime(2026, 7, 1, 10, 0, tzinfo=COPENHAGEN), False),
        (datetime(2026, 12, 23, 10, 0, tzinfo=COPENHAGEN), False),
        (datetime(2026, 12, 22, 10, 0, tzinfo=COPENHAGEN), True),
        # Either side of both clock changes, 08.00 is another hour in UTC.
        (datetime(2026, 3, 27, 7, 0, tzinfo=UTC), True),
        (datetime(2026, 3, 30, 6, 0, tzinfo=UTC), True),
        (datetime(2026, 10, 23, 6, 0, tzinfo=UTC), True),
        (datetime(2026, 10, 26, 6, 0, tzinfo=UTC), False),
        (datetime(2026, 10, 26, 7, 0, tzinfo=UTC), True),
    ],
)
def test_reminders_go_out_in_danish_office_hours_only(moment, sent):
    assert is_sending_time(moment) is sent


def test_a_programme_may_choose_to_send_in_july_and_between_christmas_and_new_year():
    assert is_sending_time(datetime(2026, 7, 1, 10, 0, tzinfo=COPENHAGEN), quiet_july=False)
    assert is_sending_time(datetime(2026, 12, 29, 10, 0, tzinfo=COPENHAGEN), quiet_christmas=False)
    assert not is_sending_time(datetime(2027, 1, 1, 10, 0, tzinfo=COPENHAGEN), quiet_christmas=False)


@given(moments, st.booleans(), st.booleans())
def test_nothing_is_ever_sent_outside_08_to_16_on_working_days(moment, quiet_july, quiet_christmas):
    if is_sending_time(moment, quiet_july=quiet_july, quiet_christmas=quiet_christmas):
        local = moment.astimezone(COPENHAGEN)
        assert 8 <= local.hour < 16
        assert is_working_day(local.date())
        assert not (quiet_july and local.month == 7)
        assert not (quiet_christmas and local.month == 12 and local.day >= 23)


@given(moments, st.booleans(), st.booleans())
def test_the_next_sending_time_is_the_first_one(moment, quiet_july, quiet_christmas):
    quiet = {"quiet_july": quiet_july, "quiet_christmas": quiet_christmas}
    found = next_sending_time(moment, **quiet)
    assert found >= moment
    assert is_sending_time(found, **quiet)
    if found > moment:
        assert not is_sending_time(found - timedelta(seconds=1), **quiet)
        step = timedelta(minutes=30)
        between = (moment + step * count for count in range(int((found - moment) / step)))
        assert not any(is_sending_time(earlier, **quiet) for earlier in between)


@pytest.mark.parametrize(
    ("moment", "first"),
    [
        # Friday afternoon before summer time and before winter time begins.
        (datetime(2026, 3, 27, 16, 0, tzinfo=COPENHAGEN), datetime(2026, 3, 30, 6, 0, tzinfo=UTC)),
        (datetime(2026, 10, 23, 16, 0, tzinfo=COPENHAGEN), datetime(2026, 10, 26, 7, 0, tzinfo=UTC)),
        # Inside the hours that are skipped and doubled.
        (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), datetime(2026, 3, 30, 6, 0, tzinfo=UTC)),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 26, 7, 0, tzinfo=UTC)),
        (datetime(2026, 6, 30, 16, 0, tzinfo=COPENHAGEN), datetime(2026, 8, 3, 6, 0, tzinfo=UTC)),
        (datetime(2026, 12, 22, 17, 0, tzinfo=COPENHAGEN), datetime(2027, 1, 4, 7, 0, tzinfo=UTC)),
    ],
)
def test_what_waits_goes_out_at_eight_on_the_next_day_that_is_not_quiet(moment, first):
    assert next_sending_time(moment) == first


def test_a_moment_without_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        is_sending_time(datetime(2026, 11, 5, 10, 0))
