"""Reading pages as a person does, without JavaScript."""

import html
import re
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client


class _Form(HTMLParser):
    """The names and values that a browser would send with a page's last form of method post."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._textarea: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            self.fields = {}
        elif tag == "textarea":
            self._textarea = name
            self.fields[name] = [""]
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.fields[self._select] = [given.get("value", "")]
        elif tag == "input" and name:
            ticks = given.get("type") in ("checkbox", "radio")
            if ticks and "checked" not in given:
                return
            self.fields.setdefault(name, []).append(given.get("value", "on" if ticks else ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._textarea:
            # A browser leaves out the line break that follows the opening tag.
            self.fields[self._textarea] = [self.fields[self._textarea][0] + data.removeprefix("\n")]


def form_fields(response: HttpResponse) -> dict[str, Any]:
    """Return what a browser would send with the page's form, a list only where a name comes several times."""
    reader = _Form()
    reader.feed(response.content.decode())
    reader.fields.pop("csrfmiddlewaretoken", None)
    return {name: values[0] if len(values) == 1 else values for name, values in reader.fields.items()}


def as_read(client: Client, path: str) -> dict[str, str]:
    """Return what the page of a public form carries of itself: the version that its reader has read."""
    return {"form_version": form_fields(client.get(path))["form_version"]}


def main_text(response: HttpResponse) -> str:
    """Return the running text of the page between <main> and </main>, a full stop after each block."""
    page = response.content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    main = re.sub(r"<(svg|script|style)\b.*?</\1>", " ", main, flags=re.DOTALL)
    main = re.sub(r"</(p|li|h\d|dt|dd|legend|label|a|button|summary|div)>", ". ", main)
    main = main.replace('<span class="choice', '. <span class="choice')
    text = html.unescape(re.sub(r"<[^>]+>", " ", main))
    return " ".join(text.split())


def lix(text: str) -> float:
    """Return Björnsson's LIX: words per sentence plus the percentage of words longer than six letters."""
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text)
    sentences = [part for part in re.split(r"[.!?:]+", text) if re.search(r"[^\W\d_]", part)]
    long_words = [word for word in words if len(word) > 6]
    return len(words) / len(sentences) + 100 * len(long_words) / len(words)
