"""What the stand-in does when a merchant asks, and when a payer pays: the rules of WeChat Pay API v3."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import secrets
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

from anju.foundation.payments.standins.wechat_books import Books, Row
from anju.foundation.payments.standins.wechat_cells import (
    TRADE_TYPES,
    bill_line,
    fee,
    pay_cells,
    refund_cells,
    yuan,
)
from anju.foundation.payments.standins.wechat_courier import Courier
from anju.foundation.payments.standins.wechat_keys import APPID
from anju.foundation.payments.wechat_bill import BEIJING, HEAD

NUMBER = re.compile(r"[0-9A-Za-z_\-|*]{6,32}")
REFUND_NUMBER = re.compile(r"[0-9A-Za-z_\-|*@]{1,64}")
TICKET_LIVES_S = 300


class ApiError(Exception):
    """An answer that is not a success."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


def wrong(message: str) -> ApiError:
    """A request that cannot be understood."""
    return ApiError(400, "PARAM_ERROR", message)


class Desk:
    """Orders, payments, refunds and bills.

    Args:
        books: the memory.
        courier: takes callbacks away.
        now: trade time (a test sets it to yesterday); signatures always use the real time.
    """

    def __init__(self, books: Books, courier: Courier, now: Callable[[], datetime]) -> None:
        self.books, self.courier, self.now = books, courier, now
        self.damages: list[Row] = []
        self.refund_results: list[str] = []
        self._tickets: dict[str, tuple[str, date, float]] = {}

    def damage_for(self, number: str) -> Row:
        """The next damage asked for, if it is for this order or for any."""
        for damage in self.damages:
            if damage.get("for") in (None, number):
                self.damages.remove(damage)
                return damage
        return {}

    def stamp(self) -> str:
        """The trade time as the gateway writes it."""
        return self.now().astimezone(BEIJING).isoformat(timespec="seconds")

    def prepare(self, merchant: str, method: str, ask: Row) -> Row:
        """Make an order, or the same again while it is unpaid; returns its row."""
        check_ask(method, ask)
        asked = json.dumps({k: v for k, v in ask.items() if k != "scene_info"} | {"method": method}, sort_keys=True)
        with self.books.change():
            order = self.books.order(merchant, ask["out_trade_no"])
            if order is None:
                self.books.insert("orders", new_order(merchant, method, ask, asked))
            elif order["state"] == "CLOSED":
                raise ApiError(400, "ORDER_CLOSED", "订单已关闭")
            elif order["state"] != "NOTPAY":
                raise ApiError(400, "ORDERPAID", "订单已支付")
            elif order["asked"] != asked:
                raise ApiError(403, "OUT_TRADE_NO_USED", "商户订单号重复")
        made = self.books.order(merchant, ask["out_trade_no"])
        assert made is not None
        return made

    def query(self, merchant: str, number: str) -> Row:
        """An order as the merchant may see it."""
        order = self.books.order(merchant, number)
        if order is None:
            raise ApiError(404, "ORDER_NOT_EXIST", "订单不存在")
        return told_order(order)

    def close(self, merchant: str, number: str) -> None:
        """Close an unpaid order."""
        order = self.books.order(merchant, number)
        if order is None:
            raise ApiError(404, "ORDER_NOT_EXIST", "订单不存在")
        sql = "UPDATE orders SET state = 'CLOSED' WHERE merchant = ? AND number = ? AND state IN ('NOTPAY', 'CLOSED')"
        if not self.books.run(sql, merchant, number):
            raise ApiError(400, "ORDERPAID", "订单已支付")

    def pay(self, prepay_id: str) -> Row:
        """The payer confirms. Raises ApiError when the order is closed or expired; paying twice is paying once."""
        order = self.books.row("SELECT * FROM orders WHERE prepay_id = ?", prepay_id)
        if order is None:
            raise ApiError(404, "ORDER_NOT_EXIST", "订单不存在")
        with self.books.change():
            sql = """UPDATE orders SET state = 'SUCCESS', transaction_id = ?, paid_at = ?
                     WHERE prepay_id = ? AND state = 'NOTPAY' AND expires > ?"""
            paid = self.books.run(sql, new_id("4200"), self.stamp(), prepay_id, time.time())
            order = self.books.row("SELECT * FROM orders WHERE prepay_id = ?", prepay_id) or order
            if paid:
                damage = self.damage_for(order["number"])
                self.courier.post(
                    "TRANSACTION.SUCCESS", order["notify_url"], told_order(order), order["paid_at"], damage
                )
        if order["state"] in ("NOTPAY", "CLOSED"):
            raise ApiError(400, "ORDER_CLOSED", "订单已失效，请返回商家重新发起支付")
        return order

    def refund(self, merchant: str, ask: Row) -> Row:
        """Take a refund; asked again with the same number, the same refund."""
        number = str(ask.get("out_refund_no", ""))
        if not REFUND_NUMBER.fullmatch(number):
            raise wrong("商户退款单号格式错误")
        with self.books.change():
            order = self.books.order(merchant, str(ask.get("out_trade_no", "")))
            known = self.books.refund(merchant, number)
            if order is None or order["paid_at"] is None:
                raise ApiError(404, "RESOURCE_NOT_EXISTS", "订单不存在")
            amount = ask["amount"]["refund"]
            if known is None:
                self._check_refund(merchant, order, amount, ask["amount"])
                self.books.insert("refunds", new_refund(merchant, number, ask, self.stamp()))
            elif (known["order_number"], known["amount"]) != (order["number"], amount):
                raise ApiError(400, "INVALID_REQUEST", "退款单号重复且参数不一致")
        made = self.books.refund(merchant, number)
        assert made is not None
        told = told_refund(made, order)
        if known is None:
            self.finish_refund(merchant, number, self.refund_results.pop(0) if self.refund_results else "SUCCESS")
        return told

    def _check_refund(self, merchant: str, order: Row, amount: Any, asked: Row) -> None:
        sql = "SELECT amount FROM refunds WHERE merchant = ? AND order_number = ? AND state <> 'CLOSED'"
        taken = sum(row["amount"] for row in self.books.rows(sql, merchant, order["number"]))
        if not isinstance(amount, int) or amount < 1 or asked.get("total") != order["total"]:
            raise wrong("退款金额错误")
        if taken + amount > order["total"]:
            raise ApiError(400, "INVALID_REQUEST", "订单金额或退款金额与之前请求不一致")

    def finish_refund(self, merchant: str, number: str, state: str) -> None:
        """A refund ends (``SUCCESS``, ``ABNORMAL``, ``CLOSED``) and the merchant is told; ``PROCESSING``: not yet."""
        if state == "PROCESSING":
            return
        with self.books.change():
            done = self.stamp() if state == "SUCCESS" else None
            sql = "UPDATE refunds SET state = ?, done_at = ? WHERE merchant = ? AND number = ?"
            self.books.run(sql, state, done, merchant, number)
            if state == "SUCCESS":
                paid = """UPDATE orders SET state = 'REFUND' WHERE merchant = ? AND number =
                          (SELECT order_number FROM refunds WHERE merchant = ? AND number = ?)"""
                self.books.run(paid, merchant, merchant, number)
            refund = self.books.refund(merchant, number)
            assert refund is not None
            order = self.books.order(merchant, refund["order_number"])
            assert order is not None
            if refund["notify_url"]:
                told = told_refund(refund, order)
                told["refund_status"] = told.pop("status")  # the callback's word differs from the API's
                self.courier.post(
                    f"REFUND.{state}", refund["notify_url"], told, self.stamp(), self.damage_for(refund["number"])
                )

    def query_refund(self, merchant: str, number: str) -> Row:
        """A refund as the merchant may see it."""
        refund = self.books.refund(merchant, number)
        order = self.books.order(merchant, refund["order_number"]) if refund else None
        if refund is None or order is None:
            raise ApiError(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
        return told_refund(refund, order)

    def bill(self, merchant: str, day: str, base: str) -> Row:
        """A ticket to a finished day's bill: from 10:00 of the next day, if anything happened."""
        try:
            wanted = date.fromisoformat(day)
        except ValueError as error:
            raise wrong("账单日期格式错误") from error
        here = self.now().astimezone(BEIJING)
        finished = here.date() - timedelta(days=1 if here.hour >= 10 else 2)
        text = self.bill_text(merchant, wanted)
        if wanted > finished or text is None:
            raise ApiError(400, "NO_STATEMENT_EXIST", "账单文件不存在")
        token = secrets.token_urlsafe(24)
        self._tickets[token] = (merchant, wanted, time.time() + TICKET_LIVES_S)
        digest = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
        url = f"{base}/v3/billdownload/file?token={token}&tartype=gzip"
        return {"hash_type": "SHA1", "hash_value": digest, "download_url": url}

    def bill_file(self, merchant: str, token: str) -> bytes:
        """The packed bill of a ticket, for the merchant that asked, within five minutes."""
        owner, day, until = self._tickets.get(token, ("", date.min, 0.0))
        if owner != merchant or time.time() > until:
            raise ApiError(403, "NO_AUTH", "下载地址已失效")
        return gzip.compress((self.bill_text(merchant, day) or "").encode())

    def bill_text(self, merchant: str, day: date) -> str | None:
        """A day's payments and refunds as the gateway writes them; None for a day without any."""
        like = f"{day.isoformat()}T%"
        orders = self.books.rows(
            "SELECT * FROM orders WHERE merchant = ? AND paid_at LIKE ? ORDER BY paid_at", merchant, like
        )
        refunds = self.books.rows(
            """SELECT r.*, o.transaction_id, o.method, o.description, o.openid FROM refunds r
               JOIN orders o ON o.merchant = r.merchant AND o.number = r.order_number
               WHERE r.merchant = ? AND r.asked_at LIKE ? AND r.state <> 'CLOSED' ORDER BY r.asked_at""",
            merchant,
            like,
        )
        if not orders and not refunds:
            return None
        lines = [bill_line(pay_cells(o)) for o in orders] + [bill_line(refund_cells(r)) for r in refunds]
        paid, back = sum(o["total"] for o in orders), sum(r["amount"] for r in refunds)
        head = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
        foot = [str(len(lines)), yuan(paid), yuan(back), "0.00", fee(paid - back), yuan(paid), yuan(back)]
        return "\r\n".join([HEAD, *lines, head, ",".join(f"`{cell}" for cell in foot)]) + "\r\n"


def check_ask(method: str, ask: Row) -> None:
    """Refuse what the gateway would refuse."""
    amount, notify = ask.get("amount", {}), urlsplit(str(ask.get("notify_url", "")))
    problems = {
        "商户订单号格式错误": not NUMBER.fullmatch(str(ask.get("out_trade_no", ""))),
        "商品描述不能为空且不超过127个字符": not 0 < len(str(ask.get("description", ""))) <= 127,
        "金额错误": not isinstance(amount.get("total"), int) or amount["total"] < 1,
        "回调地址错误": bool(notify.query) or not (notify.scheme == "https" or nearby(notify)),
        "支付者不能为空": method == "jsapi" and not ask.get("payer", {}).get("openid"),
        "场景信息不能为空": method == "h5" and not ask.get("scene_info", {}).get("payer_client_ip"),
        "支付方式错误": method not in TRADE_TYPES,
    }
    if ask.get("appid") != APPID:
        raise ApiError(400, "APPID_MCHID_NOT_MATCH", "appid与mchid不匹配")
    for message, found in problems.items():
        if found:
            raise wrong(message)
    if (
        "time_expire" in ask
        and not 0 < datetime.fromisoformat(ask["time_expire"]).timestamp() - time.time() < 7 * 86400
    ):
        raise wrong("交易结束时间错误")


def nearby(url: SplitResult) -> bool:
    """Whether plain http will do: this machine or its network. The real gateway insists on https."""
    host = url.hostname or ""
    if url.scheme != "http":
        return False
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost"


def new_id(prefix: str) -> str:
    """A number of the gateway's own, 28 digits."""
    return f"{prefix}{secrets.randbelow(10**24):024d}"


def new_order(merchant: str, method: str, ask: Row, asked: str) -> Row:
    """A fresh order's row."""
    expire = ask.get("time_expire")
    return {
        "merchant": merchant,
        "number": ask["out_trade_no"],
        "prepay_id": f"wx{secrets.token_hex(17)}",
        "method": method,
        "description": ask["description"],
        "total": ask["amount"]["total"],
        "notify_url": ask["notify_url"],
        "expires": datetime.fromisoformat(expire).timestamp() if expire else time.time() + 7200,
        "asked": asked,
        "openid": ask.get("payer", {}).get("openid", "drill"),
        "state": "NOTPAY",
    }


def new_refund(merchant: str, number: str, ask: Row, at: str) -> Row:
    """A fresh refund's row."""
    return {
        "merchant": merchant,
        "number": number,
        "order_number": ask["out_trade_no"],
        "refund_id": new_id("5030"),
        "amount": ask["amount"]["refund"],
        "notify_url": ask.get("notify_url", ""),
        "reason": ask.get("reason", ""),
        "state": "PROCESSING",
        "asked_at": at,
    }


def told_order(order: Row) -> Row:
    """An order in the API's words. A refunded one, wholly or partly, says REFUND once a refund was taken."""
    told = {
        "appid": APPID,
        "mchid": order["merchant"],
        "out_trade_no": order["number"],
        "trade_state": order["state"],
        "trade_state_desc": {"NOTPAY": "订单未支付", "CLOSED": "订单已关闭"}.get(order["state"], "支付成功"),
        "amount": {"total": order["total"], "currency": "CNY"},
    }
    if order["paid_at"] is None:
        return told
    amount = told["amount"] | {"payer_total": order["total"], "payer_currency": "CNY"}
    return told | {
        "transaction_id": order["transaction_id"],
        "trade_type": TRADE_TYPES[order["method"]],
        "bank_type": "OTHERS",
        "success_time": order["paid_at"],
        "payer": {"openid": order["openid"]},
        "amount": amount,
    }


def told_refund(refund: Row, order: Row) -> Row:
    """A refund in the API's words."""
    told = {
        "mchid": refund["merchant"],
        "refund_id": refund["refund_id"],
        "out_refund_no": refund["number"],
        "transaction_id": order["transaction_id"],
        "out_trade_no": order["number"],
        "channel": "ORIGINAL",
        "user_received_account": "支付用户零钱",
        "create_time": refund["asked_at"],
        "status": refund["state"],
        "amount": {"total": order["total"], "refund": refund["amount"], "currency": "CNY"},
    }
    return told | ({"success_time": refund["done_at"]} if refund["done_at"] else {})
