"""Lines of the stand-in's bill: every cell after a back-tick, yuan with two decimals, fees with five."""

from __future__ import annotations

from decimal import Decimal

from anju.foundation.payments.standins.wechat_books import Row
from anju.foundation.payments.standins.wechat_keys import APPID
from anju.foundation.payments.wechat_bill import HEAD

FEE_RATE = Decimal("0.006")
TRADE_TYPES = {"jsapi": "JSAPI", "native": "NATIVE", "h5": "MWEB"}


def yuan(fen: int) -> str:
    """Fen as yuan."""
    return f"{Decimal(fen) / 100:.2f}"


def fee(fen: int) -> str:
    """The fee on an amount, as the bill writes it."""
    return f"{Decimal(fen) / 100 * FEE_RATE:.5f}"


def bill_line(cells: Row) -> str:
    """One line, in the head's order; a cell without a value is empty."""
    return ",".join(f"`{cells.get(name, '')}" for name in HEAD.split(","))


def pay_cells(order: Row) -> Row:
    """A payment's cells."""
    return _both(order) | {
        "交易时间": _at(order["paid_at"]),
        "商户订单号": order["number"],
        "交易状态": "SUCCESS",
        "应结订单金额": yuan(order["total"]),
        "微信退款单号": "0",
        "商户退款单号": "0",
        "退款金额": "0.00",
        "手续费": fee(order["total"]),
        "订单金额": yuan(order["total"]),
        "申请退款金额": "0.00",
    }


def refund_cells(refund: Row) -> Row:
    """A refund's cells: the fee comes back."""
    return _both(refund) | {
        "交易时间": _at(refund["asked_at"]),
        "商户订单号": refund["order_number"],
        "交易状态": "REFUND",
        "应结订单金额": "0.00",
        "微信退款单号": refund["refund_id"],
        "商户退款单号": refund["number"],
        "退款金额": yuan(refund["amount"]),
        "退款类型": "ORIGINAL",
        "退款状态": refund["state"],
        "手续费": f"-{fee(refund['amount'])}",
        "订单金额": "0.00",
        "申请退款金额": yuan(refund["amount"]),
    }


def _both(row: Row) -> Row:
    return {
        "公众账号ID": APPID,
        "商户号": row["merchant"],
        "特约商户号": "0",
        "微信订单号": row["transaction_id"],
        "用户标识": row["openid"],
        "交易类型": TRADE_TYPES[row["method"]],
        "付款银行": "OTHERS",
        "货币种类": "CNY",
        "代金券金额": "0.00",
        "充值券退款金额": "0.00",
        "商品名称": row["description"],
        "费率": "0.60%",
    }


def _at(stamp: str) -> str:
    return stamp[:19].replace("T", " ")
