"""Telephone numbers: typed in any Danish way, kept as E.164, shown in pairs."""

import re

import phonenumbers

# `phonenumbers` would pick a number out of any text; a field for a number holds nothing else.
_PHONE_CHARACTERS = re.compile(r"[+\d\s().\-/\u2010-\u2015\u00a0]+")


class InvalidPhone(ValueError):
    """The text is no telephone number that can be called."""


def parse_phone(text: str) -> str:
    """Return `text` as E.164, such as `+4520123456`; a number without a country is Danish.

    :raises InvalidPhone: when it is no number that exists, such as 112 or 12345678.
    """
    if not _PHONE_CHARACTERS.fullmatch(text):
        raise InvalidPhone("Not a telephone number.")
    try:
        number = phonenumbers.parse(text, "DK")
    except phonenumbers.NumberParseException as error:
        raise InvalidPhone("Not a telephone number.") from error
    if not phonenumbers.is_valid_number(number):
        raise InvalidPhone("No such telephone number.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def format_phone(e164: str) -> str:
    """Return `e164` as Danes read it: `20 12 34 56`, and `+46 70 123 45 67` for other countries."""
    number = phonenumbers.parse(e164, None)
    danish = number.country_code == phonenumbers.country_code_for_region("DK")
    style = (
        phonenumbers.PhoneNumberFormat.NATIONAL if danish else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(number, style)
