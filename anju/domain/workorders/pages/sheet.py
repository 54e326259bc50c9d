"""Handing out a spreadsheet."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.http import FileResponse

from anju.foundation.db import clock
from anju.foundation.documents import Column, write_sheet

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sheet(name: str, columns: Iterable[Column], rows: Iterable[Mapping[str, Any]]) -> FileResponse:
    """A workbook with one sheet as a download; the file is gone once it is sent.

    Args:
        name: of the sheet, and what the file's name begins with.
        columns: what is written.
        rows: consumed once, in constant memory.
    """
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "orders.xlsx"
        write_sheet(target, columns, rows, name=name)
        named = f"{name}-{clock.now():%Y%m%d-%H%M}.xlsx"
        return FileResponse(target.open("rb"), as_attachment=True, filename=named, content_type=EXCEL)
