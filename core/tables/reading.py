"""Reading a table that somebody uploads, whatever it is called: CSV in any usual spelling, or XLSX."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.tables.faults import TableFault, UnreadableTable
from core.tables.xlsx import read_sheet

MAX_BYTES = 2_000_000
MAX_ROWS = 5_000
# Semicolon is what a Danish Excel writes; of two that fit alike, the first is meant.
SEPARATORS = (";", ",", "\t")
LOOKED_AT = 50  # rows are enough to know the separator
LONGEST_CELL = 10_000

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# What is none of ours although it may look like text.
_OTHERS = (b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
_EXCEL_HINT = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_ENCODING_NAMES = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252"}


@dataclass(frozen=True)
class Row:
    """One row under the header, as many cells as the header has; `line` is where it begins, from 1."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Ragged:
    """A row with more or fewer cells than the header: nobody can know which column is which."""

    line: int
    found: int
    expected: int


@dataclass(frozen=True)
class Table:
    """What was read: every row that is not empty; a ragged one stands in `ragged` instead of `rows`.

    `encoding` and `separator` are those of a CSV, `sheet` the name of the sheet of an XLSX.
    """

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    ragged: tuple[Ragged, ...] = ()
    encoding: str = ""
    separator: str = ""
    sheet: str = ""


def read_table(content: bytes) -> Table:
    """Return the table in `content`; the first row that is not empty is its header.

    Cells are text as they were typed; a number, day or truth of a spreadsheet is written as a Dane would.
    Formulas are never run: what they last showed is read.

    :raises UnreadableTable: with the reason, and the line where there is one.
    """
    if len(content) > MAX_BYTES:
        raise UnreadableTable(TableFault.TOO_LARGE)
    if not content.strip():
        raise UnreadableTable(TableFault.EMPTY)
    if content.startswith(_ZIP):
        name, numbered = read_sheet(content)
        return _table(numbered, sheet=name)
    if content.startswith(_OLE):
        raise UnreadableTable(TableFault.OLD_OR_LOCKED_EXCEL)
    if content.startswith(_OTHERS):
        raise UnreadableTable(TableFault.NOT_A_TABLE)
    text, encoding = _decoded(content)
    text, separator = _separated(text)
    return _table(_records(text, separator), encoding=_ENCODING_NAMES[encoding], separator=separator)


def _decoded(content: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding: by its mark, else UTF-8, else what old Windows wrote."""
    marked = next((encoding for mark, encoding in _BOMS if content.startswith(mark)), "")
    for encoding in (marked,) if marked else ("utf-8", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            raise UnreadableTable(TableFault.NOT_A_TABLE)
        return text, encoding
    raise UnreadableTable(TableFault.UNKNOWN_ENCODING)


def _separated(text: str) -> tuple[str, str]:
    """Return the text without Excel's own hint, and the separator: the hinted one, else the likeliest."""
    if hint := _EXCEL_HINT.match(text):
        # The line stays, empty, or every line after it would be called by the wrong number.
        return text[hint.end(1) :], hint[1]
    scores = {separator: _fit(text, separator) for separator in SEPARATORS}
    return text, max(SEPARATORS, key=lambda separator: scores[separator])


def _fit(text: str, separator: str) -> tuple[int, int]:
    """Return how many of the first rows are as wide as the first, and how wide; (0, 0) for one column."""
    widths: list[int] = []
    try:
        for _, cells in _records(text, separator):
            if any(cells):
                widths.append(len(cells))
            if len(widths) == LOOKED_AT:
                break
    except UnreadableTable:
        pass  # what was read so far tells enough; the fault is told when the table is read
    if not widths or widths[0] == 1:
        return (0, 0)
    return (widths.count(widths[0]), widths[0])


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Give each record with the line it begins on."""
    records = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    while True:
        try:
            cells = next(records, None)
        except csv.Error as error:
            open_quote = "unexpected end of data" in str(error)
            fault = TableFault.OPEN_QUOTE if open_quote else TableFault.STRAY_QUOTE
            raise UnreadableTable(fault, line=begins) from error
        if cells is None:
            return
        yield begins, cells
        begins = records.line_num + 1


def _table(
    numbered: Iterator[tuple[int, list[str]]], *, encoding: str = "", separator: str = "", sheet: str = ""
) -> Table:
    header: tuple[str, ...] = ()
    rows: list[Row] = []
    ragged: list[Ragged] = []
    for line, cells in numbered:
        if not any(cell.strip() for cell in cells):
            continue
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise UnreadableTable(TableFault.CELL_TOO_LONG, line=line)
        if not header:
            header = tuple(_without_empty_end(cells, 0))
            continue
        if len(rows) + len(ragged) == MAX_ROWS:
            raise UnreadableTable(TableFault.TOO_MANY_ROWS)
        cells = _without_empty_end(cells, len(header))
        if len(cells) == len(header):
            rows.append(Row(line, tuple(cells)))
        else:
            ragged.append(Ragged(line, found=len(cells), expected=len(header)))
    if not rows and not ragged:
        raise UnreadableTable(TableFault.NO_ROWS if header else TableFault.EMPTY)
    return Table(header, tuple(rows), tuple(ragged), encoding, separator, sheet)


def _without_empty_end(cells: list[str], at_least: int) -> list[str]:
    """Return the cells without the empty ones at the end, but no fewer than `at_least` of those there are."""
    end = len(cells)
    while end > at_least and not cells[end - 1].strip():
        end -= 1
    return cells[:end]
