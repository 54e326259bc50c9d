"""A WeChat Pay on loopback, as a WSGI application: the merchant API, the payer's sheet, who sits before
WeChat's browser (:mod:`.wechat_oauth`), and a desk for mischief.

    standin = WechatStandIn(ensure_wechat_keys(home), file=home / "standins" / "wechat.sqlite")
    standin.start()                  # delivers callbacks from a thread, by the gateway's ladder
    serve(standin.wsgi)              # at a server's root or under a prefix (SCRIPT_NAME), e.g. /wechat

Control, from loopback with the token of the keys file (``Authorization: Bearer …``), JSON in and out:
``POST /control/damage`` (the next callback's, see :mod:`.wechat_courier`; ``for`` names an order) · ``pay {number}`` ·
``bridge {what the page hands to WeixinJSBridge}`` ·
``replay {number}`` · ``release {backwards}`` · ``deliver {everything}`` · ``refund-result {state}`` ·
``finish-refund {number, state}`` · ``answer {path, how: lost|error|unsigned, times}`` · ``GET /control/orders``.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote

from anju.foundation.payments.standins.wechat_books import Books, Row
from anju.foundation.payments.standins.wechat_courier import Courier
from anju.foundation.payments.standins.wechat_desk import ApiError, Desk, wrong
from anju.foundation.payments.standins.wechat_keys import WechatKeys
from anju.foundation.payments.standins.wechat_oauth import Browser
from anju.foundation.payments.standins.wechat_signing import Signer, Unsigned
from anju.foundation.payments.standins.wechat_wallet import sheet, way_back, words

Environ = dict[str, Any]
Start = Callable[[str, list[tuple[str, str]]], Any]
MAX_BODY = 256 * 1024
REASONS = {
    200: "OK",
    204: "No Content",
    302: "Found",
    303: "See Other",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
}
PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"


class Request:
    """A request, read once."""

    def __init__(self, environ: Environ) -> None:
        self.method = str(environ["REQUEST_METHOD"])
        # WSGI hands paths over as latin-1 of the decoded bytes
        self.path = str(environ.get("PATH_INFO", "/")).encode("latin-1").decode("utf-8", "replace")
        self.query = str(environ.get("QUERY_STRING", ""))
        self.target = quote(self.path, safe="/|*@-_") + (f"?{self.query}" if self.query else "")
        self.authorization = str(environ.get("HTTP_AUTHORIZATION", ""))
        self.remote = str(environ.get("REMOTE_ADDR", ""))
        self.proxied = "HTTP_X_FORWARDED_FOR" in environ
        host = environ.get("HTTP_HOST", "127.0.0.1")
        self.base = f"{environ.get('wsgi.url_scheme', 'http')}://{host}{environ.get('SCRIPT_NAME', '').rstrip('/')}"
        length = int(environ.get("CONTENT_LENGTH") or 0)
        self.body: bytes = environ["wsgi.input"].read(min(length, MAX_BODY)) if length else b""

    def json(self) -> Row:
        """The body as an object."""
        try:
            found = json.loads(self.body or b"{}")
        except ValueError as error:
            raise wrong("请求内容不是JSON") from error
        if not isinstance(found, dict):
            raise wrong("请求内容不是JSON对象")
        return found

    def argument(self, name: str) -> str:
        """A value of the query."""
        return parse_qs(self.query).get(name, [""])[0]

    def arguments(self) -> dict[str, str]:
        """The query's values, each once."""
        return {name: found[0] for name, found in parse_qs(self.query, keep_blank_values=True).items()}

    def field(self, name: str) -> str:
        """A value of a form."""
        return parse_qs(self.body.decode("utf-8", "replace")).get(name, [""])[0]


class Answer:
    """An answer on its way out."""

    def __init__(self, status: int, body: bytes = b"", kind: str = "application/json; charset=utf-8") -> None:
        self.status, self.body = status, body
        self.headers = {"Content-Length": str(len(body)), "Cache-Control": "no-store"}
        if body:
            self.headers["Content-Type"] = kind


def told(value: Any, status: int = 200) -> Answer:
    """An answer in JSON."""
    return Answer(status, json.dumps(value, ensure_ascii=False).encode())


class WechatStandIn:
    """The gateway.

    Args:
        keys: both sides' keys.
        file: where it remembers; None: in memory.
        scale: of the callback ladder's waiting times (0.01: a hundred times faster).
        by_certificate: sign as a gateway in certificate mode.
        now: trade time; signatures always use the real time.
    """

    def __init__(
        self,
        keys: WechatKeys,
        *,
        file: Path | None = None,
        scale: float = 1.0,
        by_certificate: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.keys, self.by_certificate = keys, by_certificate
        self.signer = Signer(keys)
        self.books = Books(file)
        self.courier = Courier(self.books, self.signer, scale=scale, by_certificate=by_certificate)
        self.desk = Desk(self.books, self.courier, now)
        self.browser = Browser(keys, self.signer, self.desk)
        self.answers: list[Row] = []

    def start(self) -> None:
        """Begin to deliver callbacks."""
        self.courier.start()

    def stop(self) -> None:
        """Stop delivering and let the file go."""
        self.courier.stop()
        self.books.close()

    def wsgi(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """The application."""
        answer = self.answer(Request(environ))
        line = f"{answer.status} {REASONS.get(answer.status, 'Answer')}"
        start_response(line, list(answer.headers.items()))
        return [answer.body] if environ["REQUEST_METHOD"] != "HEAD" else []

    def answer(self, request: Request) -> Answer:
        """Route a request."""
        try:
            if request.path.startswith("/v3/"):
                return self._signed(request)
            if request.path.startswith("/pay/"):
                return self._wallet(request, request.path.removeprefix("/pay/"))
            if request.path == "/connect/oauth2/authorize":
                return away(self.browser.authorize(request.arguments()), 302)
            if request.path == "/sns/oauth2/access_token":
                return told(self.browser.token(request.arguments()))
            if request.path.startswith("/control/"):
                return self._control(request, request.path.removeprefix("/control/"))
        except ApiError as error:
            return told({"code": error.code, "message": error.message}, error.status)
        except (KeyError, TypeError, ValueError):
            return told({"code": "PARAM_ERROR", "message": "参数错误"}, 400)
        return told({"code": "NOT_FOUND", "message": "没有这个接口"}, 404)

    def _signed(self, request: Request) -> Answer:
        """The merchant API: the request's signature is checked, the answer is signed."""
        mischief = self._mischief(request.path)
        if mischief == "error":
            return told({"code": "SYSTEM_ERROR", "message": "系统异常"}, 500)
        try:
            merchant = self.signer.merchant_of(request.method, request.target, request.body, request.authorization)
            answer = self._api(request, merchant)
        except Unsigned:
            return told({"code": "SIGN_ERROR", "message": "签名错误"}, 401)
        except ApiError as error:
            answer = told({"code": error.code, "message": error.message}, error.status)
        if mischief == "lost":  # done, but nobody hears of it
            return told({"code": "SYSTEM_ERROR", "message": "系统异常"}, 502)
        answer.headers |= self.signer.headers(answer.body, by_certificate=self.by_certificate)
        if mischief == "unsigned":
            answer.headers["Wechatpay-Signature"] = answer.headers["Wechatpay-Signature"][::-1]
        return answer

    def _mischief(self, path: str) -> str:
        for rule in self.answers:
            if rule["path"] in path:
                rule["times"] -= 1
                if rule["times"] <= 0:
                    self.answers.remove(rule)
                return str(rule["how"])
        return ""

    def _api(self, request: Request, merchant: str) -> Answer:
        match request.method, request.path.strip("/").split("/")[1:]:
            case "POST", ["pay", "transactions", ("jsapi" | "native" | "h5") as method]:
                return told(self._prepay(request, self.desk.prepare(merchant, method, self._own(request, merchant))))
            case "GET", ["pay", "transactions", "out-trade-no", number]:
                return told(self.desk.query(merchant, number))
            case "POST", ["pay", "transactions", "out-trade-no", number, "close"]:
                self._own(request, merchant)
                self.desk.close(merchant, number)
                return Answer(204)
            case "POST", ["refund", "domestic", "refunds"]:
                return told(self.desk.refund(merchant, request.json()))
            case "GET", ["refund", "domestic", "refunds", number]:
                return told(self.desk.query_refund(merchant, number))
            case "GET", ["bill", "tradebill"]:
                return told(self.desk.bill(merchant, request.argument("bill_date"), request.base))
            case "GET", ["billdownload", "file"]:
                return Answer(200, self.desk.bill_file(merchant, request.argument("token")), "application/x-gzip")
            case "GET", ["certificates"]:
                return told({"data": [self._certificate()]})
        raise ApiError(404, "NOT_FOUND", "没有这个接口")

    def _own(self, request: Request, merchant: str) -> Row:
        ask = request.json()
        if ask.get("mchid") != merchant:
            raise ApiError(403, "NO_AUTH", "商户号与签名不符")
        return ask

    def _prepay(self, request: Request, order: Row) -> Row:
        page = f"{request.base}/pay/{order['prepay_id']}"
        if order["method"] == "native":
            return {"code_url": page}
        if order["method"] == "h5":
            return {"h5_url": f"{page}?package={order['number']}"}
        return {"prepay_id": order["prepay_id"]}

    def _certificate(self) -> Row:
        sealed = self.signer.sealed(self.keys.platform_certificate, associated="certificate")
        times = {"effective_time": "2026-01-01T00:00:00+08:00", "expire_time": "2036-01-01T00:00:00+08:00"}
        return {"serial_no": self.keys.platform_serial, "encrypt_certificate": sealed} | times

    def _wallet(self, request: Request, prepay_id: str) -> Answer:
        """The payer's sheet; a confirmed or cancelled payment leads back to the merchant."""
        order = self.books.row("SELECT * FROM orders WHERE prepay_id = ?", prepay_id)
        if order is None:
            return page(words("订单不存在", "请返回商家重新发起支付。"), 404)
        wanted = request.field("redirect_url") if request.method == "POST" else request.argument("redirect_url")
        back = way_back(wanted, order)
        if request.method == "POST" and request.field("action") == "pay":
            try:
                self.desk.pay(prepay_id)
            except ApiError as error:
                return page(words("无法支付", error.message, back), 409)
            return away(back) if back else page(words("支付成功", "可以关闭这个页面了。"))
        if request.method == "POST":
            return away(back) if back else page(words("已取消", "没有扣款，可以关闭这个页面了。"))
        if order["state"] not in ("NOTPAY", "CLOSED"):
            return page(words("已经支付过了", "这笔订单不会重复扣款。", back))
        return page(sheet(order, back))

    def _control(self, request: Request, what: str) -> Answer:
        """Mischief and looks, for those on this machine who can read the keys file."""
        bearer = request.authorization.removeprefix("Bearer ")
        local = request.remote in ("127.0.0.1", "::1", "") and not request.proxied
        if not local or not hmac.compare_digest(bearer.encode(), self.keys.control_token.encode()):
            raise ApiError(403, "NO_AUTH", "只能在本机操作")
        if request.method == "GET" and what == "orders":
            return told(self.books.rows("SELECT merchant, number, total, state, prepay_id, paid_at FROM orders"))
        ask = request.json()
        if what == "bridge":
            return told(self.browser.pay(ask))
        if what == "pay":
            order = self.books.row("SELECT prepay_id FROM orders WHERE number = ?", ask["number"])
            return told(self.desk.pay(order["prepay_id"] if order else ""))
        return told({"done": self._order_of(what, ask)})

    def _order_of(self, what: str, ask: Row) -> Any:
        if what == "damage":
            return self.desk.damages.append(ask)
        if what == "replay":
            return self.courier.replay(ask["number"])
        if what == "release":
            return self.courier.release(backwards=bool(ask.get("backwards")))
        if what == "deliver":
            return self.courier.deliver(everything=bool(ask.get("everything")))
        if what == "refund-result":
            return self.desk.refund_results.append(ask["state"])
        if what == "finish-refund":
            refund = self.books.row("SELECT merchant FROM refunds WHERE number = ?", ask["number"])
            return self.desk.finish_refund(refund["merchant"] if refund else "", ask["number"], ask["state"])
        if what == "answer":
            return self.answers.append({"path": ask["path"], "how": ask["how"], "times": int(ask.get("times", 1))})
        raise ApiError(404, "NOT_FOUND", "没有这个操作")


def page(html: str, status: int = 200) -> Answer:
    """A page for the payer."""
    answer = Answer(status, html.encode(), "text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = PAGE_POLICY
    return answer


def away(url: str, status: int = 303) -> Answer:
    """Back to the merchant."""
    answer = Answer(status)
    answer.headers["Location"] = url
    return answer
