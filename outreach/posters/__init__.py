"""Draws a tracked link's A4 poster and A5 flyer: tagged PDF/UA for print, PNG for the preview.

The page's source (`poster.typ`) is fixed; all texts go to it as data, so nothing typed is ever run.
"""

import datetime as dt
import io
import json
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings

from outreach.enums import PosterLanguage
from outreach.posters.words import LABELS, Words, day_in_words, ready_words

__all__ = [
    "PosterCannotShow",
    "PosterContent",
    "Size",
    "Words",
    "draw_pdf",
    "draw_png",
    "qr_png",
    "qr_svg",
    "ready_words",
]

FOLDER = Path(__file__).resolve().parent
FONTS = settings.NODE_MODULES / "dkfds" / "src" / "fonts" / "IBMPlexSans" / "complete" / "ttf"
PREVIEW_PPI = 80  # 661 pixels across an A4
LONGEST_HOST = 30  # on one line beneath the code
_NOT_SHOWN = re.compile(r"the text `\"(.+?)\"` could not be displayed")


class Size(StrEnum):
    """The papers; the value is typst's name of it."""

    A4 = "a4"
    A5 = "a5"


class PosterCannotShow(Exception):
    """The fonts have no sign for `signs`, so the PDF would show a box and read out nothing."""

    def __init__(self, signs: str) -> None:
        super().__init__(signs)
        self.signs = signs


@dataclass(frozen=True)
class PosterContent:
    """All that stands on a poster; `address` is the whole link, `phone` as it is to be read."""

    language: PosterLanguage
    municipality: str
    name: str
    words: Words
    next_start: dt.date | None
    phone: str
    hours: str
    address: str

    @property
    def printed_address(self) -> str:
        """The address as one types it: without the protocol and the last stroke."""
        return self.address.partition("://")[2].rstrip("/")


def draw_pdf(content: PosterContent, size: Size) -> bytes:
    """Return the poster as PDF/UA-1: tagged, with title, language and a description of the code.

    :raises PosterCannotShow: when a sign is in none of the fonts.
    """
    try:
        return _compile(content, size, format="pdf", pdf_standards=["ua-1"])
    except typst.TypstError as error:
        found = _NOT_SHOWN.search(error.message)
        if found is None:
            raise
        raise PosterCannotShow(found[1]) from error


@lru_cache(maxsize=64)
def draw_png(content: PosterContent, size: Size) -> bytes:
    """Return the poster as a picture to look at; the latest are kept, since a page asks for it again."""
    return _compile(content, size, format="png", ppi=PREVIEW_PPI)


def _compile(content: PosterContent, size: Size, **how: Any) -> bytes:
    drawn = typst.compile(
        str(FOLDER / "poster.typ"),
        root=str(FOLDER),
        font_paths=_fonts(),
        ignore_system_fonts=True,  # the same letters on every machine
        sys_inputs={"poster": json.dumps(_data(content, size))},
        **how,
    )
    return bytes(drawn)


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])


def _data(content: PosterContent, size: Size) -> dict[str, object]:
    labels = LABELS[content.language]
    start = content.next_start
    return {
        "size": size.value,
        "lang": content.language.value,
        "title": labels.title.format(headline=content.words.headline, name=content.name),
        "author": content.municipality,
        "municipality": content.municipality,
        "name": content.name,
        "headline": content.words.headline,
        "lines": list(content.words.lines),
        "next-start": day_in_words(start, content.language) if start else "",
        "next-start-label": labels.next_start,
        "phone": content.phone,
        "phone-label": labels.phone,
        "hours": content.hours,
        "scan-label": labels.scan,
        "address": _parts(content.printed_address),
        "qr": qr_svg(content.address).decode(),
        "qr-alt": labels.qr_alt.format(address=content.printed_address),
    }


def _parts(address: str) -> list[str]:
    """Return the address in the parts that a line may end after: never in a word, or at a hyphen."""
    host, stroke, path = address.partition("/")
    if len(host) > LONGEST_HOST:
        *first, last = host.split(".")
        return [*(f"{label}." for label in first), last, stroke + path]
    return [host, stroke + path]


def _code(address: str) -> segno.QRCode:
    """Return the code at a level that still reads with a quarter of it torn or scribbled on."""
    return segno.make(address, error="q", micro=False)


def qr_svg(address: str) -> bytes:
    """Return the address as an SVG picture with the quiet zone that scanners need."""
    drawn = io.BytesIO()
    _code(address).save(drawn, kind="svg", border=4, dark="#000", light="#fff", xmldecl=False)
    return drawn.getvalue()


def qr_png(address: str) -> bytes:
    """Return the address as a PNG picture, large enough for print at 5 cm."""
    drawn = io.BytesIO()
    _code(address).save(drawn, kind="png", border=4, scale=20)
    return drawn.getvalue()
