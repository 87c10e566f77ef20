"""Tables that people upload: every usual spelling is read, and what is no table is told apart."""

import contextlib
import csv
import datetime as dt
import io
import zipfile

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from core.tables import MAX_ROWS, Ragged, Row, TableFault, UnreadableTable, read_table, write_csv, write_xlsx

LINES = 'navn;by\nÅse Ærø;Nørre Åby\n"Bo; den ældre";"Ribe\r\nved åen"\n'
ROWS = (Row(2, ("Åse Ærø", "Nørre Åby")), Row(3, ("Bo; den ældre", "Ribe\r\nved åen")))


def fault_of(content: bytes) -> tuple[TableFault, int]:
    with pytest.raises(UnreadableTable) as raised:
        read_table(content)
    return raised.value.fault, raised.value.line


def workbook(rows, **more) -> bytes:
    """Return an XLSX with `rows` of whatever values in its first sheet."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, **more}) as book:
        page = book.add_worksheet("Liste")
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                if hasattr(value, "year"):
                    page.write_datetime(number, place, value, day)
                else:
                    page.write(number, place, value)
    return content.getvalue()


# --- Encodings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "mark", "name"),
    [
        ("utf-8", b"", "UTF-8"),
        ("utf-8", b"\xef\xbb\xbf", "UTF-8"),
        ("utf-16-le", b"\xff\xfe", "UTF-16"),
        ("utf-16-be", b"\xfe\xff", "UTF-16"),
        ("cp1252", b"", "Windows-1252"),
    ],
)
def test_letters_are_read_in_every_usual_encoding(encoding: str, mark: bytes, name: str) -> None:
    table = read_table(mark + LINES.encode(encoding))

    assert table.rows == ROWS
    assert table.header == ("navn", "by")
    assert table.encoding == name


def test_letters_of_no_known_encoding_are_told() -> None:
    assert fault_of(b"navn;by\n\xc5se\x81;Ribe\n") == (TableFault.UNKNOWN_ENCODING, 0)


def test_utf_16_without_its_mark_is_no_table() -> None:
    assert fault_of(LINES.encode("utf-16-le"))[0] == TableFault.NOT_A_TABLE


# --- Separators, quotes, lines ---------------------------------------------------------------------


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separator_and_line_ends_are_found_by_themselves(separator: str, end: str) -> None:
    text = end.join(separator.join(row) for row in (("navn", "by"), ("Bo", "Ribe"), ("Åse", "Ærø")))

    table = read_table(text.encode())

    assert table.separator == separator
    assert table.rows == (Row(2, ("Bo", "Ribe")), Row(3, ("Åse", "Ærø")))


def test_separator_is_the_one_that_fits_most_rows() -> None:
    table = read_table("navn;note, kort\nBo;a, b, c\nÅse;d\n".encode())

    assert table.separator == ";"
    assert table.rows[0].cells == ("Bo", "a, b, c")


def test_separator_that_excel_names_in_the_first_line_is_used_and_lines_keep_their_numbers() -> None:
    table = read_table(b"sep=|\r\nnavn|by\r\nBo|Ribe\r\n")

    assert (table.separator, table.header, table.rows) == ("|", ("navn", "by"), (Row(3, ("Bo", "Ribe")),))


def test_another_separator_is_one_column() -> None:
    assert read_table(b"navn|by\nBo|Ribe\n").header == ("navn|by",)


def test_lines_are_counted_as_an_editor_does() -> None:
    table = read_table(b'navn;by\n\n"Bo\nden\nyngre";Ribe\nIb;Varde\n;\nUlla;Esbjerg\n')

    assert [row.line for row in table.rows] == [3, 6, 8]


def test_ragged_rows_are_told_by_their_lines() -> None:
    table = read_table(b"navn;by;nr\nBo;Ribe;1\nIb;Varde\nUlla;Esbjerg;2;3\nEva;Ribe;4;;\n")

    assert table.ragged == (Ragged(3, 2, 3), Ragged(4, 4, 3))
    assert [row.cells[0] for row in table.rows] == ["Bo", "Eva"]


def test_quote_that_is_never_closed_is_told_by_the_line_it_begins_on() -> None:
    assert fault_of(b'navn;by\nBo;Ribe\n"Ib;Varde\nUlla;Esbjerg\n') == (TableFault.OPEN_QUOTE, 3)


def test_quote_in_the_wrong_place_is_told_by_its_line() -> None:
    assert fault_of(b'navn;by\nBo;Ribe\n"Ib"x;Varde\n') == (TableFault.STRAY_QUOTE, 3)


# --- What is no table ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", TableFault.EMPTY),
        (b" \r\n\t\n", TableFault.EMPTY),
        (b";;\n;;\n", TableFault.EMPTY),
        (b"navn;by\n", TableFault.NO_ROWS),
        (b"x" * 2_000_001, TableFault.TOO_LARGE),
        (b"%PDF-1.7\nnavn;by\n", TableFault.NOT_A_TABLE),
        (b"navn;by\n\x00\x01\x02", TableFault.NOT_A_TABLE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", TableFault.OLD_OR_LOCKED_EXCEL),
        (b"PK\x03\x04 but no zip", TableFault.BROKEN_XLSX),
        (b"navn;by\nBo;" + b"x" * 10_001, TableFault.CELL_TOO_LONG),
    ],
)
def test_what_is_no_table_is_told(content: bytes, fault: TableFault) -> None:
    assert fault_of(content)[0] == fault


def test_as_many_rows_as_promised_are_read_and_no_more() -> None:
    most = b"navn;by\n" + b"Bo;Ribe\n" * MAX_ROWS

    assert len(read_table(most).rows) == MAX_ROWS
    assert fault_of(most + b"Ib;Varde\n")[0] == TableFault.TOO_MANY_ROWS


# --- XLSX ------------------------------------------------------------------------------------------


def test_cells_of_a_spreadsheet_are_read_as_danes_type_them() -> None:
    content = workbook(
        [
            ["navn", "tlf", "dag", "tal", "ja"],
            ["Bo", 20123456.0, dt.datetime(2026, 11, 5), 2.5, True],
            ["Ib", 2.0123456e7, dt.datetime(2026, 11, 5, 14, 30), -3, False],
        ]
    )

    assert [row.cells for row in read_table(content).rows] == [
        ("Bo", "20123456", "05.11.2026", "2,5", "Ja"),
        ("Ib", "20123456", "05.11.2026 14.30", "-3", "Nej"),
    ]


def test_formulas_are_not_run() -> None:
    content = workbook([["navn", "by"], ["=1+1", '=HYPERLINK("http://x.example","klik")']])

    (row,) = read_table(content).rows

    assert row.cells == ("0", "0")  # what the writer left there as last shown


def test_sheet_that_is_hidden_is_not_read() -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.add_worksheet("Gammel").write_row(0, 0, ["hemmeligt", "x"])
        shown = book.add_worksheet("Ny")
        shown.write_row(0, 0, ["navn", "by"])
        shown.write_row(1, 0, ["Bo", "Ribe"])
        book.worksheets()[0].hide()
        shown.activate()

    table = read_table(content.getvalue())

    assert (table.sheet, table.header) == ("Ny", ("navn", "by"))


def repacked(content: bytes, **changed: bytes) -> bytes:
    """Return the workbook with parts exchanged; `sheet` and `strings` name the parts."""
    names = {"sheet": "xl/worksheets/sheet1.xml", "strings": "xl/sharedStrings.xml"}
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        parts = {part.filename: old.read(part) for part in old.infolist()}
        for short, part in changed.items():
            assert names[short] in parts
            parts[names[short]] = part
        for name, part in parts.items():
            new.writestr(name, part)
    return target.getvalue()


BOOK = workbook([["navn", "by"], ["Bo", "Ribe"]])
SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
STRINGS = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s</sst>'


@pytest.mark.parametrize(
    "changed",
    [
        {"sheet": SHEET % (b"<row><c><v>1</v></c></row>" + b" " * 41_000_000)},
        {"sheet": SHEET % b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'},
        {"sheet": SHEET % (b'<row r="1048576">' + b"<c><v>1</v></c>" * 20 + b"</row>")},
        {
            "strings": STRINGS % (b"<si><t>" + b"x" * 100_000 + b"</t></si>"),
            "sheet": SHEET % (b"<row>" + b'<c t="s"><v>0</v></c>' * 500 + b"</row>"),
        },
    ],
    ids=["forty megabytes of blanks", "a far corner", "a far row without places", "one long text 500 times"],
)
def test_workbook_that_would_fill_memory_is_refused(changed: dict[str, bytes]) -> None:
    bomb = repacked(BOOK, **changed)
    assert len(bomb) < 2_000_000

    assert fault_of(bomb)[0] == TableFault.TOO_WIDE


def test_workbook_with_its_parts_cut_off_is_broken() -> None:
    for end in range(100, len(BOOK), 97):
        with pytest.raises(UnreadableTable):
            read_table(BOOK[:end])


def test_zip_that_is_no_workbook_is_broken() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("brev.txt", "Kære Kirsten")

    assert fault_of(content.getvalue())[0] == TableFault.BROKEN_XLSX


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_a_table_or_told_apart(content: bytes) -> None:
    for spoilt in (content, b"PK\x03\x04" + content, BOOK[:600] + content + BOOK[600 + len(content) :]):
        with contextlib.suppress(UnreadableTable):  # anything else would be a fault of ours
            assert read_table(spoilt).header


# --- What is written comes back --------------------------------------------------------------------

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co"), exclude_characters="\ufeff"),
    max_size=20,
).map(str.strip)
HEADERS = st.lists(st.text("abcæøå ", min_size=1, max_size=8).filter(str.strip), min_size=2, max_size=5)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    header = draw(HEADERS)
    row = st.lists(TEXTS, min_size=len(header), max_size=len(header)).filter(any)
    return header, draw(st.lists(row, min_size=1, max_size=6))


@given(tables(), st.sampled_from([";", ",", "\t"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
@settings(max_examples=150, deadline=None)
def test_csv_that_anybody_writes_comes_back(written, separator: str, encoding: str) -> None:
    header, rows = written
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows([header, *rows])

    table = read_table(text.getvalue().encode(encoding))

    assert list(table.header) == header
    assert [list(row.cells) for row in table.rows] == rows


@given(tables())
@settings(max_examples=75, deadline=None)
def test_xlsx_that_we_write_comes_back(written) -> None:
    header, rows = written

    table = read_table(write_xlsx(header, rows, sheet="Liste"))

    assert list(table.header) == header
    assert [list(row.cells) for row in table.rows] == rows


@pytest.mark.parametrize("formula", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd", "\t=1"])
def test_csv_that_we_write_holds_no_formula_and_spares_telephone_numbers(formula: str) -> None:
    content = write_csv(["navn", "tlf"], [[formula, "+45 20 12 34 56"], ["Åse", "-5"]])

    assert f'"\'{formula}"' in content.decode("utf-8-sig")
    formula_row, phone_row = read_table(content).rows
    assert formula_row.cells[1] == "+45 20 12 34 56"
    assert phone_row.cells == ("Åse", "-5")


def test_xlsx_that_we_write_holds_no_formula() -> None:
    content = write_xlsx(["navn", "tlf"], [["=1+1", "0045 20123456"]], sheet="Liste")

    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    assert read_table(content).rows[0].cells == ("=1+1", "0045 20123456")
