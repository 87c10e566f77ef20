"""Reading a page as a person does: its running text, and how hard that is to read."""

import re
from html.parser import HTMLParser

# Ends a sentence for whoever reads: a heading, a paragraph, an item of a list, a label, a button.
_BLOCKS = frozenset(
    {"p", "li", "h1", "h2", "h3", "h4", "h5", "dt", "dd", "legend", "label", "a", "button"}
) | {*("summary", "div", "option", "td", "th", "figcaption", "section")}
_VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
_NO_TEXT = frozenset({"svg", "script", "style", "textarea"})
# Legal text and instruments are written by others, word for word. Nothing else may carry these.
NOT_OURS = ("data-legal", "data-instrument")


class _Reader(HTMLParser):
    def __init__(self, *, of: str, without: tuple[str, ...]) -> None:
        super().__init__()
        self.of, self.without = of, without
        self.stack: list[tuple[str, bool]] = []
        self.parts: list[str] = []

    @property
    def reading(self) -> bool:
        inside = any(tag == self.of for tag, _skipped in self.stack)
        return inside and not any(skipped for _tag, skipped in self.stack)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            names = {name for name, _value in attrs}
            skipped = tag in _NO_TEXT or bool(names & set(self.without)) or ("aria-hidden", "true") in attrs
            self.stack.append((tag, skipped))

    def handle_endtag(self, tag: str) -> None:
        if self.reading and tag in _BLOCKS:
            self.parts.append(". ")
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.reading:
            self.parts.append(data)


def running_text(page: str, *, of: str = "main", without: tuple[str, ...] = NOT_OURS) -> str:
    """Return the words inside the element `of`, a full stop after each block, parts not ours left out."""
    reader = _Reader(of=of, without=without)
    reader.feed(page)
    return " ".join("".join(reader.parts).split())


def words_of(text: str) -> list[str]:
    """Return the words: letters, with hyphens inside."""
    return re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text)


def lix(text: str) -> float:
    """Return LIX = O/M + 100·L/O: words per sentence plus the percentage of words of more than six letters.

    Source: C. H. Björnsson, Läsbarhet, 1968. Under 25 is very easy, 25–34 easy, 35–44 middling.
    """
    words = words_of(text)
    sentences = [part for part in re.split(r"[.!?:]+", text) if words_of(part)]
    long_words = [word for word in words if len(word) > 6]
    return len(words) / len(sentences) + 100 * len(long_words) / len(words)
