"""微信支付: merchant numbers and keys, and the service account that may ask who pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anju.foundation.access.permissions import Permission
from anju.foundation.db import clock
from anju.foundation.payments.actions import change_account, close_account, try_account
from anju.foundation.payments.actions.orders import notify_url
from anju.foundation.payments.gateways import gateway_kind
from anju.foundation.payments.permissions import SET_UP
from anju.foundation.payments.queries import Stored, stored_account, under_way
from anju.foundation.payments.wechat_config import PRODUCTION, STANDIN
from anju.foundation.ui.heads import Badge
from anju.kit import Actor, Refused
from anju.surface.providers.provider import BAD_VALUES, Field, Standing, changes

KEY = "wechat"
BY_KEY, BY_CERTIFICATE = "public_key", "certificate"
DIGITS = gettext_lazy("商户号是 8 至 10 位数字。")
PEM = gettext_lazy("请把 PEM 文件的全部内容粘贴进来，从“-----BEGIN”到“-----END”一行。")

FIELDS = (
    Field("mchid", gettext_lazy("商户号"), rule=DIGITS),
    Field("appid", gettext_lazy("AppID"), help=gettext_lazy("与商户号绑定的服务号或小程序"),
          rule=gettext_lazy("AppID 以 wx 开头，共 18 位。")),
    Field("serial_no", gettext_lazy("商户证书序列号"), rule=gettext_lazy("序列号是 16 至 40 位的数字和字母 A–F。")),
    Field("private_key", gettext_lazy("商户私钥"), "keys", help=gettext_lazy("apiclient_key.pem 的内容"), rule=PEM),
    Field("apiv3_key", gettext_lazy("API v3 密钥"), "secret", rule=gettext_lazy("API v3 密钥是 32 个字符。")),
    Field("mode", gettext_lazy("怎样验证微信的签名"), "select", options=(
        (BY_KEY, gettext_lazy("微信支付公钥（新商户号）")), (BY_CERTIFICATE, gettext_lazy("平台证书（自动下载）")))),
    Field("public_key_id", gettext_lazy("微信支付公钥 ID"), optional=True,
          rule=gettext_lazy("公钥 ID 以 PUB_KEY_ID_ 开头。")),
    Field("public_key", gettext_lazy("微信支付公钥"), "keys", help=gettext_lazy("pub_key.pem 的内容"), optional=True,
          rule=gettext_lazy("用公钥验证时，公钥和公钥 ID 都要填；公钥是 PEM 文件的全部内容。")),
    Field("app_secret", gettext_lazy("公众号 AppSecret"), "secret", optional=True, droppable=True,
          help=gettext_lazy("填了才能在微信里直接付款；不填就提示租客改用浏览器")),
    Field("base_url", gettext_lazy("接口地址"), optional=True,
          help=gettext_lazy("一般留空；演练公司留空就用本机的模拟服务"),
          rule=gettext_lazy("接口地址要以 https:// 开头。")),
)  # fmt: skip


class WechatPay:
    """See :class:`~anju.surface.providers.provider.Provider`."""

    key = KEY
    title: Any = gettext_lazy("微信支付")
    icon = "brand-wechat"
    about: Any = gettext_lazy("租客在手机、微信和电脑上付租金，到账自动核销。")
    needs: Permission = SET_UP
    fields: Sequence[Field] = FIELDS
    receiver: Any = ""

    def standing(self) -> Standing:
        """How it stands now."""
        account = stored_account(KEY)
        if account is None:
            return Standing(None, Badge(_("未设置"), "line"), {"mode": BY_KEY})
        values = dict(account.values)
        if values.get("base_url") == _usual():
            values["base_url"] = ""
        values["mode"] = BY_KEY if values.get("public_key_id") else BY_CERTIFICATE
        known = changes("merchant_account", account.ids)
        kept = {name: known.get(name) for name in account.secrets}
        return Standing(account.active, _badge(account), values, kept, _facts(values), account=account.id)

    def to_copy(self) -> Sequence[tuple[Any, str]]:
        """Where WeChat reports, and the domain it has to allow."""
        base = settings.BASE_URL.rstrip("/")
        host = base.partition("//")[2]
        return [
            (_("支付结果通知地址（每笔订单自动带上，不用登记）"), notify_url(KEY)),
            (_("支付授权目录（商户平台登记）"), f"{base}/p/"),
            (_("支付授权目录（短信链接）"), f"{base}/b/"),
            (_("网页授权域名（公众平台登记）"), host),
        ]

    def save(self, by: Actor, typed: Mapping[str, str]) -> None:
        """Store what was typed; WeChat is asked with it first."""
        values = {f.name: typed[f.name] for f in FIELDS if f.name in typed and f.name != "mode"}
        values["base_url"] = values.get("base_url") or _usual()
        if typed.get("mode") == BY_CERTIFICATE:
            values |= {"public_key": "", "public_key_id": ""}
        try:
            change_account(by, gateway=KEY, values=values)
        except Refused as refused:
            if refused.code == "payments.account.values":
                raise BAD_VALUES(fields=str(refused.facts["fields"]).split("、")) from None
            raise

    def attempt(self, by: Actor, to: str, language: str) -> tuple[bool, str]:
        """A signed query, and an order of one fen that is closed again."""
        if word := try_account(by, gateway=KEY):
            return False, gateway_kind(KEY).says(word).text(language)
        return True, _("微信支付已接通：商户号、证书和签名都对。API v3 密钥要等第一笔到账通知来验证。")

    def losses(self) -> Sequence[tuple[Any, Any]]:
        """Open orders and refunds, and what tenants see."""
        open_orders, refunds = under_way(KEY)
        return [
            (_("租客付款页"), _("不再出现微信支付；没有其他方式时，提示联系管家付款")),
            (_("已打开、还没付的支付单"), _("%(n)s 笔，到账仍会自动入账") % {"n": open_orders}),
            (_("进行中的退款"), _("%(n)s 笔，继续原路退回") % {"n": refunds}),
            (_("商户号和密钥"), _("保留，随时可以重新启用")),
        ]

    def switch_off(self, by: Actor) -> None:
        """Take no new payments."""
        close_account(by, gateway=KEY)


def _usual() -> str:
    """The address where nobody typed one."""
    return STANDIN if clock.drill_clock() is not None else PRODUCTION


def _badge(account: Stored) -> Badge:
    if not account.active:
        return Badge(_("已停用"), "warn")
    return Badge(_("演练"), "info") if account.drill else Badge(_("使用中"), "ok")


def _facts(values: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    by = _("微信支付公钥") if values["mode"] == BY_KEY else _("平台证书")
    return [(_("商户号"), values["mchid"]), (_("AppID"), values["appid"]), (_("验证签名"), by)]
