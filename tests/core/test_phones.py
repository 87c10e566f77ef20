import pytest

from core.phones import InvalidPhone, format_phone, parse_phone


@pytest.mark.parametrize(
    "typed",
    [
        "20 12 34 56",
        "20123456",
        "2012 3456",
        "20-12-34-56",
        "004520123456",
        "+45 20 12 34 56",
        "(+45) 20123456",
    ],
)
def test_every_danish_spelling_means_the_same_number(typed):
    assert parse_phone(typed) == "+4520123456"


@pytest.mark.parametrize(
    "typed",
    ["112", "12345678", "", "   ", "ring til mig", "20 12 34 5", "2012EASY", "+", "20123456\x00", "9" * 300],
)
def test_what_is_no_number_to_call_is_refused(typed):
    with pytest.raises(InvalidPhone):
        parse_phone(typed)


def test_a_foreign_number_keeps_its_country():
    assert parse_phone("+46 70 123 45 67") == "+46701234567"
    assert format_phone("+46701234567") == "+46 70 123 45 67"


def test_a_danish_number_is_shown_in_pairs():
    assert format_phone("+4520123456") == "20 12 34 56"
