"""WeChat Pay API v3 through its SDK; the same code talks to WeChat and to the loopback stand-in.

Amounts are whole fen only inside this file. What the SDK leaves open is closed here: the age of a callback, its
merchant, the type of signature, probes, forged serial numbers that would make it fetch certificates each time.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal
from urllib.parse import quote

import requests
from wechatpayv3 import WeChatPay, WeChatPayType
from wechatpayv3.core import Core

from anju.foundation.db import clock
from anju.foundation.payments.gateways import (
    Ask,
    BadNotice,
    GatewayError,
    GatewayKind,
    GatewayUnsure,
    Handover,
    Line,
    Method,
    Notice,
    OrderNews,
    Payment,
    RefundAsk,
    RefundNews,
    register_gateway,
)
from anju.foundation.payments.wechat_account import OfficialAccount
from anju.foundation.payments.wechat_bill import bill_lines
from anju.foundation.payments.wechat_config import WechatConfig, stays_here
from anju.foundation.payments.wechat_words import says
from anju.kit import Money
from anju.kit.loopback import is_loopback

SIGNATURE_TYPE = "WECHATPAY2-SHA256-RSA2048"
PROBE = "WECHATPAY/SIGNTEST/"
MAX_AGE = 300
"""Seconds a callback's time-stamp may differ from ours; the gateway applies the same to our requests."""
MAX_BILL = 512 * 1024 * 1024
CERTIFICATE_REFRESH = 60
TIMEOUT = (3.05, 8)
PAY_TYPES = {"jsapi": WeChatPayType.JSAPI, "native": WeChatPayType.NATIVE, "h5": WeChatPayType.H5}
ORDER_SAYS: dict[str, Literal["unpaid", "closed", "failed"]] = {
    "NOTPAY": "unpaid",
    "USERPAYING": "unpaid",
    "CLOSED": "closed",
    "REVOKED": "closed",
    "PAYERROR": "failed",
}
REFUND_SAYS: dict[str, Literal["processing", "succeeded", "closed", "abnormal"]] = {
    "SUCCESS": "succeeded",
    "PROCESSING": "processing",
    "CLOSED": "closed",
    "ABNORMAL": "abnormal",
}


class _Core(Core):  # type: ignore[misc]  # the SDK is untyped
    """The SDK's core against a chosen address: its constructor sets production's, and may call it for certificates."""

    def __init__(self, base_url: str, **kwargs: Any) -> None:
        self._base_url = base_url
        super().__init__(**kwargs)

    @property
    def _gate_way(self) -> str:
        return self._base_url

    @_gate_way.setter
    def _gate_way(self, _production: str) -> None:
        return None


class _Sdk(WeChatPay):  # type: ignore[misc]  # the SDK is untyped
    """The SDK's client around our core."""

    def __init__(self, config: WechatConfig) -> None:
        self._type = WeChatPayType.JSAPI
        self._mchid, self._appid = config.mchid, config.appid
        self._notify_url = None
        self._partner_mode = False
        address = config.address()
        self._core = _Core(
            address,
            mchid=config.mchid,
            cert_serial_no=config.serial_no,
            private_key=config.private_key,
            apiv3_key=config.apiv3_key,
            public_key=config.public_key or None,
            public_key_id=config.public_key_id or None,
            proxy={"http": "", "https": ""}
            if is_loopback(address)
            else None,  # an environment's proxy cannot reach loopback
            timeout=TIMEOUT,
        )


class WechatGateway:
    """One merchant at WeChat Pay. See :class:`~anju.foundation.payments.gateways.Gateway`."""

    # h5_url lives 5 minutes, prepay_id and code_url 2 hours; renewed a little earlier
    prepay_lives: Mapping[str, int] = {"h5": 240, "jsapi": 6600, "native": 6600}

    def __init__(self, config: WechatConfig) -> None:
        self.config = config
        self.drill = config.drill
        self._sdk = _Sdk(config)
        self._account = OfficialAccount(config)
        self._refreshed = time.monotonic()
        self._lock = threading.Lock()

    def prepare(self, ask: Ask) -> dict[str, str]:
        """See the protocol. The same number asking for something else is refused with OUT_TRADE_NO_USED."""
        extra: dict[str, Any] = {}
        if ask.method == "jsapi":
            extra["payer"] = {"openid": ask.payer_token}
        if ask.method == "h5":
            extra["scene_info"] = {"payer_client_ip": ask.client_ip, "h5_info": {"type": "Wap"}}
        return self._call(
            self._sdk.pay,
            description=ask.description,
            out_trade_no=ask.number,
            amount={"total": ask.amount.in_fen, "currency": "CNY"},
            time_expire=ask.expires_at.isoformat(timespec="seconds"),
            notify_url=ask.notify_url,
            pay_type=PAY_TYPES[ask.method],
            **extra,
        )

    def hand_over(self, method: Method, prepay: Mapping[str, str], return_url: str) -> Handover:
        """See the protocol."""
        back = f"redirect_url={quote(return_url, safe='')}"
        if method == "native":
            return Handover(code_url=prepay["code_url"])
        if method == "h5":
            return Handover(redirect_url=f"{prepay['h5_url']}&{back}")
        prepay_id = prepay["prepay_id"]
        if self.drill:  # no wallet listens in a demo browser: its page stands in for it
            return Handover(redirect_url=f"{self.config.address()}/pay/{prepay_id}?{back}")
        stamp, nonce, package = str(int(time.time())), secrets.token_hex(16), f"prepay_id={prepay_id}"
        signed = self._sdk.sign([self.config.appid, stamp, nonce, package])
        return Handover(
            jsapi={
                "appId": self.config.appid,
                "timeStamp": stamp,
                "nonceStr": nonce,
                "package": package,
                "signType": "RSA",
                "paySign": signed,
            }
        )

    def query(self, number: str) -> OrderNews:
        """See the protocol. A partly refunded order also says REFUND: it was paid."""
        try:
            answer = self._call(self._sdk.query, out_trade_no=number)
        except GatewayError as error:
            if error.code in ("ORDER_NOT_EXIST", "ORDERNOTEXIST"):
                return OrderNews("missing")
            raise
        if answer["trade_state"] in ("SUCCESS", "REFUND"):
            return OrderNews("paid", _payment(answer))
        return OrderNews(ORDER_SAYS[answer["trade_state"]])

    def close(self, number: str) -> bool:
        """See the protocol."""
        try:
            self._call(self._sdk.close, out_trade_no=number)
        except GatewayError as error:
            if error.code in ("ORDERPAID", "ORDER_PAID"):
                return False
            if error.code in ("ORDER_NOT_EXIST", "ORDERNOTEXIST", "ORDER_CLOSED", "ORDERCLOSED"):
                return True
            raise
        return True

    def refund(self, ask: RefundAsk) -> RefundNews:
        """See the protocol."""
        answer = self._call(
            self._sdk.refund,
            out_refund_no=ask.number,
            out_trade_no=ask.order_number,
            amount={"refund": ask.amount.in_fen, "total": ask.total.in_fen, "currency": "CNY"},
            reason=ask.reason,
            notify_url=ask.notify_url,
        )
        return _refund(answer, answer["status"])

    def query_refund(self, number: str) -> RefundNews | None:
        """See the protocol."""
        try:
            answer = self._call(self._sdk.query_refund, out_refund_no=number)
        except GatewayError as error:
            if error.code in ("RESOURCE_NOT_EXISTS", "REFUND_NOT_EXIST", "REFUNDNOTEXIST"):
                return None
            raise
        return _refund(answer, answer["status"])

    def verify_notice(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice:
        """Verify and open a callback.

        Args:
            headers: as they came, in lower case.
            body: the exact bytes.
            now: wall time; the header's time may differ by 300 s.
        """
        self._check_envelope(headers, now)
        try:
            data = self._sdk.callback(headers, body)
        except Exception as error:  # the SDK raises bare exceptions for anything it cannot read
            raise BadNotice("wrong_signature") from error
        if not data:
            raise BadNotice("wrong_signature")
        try:
            return self._opened(data)
        except (KeyError, TypeError, ValueError) as error:
            raise BadNotice("malformed") from error

    def probe(self, notify_url: str) -> None:
        """See the protocol. An unpaid order of one fen is made and closed: only answers to what succeeded are signed,
        so this is what proves the platform's key, and that the application belongs to the merchant."""
        number = f"AJPROBE{secrets.token_hex(8)}"
        self.query(number)  # proves merchant number, serial and private key
        expires = datetime.now(clock.SHANGHAI).replace(microsecond=0) + timedelta(minutes=5)
        try:
            self.prepare(Ask(number, "native", Money.fen(1), "设置测试，不会收款", expires, notify_url))
        except GatewayError as error:
            if error.code != "NO_AUTH":  # a merchant may have no right to QR codes and every right to the other ways
                raise
        else:
            self.close(number)
        if self.config.app_secret:
            self._account.check_secret()

    def sign_in_url(self, back: str, state: str) -> str | None:
        """See the protocol."""
        return self._account.authorize_url(back, state) if self.config.app_secret else None

    def payer_token(self, code: str) -> str:
        """See the protocol: the openid. It is personal data: it goes into the order's request and nowhere else."""
        return self._account.openid(code)

    def statement(self, day: date) -> Iterator[Line] | None:
        """The trade bill of a Beijing day, checked against its hash; None for NO_STATEMENT_EXIST."""
        try:
            ticket = self._call(self._sdk.trade_bill, bill_date=day.isoformat(), bill_type="ALL", tar_type="GZIP")
        except GatewayError as error:
            if error.code == "NO_STATEMENT_EXIST":
                return None
            raise
        packed = self._raw(self._sdk.download_bill, url=ticket["download_url"])
        data = zlib.decompressobj(wbits=31).decompress(packed, MAX_BILL + 1) if packed[:2] == b"\x1f\x8b" else packed
        digest = hashlib.sha1(data, usedforsecurity=False).hexdigest()  # the gateway's choice; the ticket is signed
        if len(data) > MAX_BILL or ticket["hash_type"] != "SHA1" or digest != ticket["hash_value"].lower():
            raise GatewayUnsure("BILL_HASH")
        return bill_lines(data.decode("utf-8-sig"))

    def _check_envelope(self, headers: Mapping[str, str], now: datetime) -> None:
        if headers.get("wechatpay-signature-type") != SIGNATURE_TYPE:
            raise BadNotice("wrong_signature")
        if headers.get("wechatpay-signature", "").startswith(PROBE):
            raise BadNotice("probe")
        stamp = headers.get("wechatpay-timestamp", "")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
            raise BadNotice("malformed")
        if abs(int(stamp) - now.timestamp()) > MAX_AGE:
            raise BadNotice("stale")
        if not self._knows(headers.get("wechatpay-serial", "")):
            raise BadNotice("wrong_signature")

    def _knows(self, serial: str) -> bool:
        """Whether we have the key of that serial; certificates are fetched again at most once a minute."""
        core = self._sdk._core
        if self.config.public_key_id:
            return bool(serial == self.config.public_key_id)
        try:
            wanted = int(serial, 16)
        except ValueError:
            return False
        if any(c.serial_number == wanted for c in core._certificates):
            return True
        with self._lock:
            due = time.monotonic() - self._refreshed > CERTIFICATE_REFRESH
            if due:
                self._refreshed = time.monotonic()
        return due  # then the SDK looks the certificate up once, and refuses if it is not there

    def _opened(self, data: dict[str, Any]) -> Notice:
        event, inside = data["event_type"], data["resource"]
        if inside.get("mchid") != self.config.mchid or inside.get("appid", self.config.appid) != self.config.appid:
            raise BadNotice("wrong_merchant")
        if event == "TRANSACTION.SUCCESS" and inside["trade_state"] == "SUCCESS":
            return Notice(data["id"], event, payment=_payment(inside))
        if event.startswith("REFUND."):  # the callback says refund_status where the API says status
            return Notice(data["id"], event, refund=_refund(inside, inside["refund_status"]))
        return Notice(data["id"], event)

    def _call(self, method: Callable[..., tuple[int, Any]], **kwargs: Any) -> dict[str, Any]:
        raw = self._raw(method, **kwargs)
        answer: dict[str, Any] = json.loads(raw) if raw else {}
        return answer

    def _raw(self, method: Callable[..., tuple[int, Any]], **kwargs: Any) -> Any:
        """Call the SDK and sort its answers into certain and uncertain failures."""
        try:
            code, text = method(**kwargs)
        except requests.RequestException as error:
            raise GatewayUnsure("UNREACHABLE") from error
        except Exception as error:  # the SDK raises bare exceptions when an answer's signature does not hold
            raise GatewayUnsure("ANSWER_UNVERIFIED") from error
        if 200 <= code < 300:
            return text
        try:
            word = str(json.loads(text)["code"])
        except (ValueError, KeyError, TypeError):
            word = f"HTTP_{code}"
        if code >= 500 or code == 429:
            raise GatewayUnsure(word)
        raise GatewayError(word)


def _payment(inside: dict[str, Any]) -> Payment:
    amount = inside["amount"]
    if amount.get("currency", "CNY") != "CNY":
        raise ValueError("not in CNY")
    paid_at = datetime.fromisoformat(inside["success_time"])
    return Payment(inside["out_trade_no"], inside["transaction_id"], Money.fen(int(amount["total"])), paid_at)


def _refund(inside: dict[str, Any], status: str) -> RefundNews:
    done = inside.get("success_time")
    return RefundNews(
        number=inside["out_refund_no"],
        state=REFUND_SAYS[status],
        gateway_refund=inside["refund_id"],
        amount=Money.fen(int(inside["amount"]["refund"])),
        done_at=datetime.fromisoformat(done) if done else None,
    )


def open_wechat(config: dict[str, Any]) -> WechatGateway:
    """A gateway from a stored configuration; in certificate mode this fetches the platform's certificates."""
    checked = WechatConfig.model_validate(config)
    try:
        return WechatGateway(checked)
    except GatewayUnsure:
        raise
    except Exception as error:  # the SDK raises bare exceptions
        raise GatewayUnsure("NO_CERTIFICATES") from error


WECHAT = register_gateway(
    GatewayKind(
        key="wechat",
        zh="微信支付",
        en="WeChat Pay",
        methods=("jsapi", "h5", "native"),
        arrives="T+1",
        fee_permille=6,
        open=open_wechat,
        stays_here=stays_here,
        config=WechatConfig,
        merchant="mchid",
        says=says,
        secrets=("private_key", "apiv3_key", "public_key", "app_secret"),
        notice_headers=(
            "wechatpay-timestamp",
            "wechatpay-nonce",
            "wechatpay-serial",
            "wechatpay-signature",
            "wechatpay-signature-type",
        ),
    )
)
