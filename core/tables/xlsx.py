"""The first sheet of a workbook as rows of text, with bounds that a hostile file cannot pass."""

import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum, ZipError

from core.dates import format_danish_date, format_danish_time
from core.tables.faults import TableFault, UnreadableTable

# A list of 5 000 rows unpacks to some ten megabytes; what unpacks to more is none, or made to fill memory.
MAX_UNPACKED = 40_000_000
MAX_PARTS = 200
# The reader makes room for every cell up to the last one that is filled: one at the far corner fills memory.
MAX_CELLS = 1_000_000
_ROW = re.compile(rb"<(?:\w+:)?row\b")
_ROW_NUMBER = re.compile(rb"[^>]*?\br=[\"']([0-9]{1,7})[\"']")
_CELL = re.compile(rb"<(?:\w+:)?c[\s>/]")
_UNPLACED_CELL = re.compile(rb"<(?:\w+:)?c(?:\s+(?!r=)[\w:]+=[\"'][^\"']*[\"'])*\s*>")
_FILLED_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"'][^>]*?(?<!/)>")
_SHARED_TEXT = re.compile(rb"<(?:\w+:)?si\b.*?</(?:\w+:)?si>", re.DOTALL)
_SHARED_CELL = re.compile(rb"\bt=[\"']s[\"'][^>]*>\s*<(?:\w+:)?v[^>]*>\s*([0-9]{1,9})")
_MIDNIGHT = dt.time(0)


def read_sheet(content: bytes) -> tuple[str, Iterator[tuple[int, list[str]]]]:
    """Return the name of the first sheet that is shown, and its rows with their numbers.

    :raises UnreadableTable: when it is no workbook, or one that unpacks to too much.
    """
    workbook = _opened(_repacked(content))
    shown = [sheet for sheet in workbook.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
    if not shown:
        raise UnreadableTable(TableFault.EMPTY)
    name = shown[0].name
    try:
        sheet = workbook.get_sheet_by_name(name)
        rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, ZipError, ValueError) as error:
        raise UnreadableTable(TableFault.BROKEN_XLSX) from error
    return name, ((number, [_as_typed(cell) for cell in row]) for number, row in enumerate(rows, start=1))


def _opened(content: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (CalamineError, ZipError, ValueError, OSError) as error:
        raise UnreadableTable(TableFault.BROKEN_XLSX) from error


def _repacked(content: bytes) -> bytes:
    """Return the workbook with its parts unpacked within bounds, so that nothing unpacks further.

    What a part says of its own size may be a lie; no more than that is read of it here, and what the
    reader gets is not compressed.
    """
    packed = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(packed, "w") as target:
            parts = source.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise UnreadableTable(TableFault.TOO_WIDE)
            unpacked = {part.filename: source.read(part) for part in parts}
            shared = unpacked.get("xl/sharedStrings.xml", b"")
            for name, part_of_it in unpacked.items():
                if name.startswith("xl/worksheets/"):
                    _refuse_far_corners(part_of_it)
                    _refuse_repeated_texts(shared, part_of_it)
                target.writestr(name, part_of_it)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise UnreadableTable(TableFault.BROKEN_XLSX) from error
    return packed.getvalue()


def _refuse_far_corners(sheet: bytes) -> None:
    """Refuse a sheet with a filled cell so far out that making room for all before it would fill memory."""
    columns = rows = 0
    for number, row in enumerate(_ROW.split(sheet)[1:], start=1):
        for letters, digits in _FILLED_CELL.findall(row):
            columns, rows = max(columns, _column(letters)), max(rows, int(digits))
        if _UNPLACED_CELL.search(row):
            placed = _ROW_NUMBER.match(row)
            columns = max(columns, len(_CELL.findall(row)))
            rows = max(rows, int(placed[1]) if placed else number)
    if columns * rows > MAX_CELLS:
        raise UnreadableTable(TableFault.TOO_WIDE)


def _refuse_repeated_texts(shared: bytes, sheet: bytes) -> None:
    """Refuse a sheet that shows a long text so often that its copies would fill memory."""
    lengths = [len(text) for text in _SHARED_TEXT.findall(shared)]
    shown = (int(place) for place in _SHARED_CELL.findall(sheet))
    if sum(lengths[place] for place in shown if place < len(lengths)) > MAX_UNPACKED:
        raise UnreadableTable(TableFault.TOO_WIDE)


def _column(letters: bytes) -> int:
    """Return the number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _as_typed(cell: Any) -> str:
    """Return a cell's value as a Dane would type it: 20123456 without a point, days as 05.11.2026."""
    if isinstance(cell, bool):
        return "Ja" if cell else "Nej"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell).replace(".", ",")
    if isinstance(cell, dt.datetime):
        day = format_danish_date(cell.date())
        return day if cell.time() == _MIDNIGHT else f"{day} {format_danish_time(cell.time())}"
    if isinstance(cell, dt.date):
        return format_danish_date(cell)
    if isinstance(cell, dt.time):
        return format_danish_time(cell)
    return str(cell).replace("\x00", "")
