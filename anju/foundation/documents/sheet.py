"""Excel written row by row in constant memory; no cell can begin a formula."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import xlsxwriter

from anju.kit import Money


@dataclass(frozen=True)
class Column:
    """A column: the row's key, its heading, how it is written, its width in characters."""

    key: str
    heading: str
    kind: Literal["text", "money", "day", "time", "number"] = "text"
    width: int = 14


FORMATS = {"money": "#,##0.00", "day": "yyyy-mm-dd", "time": "yyyy-mm-dd hh:mm", "number": "0"}


def write_sheet(
    target: Path, columns: Iterable[Column], rows: Iterable[Mapping[str, Any]], *, name: str, title: str = ""
) -> int:
    """Write a workbook with one sheet.

    Args:
        target: the file to make.
        columns: what to write; a row may lack a key (a field the viewer may not see).
        rows: any iterable; consumed once, in constant memory.
        name: the sheet's name.
        title: a line above the headings.

    Returns how many rows were written.
    """
    columns = list(columns)
    # strings_to_formulas would let a tenant's name run as a formula in finance's spreadsheet.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    count = 0
    with xlsxwriter.Workbook(str(target), options) as book:
        sheet = book.add_worksheet(name[:31])
        bold = book.add_format({"bold": True, "bg_color": "#EAF3EF"})
        formats = {kind: book.add_format({"num_format": f}) for kind, f in FORMATS.items()}
        top = 1 if title else 0
        if title:
            sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
        for n, column in enumerate(columns):
            sheet.set_column(n, n, column.width)
            sheet.write_string(top, n, column.heading, bold)
        sheet.freeze_panes(top + 1, 0)
        for count, row in enumerate(rows, 1):
            for n, column in enumerate(columns):
                _write(sheet, top + count, n, row.get(column.key), formats.get(column.kind), column.kind)
    return count


def _write(sheet: Any, row: int, column: int, value: Any, how: Any, kind: str) -> None:
    if value is None or value == "":
        return
    if isinstance(value, Money):
        value = value.yuan
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, value.replace(tzinfo=None), how)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), how)  # noqa: DTZ001 a cell has no zone
    elif isinstance(value, int | float | Decimal) and kind != "text":
        sheet.write_number(row, column, float(value), how)
    else:
        sheet.write_string(row, column, str(value))
