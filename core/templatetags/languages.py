"""In which language a text stands that is no part of the interface: `{% load languages %}`."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi

from core import languages

register = template.Library()


@register.simple_tag
def lang_of(owner: Any, name: str = "") -> SafeString:
    """Return what the element around `owner.name` needs when its language is not the page's, else nothing.

    `<p{% lang_of programme "about" %}>{{ programme.about }}</p>` gains ` lang="da"` on an English page
    while `about_en` is empty. A text that stands in Danish alone is marked wherever the page is not
    Danish; an owner that picks its texts by itself names those it has in `translated`. A screen reader
    then reads the text in Danish (WCAG 3.1.2), and it keeps its direction.
    """
    shown = get_language() or settings.LANGUAGE_CODE
    translated = getattr(owner, f"{name}_{shown}", "") or name in getattr(owner, "translated", ())
    return in_language(shown if translated else settings.LANGUAGE_CODE)


@register.simple_tag
def other_languages() -> list[tuple[str, str]]:
    """Return code and own name of every language but the page's."""
    return languages.other_languages()


@register.simple_tag
def in_language(code: str) -> SafeString:
    """Return ` lang="…"` for an element whose text is in the language `code`, nothing on a page in it."""
    if code == (get_language() or settings.LANGUAGE_CODE):
        return mark_safe("")
    direction = mark_safe(' dir="ltr"') if get_language_bidi() else ""
    return format_html(' lang="{}"{}', code, direction)
