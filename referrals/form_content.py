"""What a programme decides of a form: whether it is open, its texts, and which questions it leaves out.

A version keeps all of it as it was shown, the programme's own texts included where the form had none of
its own; so an old version still says what its readers read after the programme has written something else.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import translation

from accounts.models import Programme
from referrals.agreement_texts import CURRENT
from referrals.enums import ReferralKind

Texts = Mapping[str, str]

# The texts of a form, in the order of the editor. A lead that is left empty is the form's own (forms/kinds).
TEXTS = ("lead", "target_group", "criteria", "procedure", "information_text")
SOURCE_LANGUAGE = settings.LANGUAGE_CODE
LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)
FINGERPRINT_LENGTH = 12


@dataclass(frozen=True)
class FormContent:
    """`own` is what was written for this form, `shown` what its readers read; both by language and text."""

    is_open: bool = True
    own: Mapping[str, Texts] = field(default_factory=dict)
    shown: Mapping[str, Texts] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    # Which sentences of agreement stand in it (agreement_texts.py).
    agreement_text: str = CURRENT

    def text(self, name: str) -> str:
        """Return the text in the language of the page; "" where the form's built-in one stands."""
        texts = self.shown.get(translation.get_language() or "", {})
        return texts.get(name) or self.shown.get(SOURCE_LANGUAGE, {}).get(name, "")

    def translated(self) -> frozenset[str]:
        """Return the names of the texts that somebody has written in the language of the page."""
        danish = self.shown.get(SOURCE_LANGUAGE, {})
        here = self.shown.get(translation.get_language() or "", {})
        return frozenset(name for name in TEXTS if here.get(name) and here[name] != danish.get(name))

    def lines(self, name: str) -> tuple[str, ...]:
        """Return the text's non-empty lines in the language of the page."""
        return _lines(self.text(name))

    def criteria(self) -> tuple[tuple[str, str], ...]:
        """Return each criterion as (what is kept, what is read): kept in Danish, where each has its own."""
        kept, read = _lines(self.shown.get(SOURCE_LANGUAGE, {}).get("criteria", "")), self.lines("criteria")
        return tuple(zip(kept if len(kept) == len(read) else read, read, strict=True))

    def to_json(self) -> dict[str, Any]:
        """Return it as a version keeps it."""
        return {
            "is_open": self.is_open,
            "own": {language: dict(texts) for language, texts in self.own.items()},
            "shown": {language: dict(texts) for language, texts in self.shown.items()},
            "left_out": list(self.left_out),
            "agreement_text": self.agreement_text,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "FormContent":
        """Return what `to_json` was given."""
        return cls(**{**kept, "left_out": tuple(kept["left_out"])})

    def fingerprint(self, *of: int | str) -> str:
        """Return a short sum of the content and of whose it is: equal for equal ones alone."""
        text = json.dumps([of, self.to_json()], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:FINGERPRINT_LENGTH]


def form_content(
    programme: Programme,
    kind: ReferralKind,
    *,
    is_open: bool = True,
    own: Mapping[str, Texts] | None = None,
    left_out: Iterable[str] = (),
) -> FormContent:
    """Return the content with the programme's texts of today where `own` has none."""
    written = {
        language: {name: text for name in TEXTS if (text := texts.get(name, "").strip())}
        for language, texts in (own or {}).items()
    }
    return FormContent(
        is_open=is_open,
        own={language: texts for language, texts in written.items() if texts},
        shown={language: _shown(programme, kind, written, language) for language in LANGUAGES},
        left_out=tuple(sorted(left_out)),
    )


def as_of_today(programme: Programme, kind: ReferralKind, content: FormContent) -> FormContent:
    """Return `content` with what it has from the programme and from us as that is now."""
    return form_content(programme, kind, is_open=content.is_open, own=content.own, left_out=content.left_out)


def _shown(
    programme: Programme, kind: ReferralKind, own: Mapping[str, Texts], language: str
) -> dict[str, str]:
    """Return the texts read in `language`; one that nobody has translated is read in Danish."""
    texts, danish = own.get(language, {}), own.get(SOURCE_LANGUAGE, {})
    with translation.override(language):
        return {
            name: texts.get(name) or danish.get(name) or _inherited(programme, kind, name) for name in TEXTS
        }


def _inherited(programme: Programme, kind: ReferralKind, name: str) -> str:
    """Return the programme's own text. Its procedure is told to those who refer, not to citizens."""
    if name == "lead" or (name == "procedure" and kind == ReferralKind.SELF):
        return ""
    return str(getattr(programme, name) or "").strip()


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
