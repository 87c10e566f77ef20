"""Log lines that hold no secret and no address of a person, whoever wrote them.

Django logs the path of a refused request, and a path may hold a link's token; PostgreSQL tells the
values of a refused row in its error, and a traceback repeats them. So the last step before a line is
written takes out what has a form of its own. Names have none: our own lines hold ids alone.
"""

import logging
import re

LEFT_OUT = "[…]"

# The form of core.tokens, which cannot be imported here: logging begins before the models are loaded.
_TOKEN = re.compile(r"(?<![0-9a-z])[a-z2-7]{26}(?![0-9a-z])", re.IGNORECASE)
_PASSWORD_KEY = re.compile(r"(?<=/reset/key/)[^/\s\"']+")
# PostgreSQL's DETAIL quotes the row, and LINE the statement; both end where the next part begins.
_DATABASE_VALUES = re.compile(
    r"\b(?P<part>DETAIL|LINE \d+):.*?(?=\n\s*\n|\n[A-Z]+:|\nThe above|\nDuring handling|\nTraceback|\Z)",
    re.DOTALL,
)
_EMAIL = re.compile(r"[^\s@<>()\"'=:,;/]+@[^\s@<>()\"'=:,;/]+\.[a-z]{2,}", re.IGNORECASE)
_PHONE = re.compile(r"(?<!\w)\+\d{8,15}\b")
_CPR = re.compile(r"\b\d{6}-\d{4}\b")


def without_secrets(text: str) -> str:
    """Return `text` without tokens, keys, values of rows, e-mail addresses, telephone and CPR numbers."""
    text = _DATABASE_VALUES.sub(rf"\g<part>: {LEFT_OUT}", text)
    for pattern in (_TOKEN, _PASSWORD_KEY, _EMAIL, _PHONE, _CPR):
        text = pattern.sub(LEFT_OUT, text)
    return text


class PrivateFormatter(logging.Formatter):
    """A formatter whose whole line, traceback included, has passed `without_secrets`."""

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))
