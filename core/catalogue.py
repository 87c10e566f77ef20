"""The English catalogue: which texts the public reads, and what is wrong with their English.

A developer's tool on Babel: the machine needs no gettext, and production reads the compiled file alone.
`manage.py refresh_catalogue` calls it, and a test fails while `faults()` finds anything.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

LANGUAGE = "en"
FOLDER = Path("locale") / LANGUAGE / "LC_MESSAGES"

# Pages for everybody stand in one of these; each brings the templates that it includes.
PUBLIC_LAYOUTS = ("layouts/public.html", "layouts/plain.html")
# Drawn by tags and by crispy, which no template includes by name; and the messages that leave the house.
ALSO_PUBLIC = ("components/*.html", "dkfds/**/*.html", "*/messages/**/*.txt", "*/messages/**/*.html")
# Signing in is for staff, and so is Danish.
STAFF_TEMPLATES = ("account", "accounts", "styleguide")
# Python that holds words of public pages and messages. What staff read in them is translated too.
PUBLIC_MODULES = (
    "config/settings/base.py",
    "core/forms.py",
    "core/spam.py",
    "core/views.py",
    "core/templatetags/*.py",
    "evaluation/forms.py",
    "evaluation/views/public.py",
    "outreach/interest_texts.py",
    "outreach/models/links.py",
    "outreach/models/partners.py",
    "outreach/models/ways.py",
    "recruitment/forms/own_page.py",
    "recruitment/queries/own_page.py",
    "recruitment/views/participant_page.py",
    "referrals/agreement_texts.py",
    "referrals/enums.py",
    "referrals/forms/**/*.py",
    "referrals/news.py",
    "referrals/views/elsewhere.py",
    "referrals/views/public.py",
    "referrals/views/referrer.py",
)
STAFF_MODULES = (
    "referrals/forms/filters.py",
    "referrals/forms/registration.py",
    "referrals/forms/kinds/desk.py",
    "referrals/forms/editor.py",
    "referrals/forms/imports.py",
    "referrals/forms/meetings.py",
    "referrals/forms/nudges.py",
    "referrals/forms/interest_lists.py",
)

KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_EXTENDS = re.compile(r"""{%\s*extends\s+["']([^"']+)["']""")
_INCLUDES = re.compile(r"""{%\s*include\s+["']([^"']+)["']""")
# What must stand in both languages alike: values that are put in, and markup.
_PLACEHOLDERS = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}|</?\w+[^>]*>")


# --- What the public reads -----------------------------------------------------------------------


def public_templates() -> list[Path]:
    """Return every template that a public page or a message is made of."""
    folder = settings.BASE_DIR / "templates"
    sources = {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.*"))
        if path.suffix in (".html", ".txt")
    }
    names = {
        name
        for name in sources
        if _layouts_of(name, sources) & set(PUBLIC_LAYOUTS) and name.split("/")[0] not in STAFF_TEMPLATES
    }
    for pattern in ALSO_PUBLIC:
        found = {str(path.relative_to(folder)) for path in folder.glob(pattern)}
        names |= {name for name in found if name.split("/")[0] not in STAFF_TEMPLATES}
    return [folder / name for name in sorted(_with_parts(names, sources))]


def _layouts_of(name: str, sources: dict[str, str]) -> set[str]:
    above = _EXTENDS.search(sources.get(name, ""))
    return {above[1]} | _layouts_of(above[1], sources) if above else set()


def _with_parts(names: set[str], sources: dict[str, str]) -> set[str]:
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found and name in sources:
            found.add(name)
            waiting += _INCLUDES.findall(sources[name]) + _EXTENDS.findall(sources[name])
    return found


def public_modules() -> list[Path]:
    """Return every Python file that holds words of public pages and messages."""
    found = {path for pattern in PUBLIC_MODULES for path in settings.BASE_DIR.glob(pattern)}
    return sorted(found - {settings.BASE_DIR / name for name in STAFF_MODULES})


def public_texts() -> Catalog:
    """Return every marked text of the public templates and modules, with where it stands."""
    texts = Catalog()
    for path in public_templates():
        source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        # What is no text has become letters at any indentation, which is no Python.
        _collect(texts, path, "\n".join(line.lstrip() for line in source.splitlines()))
    for path in public_modules():
        _collect(texts, path, path.read_text(encoding="utf-8"))
    return texts


def _collect(texts: Catalog, path: Path, source: str) -> None:
    place = str(path.relative_to(settings.BASE_DIR))
    found = extract("python", io.BytesIO(source.encode()), KEYWORDS, options={"encoding": "utf-8"})
    for _line, message, _comments, context in found:
        texts.add(message, locations=[(place, 0)], context=context)


# --- The catalogue -------------------------------------------------------------------------------


def read_catalogue() -> Catalog:
    """Return the catalogue as it is kept."""
    file = settings.BASE_DIR / FOLDER / "django.po"
    with file.open("rb") as kept:
        return read_po(kept, locale=LANGUAGE, abort_invalid=True)


def refresh() -> Catalog:
    """Bring the catalogue up to date, compile it, and return it; a new text comes without English."""
    catalogue = read_catalogue()
    catalogue.update(public_texts(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    folder = settings.BASE_DIR / FOLDER
    with (folder / "django.po").open("wb") as kept:
        write_po(kept, catalogue, width=110, include_lineno=False, sort_by_file=True)
    (folder / "django.mo").write_bytes(compiled(catalogue))
    return catalogue


def compiled(catalogue: Catalog) -> bytes:
    """Return the catalogue as Django reads it."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def faults(catalogue: Catalog | None = None, texts: Catalog | None = None) -> list[str]:
    """Return in a line each what is wrong with the English; nothing when the public can read all of it."""
    catalogue, texts = catalogue or read_catalogue(), texts or public_texts()
    wanted, kept = _by_key(texts), _by_key(catalogue)
    found = [f"{where(message)}: not in the catalogue: {message.id}" for message in _without(wanted, kept)]
    found += [f"no longer in the code: {message.id}" for message in _without(kept, wanted)]
    for message in kept.values():
        found += [f"{where(message)}: {fault}: {message.id}" for fault in faults_of(message)]
    return found


def where(message: Message) -> str:
    """Return the first file that a text stands in."""
    return message.locations[0][0] if message.locations else "django.po"


def faults_of(message: Message) -> Iterator[str]:
    """Give what is wrong with one text: no English, only guessed, or other values or markup put in."""
    ids, strings = _forms(message.id), _forms(message.string or "")
    if not all(strings):
        yield "no English"
        return
    if message.fuzzy:
        yield "only guessed (fuzzy)"
    for text in strings:
        if not any(sorted(_PLACEHOLDERS.findall(text)) == sorted(_PLACEHOLDERS.findall(own)) for own in ids):
            yield f"other placeholders or markup than in “{text}”"
    if len(strings) != len(ids):
        yield "not as many plural forms"


def _forms(text: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _by_key(catalogue: Catalog) -> dict[tuple[str, str | None], Message]:
    return {(_forms(message.id)[0], message.context): message for message in catalogue if message.id}


def _without(
    some: dict[tuple[str, str | None], Message], others: dict[tuple[str, str | None], Message]
) -> list[Message]:
    return [message for key, message in some.items() if key not in others]
