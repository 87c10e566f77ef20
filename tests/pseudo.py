"""Two languages that nobody speaks, made of the catalogue: they show what is not translated and what breaks.

"xx-long" is 40 % longer than Danish, and "ar-xb" runs from right to left. Both mark each text of the
interface, so that one that was never translated stands out.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from babel.messages.catalog import Catalog
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.test import override_settings

from core.catalogue import compiled, public_texts

LONG, MIRRORED = "xx-long", "ar-xb"
MARK = "⟦"
_KEPT = re.compile(r"(%\(\w+\)[sd]|%[sd]|\{\w+\}|<[^>]*>|https?://\S+)")
_ACCENTED = str.maketrans("aeiouyAEIOUY", "ȧḗīǿŭẏȦḖĪǾŬẎ")
LONGER = 0.4
RIGHT_TO_LEFT, AS_BEFORE = "\u202e", "\u202c"


def longer(text: str) -> str:
    """Return `text` accented, marked and 40 % longer, in words of ordinary length."""
    extra = int(len(_KEPT.sub("", text)) * LONGER)
    padding = " ".join(["ẋẋẋẋẋẋẋ"] * (extra // 8) + ["ẋ" * (extra % 8)] * (extra % 8 > 0))
    return f"{MARK}{_outside(text, lambda part: part.translate(_ACCENTED))} {padding}⟧"


def mirrored(text: str) -> str:
    """Return `text` marked and running from right to left, as Arabic and Hebrew do."""
    return f"{MARK}{_outside(text, _overridden)}⟧"


def _overridden(part: str) -> str:
    return f"{RIGHT_TO_LEFT}{part}{AS_BEFORE}" if part.strip() else part


def _outside(text: str, change: Callable[[str], str]) -> str:
    """Change what is neither a placeholder, markup nor an address."""
    parts = _KEPT.split(text)
    return "".join(part if place % 2 else change(part) for place, part in enumerate(parts))


def write_catalogues(folder: Path) -> None:
    """Write both languages' catalogues into `folder`, where gettext looks for them."""
    for code, change in ((LONG, longer), (MIRRORED, mirrored)):
        catalogue = Catalog(locale="en")
        for message in public_texts():
            if message.id:
                texts = (message.id,) if isinstance(message.id, str) else message.id
                changed = [change(text) for text in texts]
                catalogue.add(
                    message.id, changed[0] if len(changed) == 1 else changed, context=message.context
                )
        language, country = code.split("-")
        home = (
            folder / f"{language}_{country.title() if len(country) > 2 else country.upper()}" / "LC_MESSAGES"
        )
        home.mkdir(parents=True, exist_ok=True)
        (home / "django.mo").write_bytes(compiled(catalogue))


@contextmanager
def pseudo_languages(folder: Path) -> Iterator[None]:
    """Offer both languages while the block runs; their catalogues stand in `folder`."""
    LANG_INFO[LONG] = {"bidi": False, "code": LONG, "name": "Long", "name_local": "Long"}
    LANG_INFO[MIRRORED] = {"bidi": True, "code": MIRRORED, "name": "Mirrored", "name_local": "Mirrored"}
    with override_settings(
        LANGUAGES=[*settings.LANGUAGES, (LONG, "Long"), (MIRRORED, "Mirrored")],
        LOCALE_PATHS=[*settings.LOCALE_PATHS, folder],
    ):
        yield
    del LANG_INFO[LONG], LANG_INFO[MIRRORED]
