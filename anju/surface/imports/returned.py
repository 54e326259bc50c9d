"""Bad rows back as a workbook: the columns of the original, the reasons in front. Nothing in it is ever a formula."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from anju.surface.imports import seals
from anju.surface.imports.models import ImportFile, ImportRow
from anju.surface.imports.reasons import problem_texts
from anju.surface.imports.targets import target_named


def write_errors(file: ImportFile, path: Path) -> int:
    """Write the bad rows of an import with their reasons; returns how many.

    Corrected, the workbook can be uploaded as it is: the columns of row number and reason are not imported.
    """
    target = target_named(file.target)
    book = xlsxwriter.Workbook(
        str(path),
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    sheet = book.add_worksheet(_("有问题的行"))
    head = book.add_format({"bold": True, "bg_color": "#eef5f2", "border": 1, "text_wrap": True})
    why = book.add_format({"font_color": "#b3261e", "text_wrap": True, "valign": "top"})
    titles = [_("原行号"), _("原因"), *(c["title"] for c in file.columns)]
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, head)
    sheet.set_column(1, 1, 50)
    sheet.set_column(2, len(titles), 16)
    sheet.freeze_panes(1, 2)
    count = 0
    for count, row in enumerate(_bad_rows(file), start=1):
        sheet.write_number(count, 0, row.n)
        sheet.write_string(count, 1, "\n".join(problem_texts(target, row.problems)), why)
        for column, cell in enumerate(seals.unseal(row.sealed)["cells"], start=2):
            _write(sheet, count, column, cell)
    book.close()
    return count


def _bad_rows(file: ImportFile) -> Iterator[ImportRow]:
    return ImportRow.objects.filter(file=file, fate=ImportRow.Fate.BAD).order_by("n").iterator(2000)


def _write(sheet: Any, row: int, column: int, cell: Any) -> None:
    if isinstance(cell, bool) or cell is None:
        return
    if isinstance(cell, int | float) and abs(cell) < 1e15:
        sheet.write_number(row, column, cell)
    else:
        sheet.write_string(row, column, str(cell))
