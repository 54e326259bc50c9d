"""The tenant's statement as PDF and Excel (R-14)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anju.domain.billing.policies import Billing
from anju.domain.billing.queries.statement import KINDS, Statement
from anju.foundation.db import clock
from anju.foundation.documents import Column, render_pdf, write_sheet
from anju.foundation.policy.store import in_force
from anju.kit import Money

TEMPLATE = Path(__file__).parent / "statement.typ"


def line_words(line: dict[str, Any]) -> str:
    """What a line of a statement is called."""
    if line["kind"] == "payout":
        return _("退还")
    words = str(line["label"] or KINDS.get(line["kind"], line["kind"]))
    if line["kind"] in KINDS and line["label"] and line["place"] != 1:
        words = str(KINDS[line["kind"]])
    return _("{what}（冲正）").format(what=words) if line["place"] == 1 and line["charged"] < Money(0) else words


def _days(line: dict[str, Any]) -> str:
    if line["period_from"] is None or (line["period_to"] - line["period_from"]).days <= 1:
        return ""
    last = date.fromordinal(line["period_to"].toordinal() - 1)
    return _("{first} 至 {last}").format(first=line["period_from"].isoformat(), last=last.isoformat())


def _yuan(amount: Money) -> str:
    return f"{amount.yuan:,.2f}"


def statement_pdf(
    whole: Statement, *, company: str, lease: str, who: str, room: str, first: date, until: date
) -> bytes:
    """The statement on A4, Chinese or English as the reader's language is."""
    return render_pdf(
        TEMPLATE,
        {
            "lang": "zh" if (get_language() or "zh").startswith("zh") else "en",
            "title": _("租客对账单"),
            "company": company,
            "printed": _("打印于 {at}").format(at=clock.now().strftime("%Y-%m-%d %H:%M")),
            "head": [
                [_("租客"), who],
                [_("房间"), room],
                [_("合同"), lease],
                [_("期间"), _("{first} 至 {last}").format(first=first.isoformat(), last=until.isoformat())],
            ],
            "headings": [_("日期"), _("摘要"), _("账期"), _("应付"), _("已付"), _("余额")],
            "lines": [["", _("期初余额"), "", "", "", _yuan(whole.before)]]
            + [
                [
                    line["day"].isoformat(),
                    line_words(line),
                    _days(line),
                    _yuan(line["charged"]) if line["charged"] else "",
                    _yuan(line["paid"]) if line["paid"] else "",
                    _yuan(line["balance"]),
                ]
                for line in whole.lines
            ],
            "totals": [
                [_("本期应付"), f"¥{_yuan(whole.charged)}", False],
                [_("本期已付"), f"¥{_yuan(whole.paid)}", False],
                [_("截至 {day} 未付").format(day=until.isoformat()), f"¥{_yuan(whole.after)}", True],
            ],
            "footer": in_force(Billing).value.footer,
        },
        at=clock.now(),
    )


def statement_sheet(target: Path, whole: Statement, *, title: str) -> int:
    """The statement as an Excel file; returns the number of lines."""
    columns = [
        Column("day", _("日期"), "day"),
        Column("words", _("摘要"), width=24),
        Column("days", _("账期"), width=26),
        Column("reference", _("单号"), width=26),
        Column("charged", _("应付"), "money"),
        Column("paid", _("已付"), "money"),
        Column("balance", _("余额"), "money"),
    ]
    rows = ({**line, "words": line_words(line), "days": _days(line)} for line in whole.lines)
    return write_sheet(target, columns, rows, name=_("对账单"), title=title)
