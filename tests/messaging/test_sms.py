"""What fits into a text message."""

import pytest

from messaging.sms import TooLongForSms, as_sms, segments


def test_danish_letters_stay_as_they_are() -> None:
    assert as_sms("Ærø Kommune: Vi ringer på ÆØÅ æøå é") == "Ærø Kommune: Vi ringer på ÆØÅ æøå é"


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("kl. 9–12 … “nu”", 'kl. 9-12 ... "nu"'),
        ("Škoda ê", "Skoda e"),
        ("Привет", "??????"),
        ("to\n linjer", "to linjer"),
    ],
)
def test_a_letter_that_sms_does_not_have_becomes_one_it_has(typed: str, sent: str) -> None:
    assert as_sms(typed) == sent


@pytest.mark.parametrize(
    ("text", "number"),
    [("å" * 160, 1), ("å" * 161, 2), ("å" * 306, 2), ("€" * 80, 1), ("€" * 81, 2), ("å" * 307, 3)],
)
def test_segments_are_counted_as_a_telephone_does(text: str, number: int) -> None:
    assert segments(text) == number


def test_a_text_of_three_segments_is_refused() -> None:
    assert as_sms("å" * 306)
    with pytest.raises(TooLongForSms):
        as_sms("å" * 307)
