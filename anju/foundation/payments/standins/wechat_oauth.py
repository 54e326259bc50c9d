"""WeChat's own browser: who sits before it (snsapi_base), and the sheet that opens inside it (JSAPI)."""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from anju.foundation.payments.standins.wechat_books import Row
from anju.foundation.payments.standins.wechat_desk import ApiError, Desk, nearby
from anju.foundation.payments.standins.wechat_keys import APPID, WechatKeys
from anju.foundation.payments.standins.wechat_signing import MAX_SKEW, Signer, Unsigned

CODE_LIVES_S = 300
OK, CANCELLED = "get_brand_wcpay_request:ok", "get_brand_wcpay_request:cancel"
FAILED = "get_brand_wcpay_request:fail"


@dataclass
class Code:
    """A code that was handed out."""

    openid: str
    expires: float
    used: bool = False


class Browser:
    """WeChat on one phone. ``user`` is who holds it; ``cancels``: the payer closes the sheet."""

    def __init__(self, keys: WechatKeys, signer: Signer, desk: Desk) -> None:
        self.keys, self.signer, self.desk = keys, signer, desk
        self.user, self.cancels = "zhou", False
        self.codes: dict[str, Code] = {}

    def openid(self) -> str:
        """What the account calls the user: the same user has another name at another account."""
        return f"o{hashlib.sha256(f'{APPID}|{self.user}'.encode()).hexdigest()[:27]}"

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent on to. Raises ApiError for what WeChat shows as an error page."""
        back = urlsplit(asked.get("redirect_uri", ""))
        if asked.get("appid") != APPID:
            raise ApiError(400, "10013", "AppID 错误")
        if not nearby(back):
            raise ApiError(400, "10003", "redirect_uri 域名与后台配置不一致")
        if asked.get("response_type") != "code" or asked.get("scope") != "snsapi_base":
            raise ApiError(400, "10005", "scope 参数错误或没有 scope 权限")
        if not asked.get("state", "").isalnum() or len(asked["state"]) > 128:
            raise ApiError(400, "10006", "state 参数错误")
        code = secrets.token_hex(16)
        self.codes[code] = Code(self.openid(), time.time() + CODE_LIVES_S)
        added = urlencode({"code": code, "state": asked["state"]})
        return f"{back.geturl()}{'&' if back.query else '?'}{added}"

    def token(self, asked: dict[str, str]) -> Row:
        """``/sns/oauth2/access_token``: the openid for a code, once and for five minutes."""
        if asked.get("appid") != APPID:
            return refused(40013, "invalid appid")
        if asked.get("secret") != self.keys.app_secret:
            return refused(40125, "invalid appsecret")
        if asked.get("grant_type") != "authorization_code":
            return refused(40002, "invalid grant_type")
        code = self.codes.get(asked.get("code", ""))
        if code is None or code.expires < time.time():
            return refused(40029, "invalid code")
        if code.used:
            return refused(40163, "code been used")
        code.used = True
        return {
            "access_token": secrets.token_hex(32),
            "expires_in": 7200,
            "refresh_token": secrets.token_hex(32),
            "openid": code.openid,
            "scope": "snsapi_base",
        }

    def pay(self, asked: Row) -> Row:
        """``WeixinJSBridge`` with ``getBrandWCPayRequest``: the page's signature is checked, then the payer confirms.

        The sheet opens only for the person the order was made for.
        """
        package = str(asked.get("package", ""))
        order = self.desk.books.row(
            "SELECT * FROM orders WHERE prepay_id = ? AND method = 'jsapi'", package.removeprefix("prepay_id=")
        )
        stamp = str(asked.get("timeStamp", ""))
        fresh = stamp.isdigit() and abs(int(stamp) - time.time()) <= MAX_SKEW
        right = asked.get("appId") == APPID and asked.get("signType") == "RSA" and fresh
        if order is None or not right or order["openid"] != self.openid():
            return {"err_msg": FAILED}
        try:
            text = f"{APPID}\n{stamp}\n{asked.get('nonceStr', '')}\n{package}\n"
            self.signer.check_merchant(text.encode(), str(asked.get("paySign", "")))
            if self.cancels:
                return {"err_msg": CANCELLED}
            self.desk.pay(order["prepay_id"])
        except (Unsigned, ApiError):
            return {"err_msg": FAILED}
        return {"err_msg": OK}


def refused(code: int, message: str) -> Row:
    """An error of the accounts' API: status 200, the number in the body."""
    return {"errcode": code, "errmsg": message}
