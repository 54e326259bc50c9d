"""The child that opens a workbook: ``child.py sheets|look|rows FILE [SHEET [LIMIT]]``, JSON lines out.

``look`` gives the merged ranges in the first line, then the first rows: a large sheet is parsed once for both.

It runs isolated (no site of ours, no Django), with limits on memory and processor time. A damaged or hostile file can
only end this process. The last line on stderr is a word the parent knows: password, sheet, empty, memory, broken.
"""

from __future__ import annotations

import contextlib
import json
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

MEMORY = 2 * 1024**3  # bytes; 200,000 rows of 30 columns need about a third
SECONDS = 240


def limit() -> None:
    """Cap address space and processor time, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def encode(cell: Any) -> Any:
    """A cell as JSON: dates become ["d", …] and ["t", …]."""
    if isinstance(cell, datetime):
        return ["t", cell.isoformat()] if cell.time() != time.min else ["d", cell.date().isoformat()]
    if isinstance(cell, date):
        return ["d", cell.isoformat()]
    if isinstance(cell, time | timedelta):
        return ["s", str(cell)]
    if cell == "":
        return None
    return cell


def main(argv: list[str]) -> None:
    """Answer one question about one workbook."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum, WorksheetNotFound

    question, path = argv[0], argv[1]
    book = CalamineWorkbook.from_path(path)
    if question == "sheets":
        names = [
            m.name
            for m in book.sheets_metadata
            if m.visible == SheetVisibleEnum.Visible and m.typ == SheetTypeEnum.WorkSheet
        ]
        print(json.dumps(names))  # noqa: T201
        return
    try:
        sheet = book.get_sheet_by_name(argv[2])
    except WorksheetNotFound:
        sys.exit("sheet")
    if question == "look":
        ranges = sheet.merged_cell_ranges or []
        print(json.dumps([[a[0], a[1], b[0], b[1]] for a, b in ranges]))  # noqa: T201
    write_rows(sheet, int(argv[3]) if len(argv) > 3 else 0)


def write_rows(sheet: Any, limit_rows: int) -> None:
    """Every row from the sheet's first, padded to where its data begins; dates typed."""
    start = sheet.start
    if start is None:
        return
    out, left = sys.stdout, [None] * start[1]
    dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
    for n, row in enumerate(sheet.iter_rows()):
        if limit_rows and n >= limit_rows:
            return
        out.write(dump(left + [encode(c) for c in row]) + "\n")


def run() -> None:
    """Limit, answer, and end with a word the parent knows."""
    limit()
    try:
        main(sys.argv[1:])
    except MemoryError:
        sys.exit("memory")
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:
        sys.exit("password" if type(error).__name__ == "PasswordError" or "assword" in str(error) else "broken")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    run()
