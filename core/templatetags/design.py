"""The components that take content or more than names: `{% load design %}`."""

from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.paginator import Page
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from phonenumbers import NumberParseException

from core.phones import format_phone

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Return DKFDS's icon `name` as inline SVG, hidden from assistive technology unless it has a `label`.

    :raises LookupError: when DKFDS has no such icon.
    """
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon-svg" viewBox="0 -960 960 960" focusable="false" {}>{}</svg>', spoken, _shape(name)
    )


@register.simple_block_tag
def alert(content: str, kind: str = "info", heading: str = "", level: int = 2) -> SafeString:
    """Return components/alert.html around `content`."""
    return render_to_string(
        "components/alert.html", {"content": content, "kind": kind, "heading": heading, "level": level}
    )


@register.simple_block_tag
def card(
    content: str, heading: str = "", level: int = 2, meta: str = "", url: str = "", badge: Any = None
) -> SafeString:
    """Return components/card.html around `content`; `badge` is a pair of kind and text."""
    values = {
        "heading": heading,
        "level": level,
        "meta": meta,
        "url": url,
        "badge": badge,
        "content": content,
    }
    return render_to_string("components/card.html", values)


@register.simple_block_tag
def table(
    content: str, caption: str, visible: bool = False, compact: bool = False, cards: bool = False
) -> SafeString:
    """Return components/table.html around `content`: `<thead>` and `<tbody>`."""
    values = {"content": content, "caption": caption, "visible": visible, "compact": compact, "cards": cards}
    return render_to_string("components/table.html", values)


@register.simple_block_tag
def details(content: str, summary: str, open: bool = False) -> SafeString:  # noqa: A002 - HTML's own word
    """Return components/details.html around `content`."""
    return render_to_string("components/details.html", {"content": content, "summary": summary, "open": open})


@register.simple_tag
def breadcrumbs(*parts: Any) -> SafeString:
    """Return components/breadcrumbs.html for label, address, label, address …, label of this page."""
    labels, addresses = parts[0::2], parts[1::2]
    items = [
        {"label": label, "url": addresses[place] if place < len(addresses) else ""}
        for place, label in enumerate(labels)
    ]
    return render_to_string("components/breadcrumbs.html", {"items": items})


@register.simple_tag(takes_context=True)
def post_button(
    context: template.Context,
    url: str,
    text: str,
    kind: str = "secondary",
    icon: str = "",
    hint: str = "",
    **hidden: Any,
) -> SafeString:
    """Return components/post_button.html; every further argument is a hidden field of the form."""
    values = {"url": url, "text": text, "kind": kind, "icon": icon, "hint": hint, "hidden": hidden}
    return render_to_string(
        "components/post_button.html", {**values, "csrf_token": context.get("csrf_token", "")}
    )


@register.filter
def page_numbers(page: Page) -> list[int | None]:
    """Return the numbers that lead on from `page`: first, neighbours and last, None for a gap."""
    gap = page.paginator.ELLIPSIS
    return [
        None if number == gap else int(number)
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]


@register.filter
def phone(number: str) -> str:
    """Return a stored number as it is read aloud, 20 12 34 56; what is no number is left as it is."""
    try:
        return format_phone(number)
    except NumberParseException:
        return number


@cache
def _shape(name: str) -> SafeString:
    """Return the inside of DKFDS's SVG file, read once.

    A machine without the front-end packages shows pages without icons; a name that DKFDS lacks is our fault.
    """
    folder = _icon_folder()
    if folder is None:
        return SafeString("")
    file = folder / f"{name}.svg"
    if not file.is_file():
        raise LookupError(f"DKFDS has no icon named {name!r}")
    inside = file.read_text(encoding="utf-8").partition(">")[2].rpartition("</svg>")[0]
    return mark_safe(inside)  # noqa: S308 - the packaged file, never anything typed


@cache
def _icon_folder() -> Path | None:
    found = finders.find("dkfds/img/svg-icons")
    if found:
        return Path(found)
    collected = Path(settings.STATIC_ROOT or "") / "dkfds" / "img" / "svg-icons"
    return collected if collected.is_dir() else None
