"""Which of a programme's own texts stand in every language of the interface (django-modeltranslation).

`programme.about` is the text in the language of the page, Danish where there is none; `about_da` and
`about_en` are the fields that the administrator fills in. Why a library: docs/adr/0017.
"""

from typing import Any

from modeltranslation.translator import TranslationOptions, register

from accounts.models import Programme

TRANSLATED = (
    "phone_hours",
    "about",
    "target_group",
    "criteria",
    "procedure",
    "information_text",
    "crisis_text",
)
# The library makes its columns NULLable; ours hold text, and the Danish one is asked for like the original.
_TEXT_ALWAYS: dict[str, dict[str, Any]] = {"da": {"null": False}, "en": {"null": False, "default": ""}}


@register(Programme)
class ProgrammeTexts(TranslationOptions):
    fields = TRANSLATED
    required_languages = ("da",)
    fallback_languages = {"default": ("da",)}
    field_options = dict.fromkeys(TRANSLATED, _TEXT_ALWAYS)
