"""Tables as people keep them: read from CSV and XLSX, written so that they come back the same."""

from core.tables.faults import TableFault, UnreadableTable
from core.tables.reading import MAX_BYTES, MAX_ROWS, Ragged, Row, Table, read_table
from core.tables.writing import write_csv, write_xlsx

__all__ = [
    "MAX_BYTES",
    "MAX_ROWS",
    "Ragged",
    "Row",
    "Table",
    "TableFault",
    "UnreadableTable",
    "read_table",
    "write_csv",
    "write_xlsx",
]
