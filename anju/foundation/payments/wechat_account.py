"""The official account (服务号) bound to a merchant: asked who pays, inside WeChat's own browser (snsapi_base).

The payer sees nothing: WeChat's browser is sent to ``/connect/oauth2/authorize`` and comes straight back with a code,
which is good once and for five minutes. The openid it stands for names a person, so it is asked for when an order is
made, passed on in that order's request, and kept nowhere.
"""

from __future__ import annotations

from urllib.parse import urlencode

import requests

from anju.foundation.payments.gateways import GatewayError, GatewayUnsure
from anju.foundation.payments.wechat_config import WechatConfig, stays_here
from anju.kit.loopback import is_loopback

OPEN = "https://open.weixin.qq.com"
API = "https://api.weixin.qq.com"
TIMEOUT = (3.05, 5)
BUSY = -1
NO_SUCH_CODE = ("40029", "40163", "42003")
"""What a right secret hears for a code that was never issued, was used, or is too old."""


class OfficialAccount:
    """One account's sign-in; WeChat's, or a stand-in's where the gateway is one."""

    def __init__(self, config: WechatConfig) -> None:
        here = stays_here(config.model_dump())
        self.open_at, self.api_at = (config.address(),) * 2 if here else (OPEN, API)
        self.appid, self._secret = config.appid, config.app_secret

    def authorize_url(self, back: str, state: str) -> str:
        """Where to send the payer's browser.

        Args:
            back: our page, absolute, on the domain that was allowed at the account (网页授权域名).
            state: at most 128 letters and digits; comes back unchanged.
        """
        asked = {
            "appid": self.appid,
            "redirect_uri": back,
            "response_type": "code",
            "scope": "snsapi_base",
            "state": state,
        }  # in this order: WeChat is known to mind
        return f"{self.open_at}/connect/oauth2/authorize?{urlencode(asked)}#wechat_redirect"

    def openid(self, code: str) -> str:
        """The payer's openid. Raises GatewayError with WeChat's number (``40029``), GatewayUnsure when out of reach."""
        asked = {"appid": self.appid, "secret": self._secret, "code": code, "grant_type": "authorization_code"}
        found = self._ask("/sns/oauth2/access_token", asked)
        if "openid" not in found:
            self._refuse(found)
        return str(found["openid"])

    def check_secret(self) -> None:
        """Raise GatewayError unless WeChat takes our secret: with a right one it complains of the code only."""
        try:
            self.openid("anju")
        except GatewayUnsure:
            raise
        except GatewayError as error:
            if error.code not in NO_SUCH_CODE:
                raise

    def _ask(self, path: str, asked: dict[str, str]) -> dict[str, object]:
        proxies = {"http": "", "https": ""} if is_loopback(self.api_at) else None
        try:
            answer = requests.get(f"{self.api_at}{path}", params=asked, timeout=TIMEOUT, proxies=proxies)
            found = answer.json()
        except requests.RequestException:
            raise GatewayUnsure("UNREACHABLE") from None  # its text has the address, and with it the secret
        return found if isinstance(found, dict) else {}

    def _refuse(self, found: dict[str, object]) -> None:
        code = found.get("errcode")
        if code == BUSY or code is None:
            raise GatewayUnsure("BUSY")
        raise GatewayError(str(code))
