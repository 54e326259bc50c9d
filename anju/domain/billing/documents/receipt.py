"""A receipt for one payment, as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anju.foundation.db import clock
from anju.foundation.documents import render_pdf
from anju.kit import Money

TEMPLATE = Path(__file__).parent / "receipt.typ"


def receipt_pdf(
    *,
    number: str,
    company: str,
    head: Sequence[tuple[str, str]],
    lines: Sequence[tuple[str, str, Money]],
    amount: Money,
) -> bytes:
    """The receipt on half a page, Chinese or English as the reader's language is.

    Args:
        number: the payment's number.
        company: who received the money.
        head: ``(label, value)`` pairs above the lines: who, where, when, how.
        lines: ``(what, days, amount)``: what was settled, and what stays as credit.
        amount: the whole payment.
    """
    data: dict[str, Any] = {
        "lang": "zh" if (get_language() or "zh").startswith("zh") else "en",
        "title": _("收款收据"),
        "number": number,
        "company": company,
        "printed": _("打印于 {at}").format(at=clock.now().strftime("%Y-%m-%d %H:%M")),
        "head": [list(pair) for pair in head],
        "headings": [_("费用"), _("账期"), _("金额")],
        "lines": [[what, days, f"{each.yuan:,.2f}"] for what, days, each in lines],
        "total": [_("合计收到"), f"¥{amount.yuan:,.2f}"],
        "note": _("这是收款凭据，不是发票。"),
    }
    return render_pdf(TEMPLATE, data, at=clock.now())
