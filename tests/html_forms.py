"""Forms as a browser reads them from a page: where they are posted to, and what stands in their fields."""

from collections.abc import Iterator
from html.parser import HTMLParser


class HtmlForm:
    """One form of a page; `data` is what a browser posts when nothing on it is touched."""

    def __init__(self, attributes: dict[str, str]) -> None:
        self.action = attributes.get("action")
        self.method = attributes.get("method", "get")
        self.names: list[str] = []
        self.data: dict[str, list[str]] = {}

    def has_field(self, name: str) -> None:
        if name not in self.names:
            self.names.append(name)

    def says(self, name: str, value: str) -> None:
        self.data.setdefault(name, []).append(value)


class _Reader(HTMLParser):
    """Collects the forms of a page in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[HtmlForm] = []
        self._form: HtmlForm | None = None
        self._select: str | None = None
        self._textarea: tuple[str, list[str]] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            self._form = HtmlForm(given)
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "option" and self._select and "selected" in given:
            self._form.says(self._select, given.get("value", ""))
        elif name and tag in ("input", "select", "textarea"):
            self._form.has_field(name)
            if tag == "input":
                self._input(given)
            elif tag == "select":
                self._select = name
            else:
                self._textarea = (name, [])

    def _input(self, given: dict[str, str]) -> None:
        assert self._form is not None
        ticked = given.get("type") not in ("checkbox", "radio") or "checked" in given
        if ticked and given.get("type") not in ("submit", "button"):
            self._form.says(given["name"], given.get("value", "on" if "checked" in given else ""))

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._textarea[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._textarea and self._form:
            name, parts = self._textarea
            self._form.says(name, "".join(parts).removeprefix("\r\n").removeprefix("\n"))
            self._textarea = None


def forms_on(html: str) -> list[HtmlForm]:
    """Return the forms of a page, in order."""
    return _Reader(html).forms


def form_on(html: str) -> HtmlForm:
    """Return the first form of a page.

    :raises IndexError: when there is none.
    """
    return forms_on(html)[0]


def values_of(data: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Give each name with each of its values."""
    for name, values in data.items():
        for value in values:
            yield name, value
