"""Writing tables that open in a Danish Excel as they were meant, and run nothing there."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

import xlsxwriter

# What a spreadsheet would take for a formula; +45 20 12 34 56 and -5 are none.
_FORMULA = re.compile(r"[=@\t\r]|[+-](?![0-9 ().-]*$)")


def write_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return UTF-8 with its mark, `;` between cells, every cell quoted, and no cell that is a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def write_xlsx(
    header: Sequence[str], rows: Iterable[Sequence[str]], *, sheet: str, guidance: Sequence[str] = ()
) -> bytes:
    """Return a workbook whose cells are all text: nothing is a formula, and no number loses its zero.

    `guidance` stands on a second sheet, a line each.
    """
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as workbook:
        as_text = workbook.add_format({"num_format": "@"})
        page = workbook.add_worksheet(sheet)
        page.set_column(0, max(len(header) - 1, 0), 18, as_text)
        page.write_row(0, 0, header, workbook.add_format({"bold": True, "num_format": "@"}))
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                page.write_string(number, place, cell, as_text)
        page.freeze_panes(1, 0)
        if guidance:
            told = workbook.add_worksheet("Vejledning")
            told.set_column(0, 0, 90)
            told.write_column(0, 0, guidance)
    return content.getvalue()


def _inert(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell
