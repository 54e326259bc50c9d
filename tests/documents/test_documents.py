"""Paper and spreadsheets open elsewhere and say what we said."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from anju.domain.billing import actions
from anju.domain.billing.documents import statement_pdf, statement_sheet
from anju.domain.billing.queries import statement
from anju.foundation.db.clock import SHANGHAI
from anju.foundation.documents import Column, write_sheet
from anju.foundation.sweeps.run import run_sweep
from anju.kit import Actor, Money
from tests.builders import house, let, terms


def test_a_name_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    target = tmp_path / "out.xlsx"
    columns = [Column("name", "姓名"), Column("owed", "欠款", "money")]
    assert (
        write_sheet(target, columns, [{"name": "=1+1", "owed": Decimal("2.50")}, {"owed": Money(3)}], name="欠款") == 2
    )
    sheet = openpyxl.load_workbook(target).active
    assert sheet is not None
    assert (sheet["A2"].value, sheet["A2"].data_type, sheet["B2"].value) == ("=1+1", "s", 2.5)
    assert (sheet["A3"].value, sheet["B3"].value) == (None, 3)


@pytest.mark.req("R-14")
def test_a_tenants_statement_as_pdf_and_excel(company: int, tmp_path: Path) -> None:
    by = Actor.system()
    lease = let(house(), "3-1-1208", terms())
    run_sweep(by, company, "billing", date(2026, 1, 7))
    actions.record_payment(
        by,
        lease_id=lease.id,
        amount=Money("2000"),
        method="bank",
        received_at=datetime(2026, 1, 18, 9, tzinfo=SHANGHAI),
        source="bank:1",
    )
    whole = statement(lease.id, date(2026, 1, 1), date(2026, 1, 31))
    head = {"company": "禾里公寓", "lease": lease.number, "who": "何雨桐", "room": "3-1-1208"}
    days = {"first": date(2026, 1, 1), "until": date(2026, 1, 31)}
    pdf = statement_pdf(whole, **head, **days)  # type: ignore[arg-type]  # two dicts of one call
    assert pdf.startswith(b"%PDF-")
    assert pdf == statement_pdf(whole, **head, **days), "the same input, the same bytes"  # type: ignore[arg-type]
    target = tmp_path / "statement.xlsx"
    assert statement_sheet(target, whole, title="租客对账单") == 2
    sheet = openpyxl.load_workbook(target).active
    assert sheet is not None
    assert [c.value for c in sheet[4]][3:] == [whole.lines[1]["reference"], 0, 2000, 280]
