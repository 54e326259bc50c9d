"""WeChat Pay's trade bill: text with a back-tick before every cell, read by the names in its head."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from anju.foundation.payments.gateways import Line
from anju.kit import Money

BEIJING = ZoneInfo("Asia/Shanghai")
SUMMARY = "总交易单数"
HEAD = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
)


def bill_lines(text: str) -> Iterator[Line]:
    """The payments and refunds of a bill, in its order; the summary at the end is left out.

    Cells are split at ``,` ``: a product name may hold a comma, and nothing is quoted. Amounts are yuan.
    """
    rows = iter(text.splitlines())
    names = next(rows, "").split(",")
    for row in rows:
        if row.startswith(SUMMARY):
            return
        if not row.startswith("`"):
            continue
        cells = dict(zip(names, row[1:].split(",`"), strict=True))
        yield _line({name: cell.strip() for name, cell in cells.items()})


def _line(cell: dict[str, str]) -> Line:
    at = datetime.strptime(cell["交易时间"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING)
    refund = cell["交易状态"] == "REFUND"
    return Line(
        kind="refund" if refund else "pay",
        at=at,
        transaction=cell["微信订单号"],
        number=cell["商户订单号"],
        amount=Money(Decimal(cell["订单金额"])),
        refund_number=cell["商户退款单号"] if refund else "",
        refund_amount=Money(Decimal(cell["申请退款金额"])) if refund else Money(0),
        # fees carry five decimals; what is settled is whole fen
        fee=Money.round(Decimal(cell["手续费"])),
    )
