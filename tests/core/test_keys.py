import pytest

from core.keys import LONGEST_KEY, key_in


@pytest.mark.parametrize(("text", "key"), [("0", 0), ("7", 7), ("007", 7), ("9" * LONGEST_KEY, 10**18 - 1)])
def test_plain_digits_are_a_key(text: str, key: int) -> None:
    assert key_in(text) == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "7 ",
        "-7",
        "+7",
        "7.0",
        "1_000",
        "1\0",
        "\0",
        "٣",  # Arabic-Indic three, which int() takes
        "²",  # isdigit() says yes, int() refuses
        "７",  # full width
        "9" * (LONGEST_KEY + 1),
        "1" * 10_000,  # longer than int() reads
        "None",
    ],
)
def test_anything_else_is_no_key(text: str) -> None:
    assert key_in(text) is None
