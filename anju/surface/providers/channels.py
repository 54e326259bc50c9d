"""短信 and 电子邮件: the accounts that messages leave by."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from anju.foundation.access.permissions import Permission
from anju.foundation.db import clock, scoped_org
from anju.foundation.messaging import codes
from anju.foundation.messaging.actions import configure_channel, switch_channel, try_channel
from anju.foundation.messaging.models import ChannelSetting
from anju.foundation.messaging.queries import stored_setting, waiting
from anju.foundation.messaging.setting_up import CONFIGURE
from anju.foundation.ui.heads import Badge
from anju.kit import Actor
from anju.kit.china import mobile
from anju.kit.loopback import is_loopback
from anju.surface.providers.provider import BAD_VALUES, Field, Standing, changes

STANDIN = "standin"
EMAIL = re.compile(r"[^@\s]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
MOST = 10_000_000
WHOLE = gettext_lazy("请填整数，或留空。")

SMS_FIELDS = (
    Field("key_id", gettext_lazy("AccessKey ID"), rule=gettext_lazy("请填写 AccessKey ID。")),
    Field("key_secret", gettext_lazy("AccessKey Secret"), "secret", rule=gettext_lazy("请填写 AccessKey Secret。")),
    Field("sign_name", gettext_lazy("短信签名"), help=gettext_lazy("已在阿里云通过审核的签名，不带【】"),
          rule=gettext_lazy("请填写短信签名。")),
    Field("daily_quota", gettext_lazy("每日上限（条）"), "number", optional=True,
          help=gettext_lazy("留空表示不限"), rule=WHOLE),
    Field("balance", gettext_lazy("剩余条数"), "number", optional=True,
          help=gettext_lazy("充值后填一次，之后自动扣减；留空表示不变"), rule=WHOLE),
    Field("endpoint", gettext_lazy("接口地址"), optional=True,
          help=gettext_lazy("一般留空；演练公司留空就用本机的模拟服务"),
          rule=gettext_lazy("接口地址要以 https:// 开头。")),
)  # fmt: skip
EMAIL_FIELDS = (
    Field("host", gettext_lazy("SMTP 服务器"), rule=gettext_lazy("请填写服务器地址，例如 smtp.example.com。")),
    Field("port", gettext_lazy("端口"), "number", rule=gettext_lazy("端口是 1 至 65535 的整数。")),
    Field("security", gettext_lazy("加密方式"), "select", options=(
        ("ssl", gettext_lazy("SSL（常用端口 465）")), ("starttls", gettext_lazy("STARTTLS（常用端口 587）")),
        ("none", gettext_lazy("不加密（仅限内网）")))),
    Field("user", gettext_lazy("登录账号"), optional=True),
    Field("password", gettext_lazy("登录密码"), "secret", help=gettext_lazy("多数邮箱要用“授权码”"), optional=True,
          droppable=True),
    Field("from_address", gettext_lazy("发件地址"), rule=gettext_lazy("发件地址要是一个邮箱。")),
    Field("from_name", gettext_lazy("发件人名称"), optional=True),
)  # fmt: skip


class MessageChannel:
    """What both have in common. See :class:`~anju.surface.providers.provider.Provider`."""

    key: str
    title: Any
    icon: str
    about: Any
    receiver: Any
    provider: str
    secret: str
    fields: Sequence[Field]
    needs: Permission = CONFIGURE

    def standing(self) -> Standing:
        """How it stands now."""
        row = stored_setting(self.key)
        if row is None:
            return Standing(None, Badge(_("未设置"), "line"), self.at_first())
        known = changes("channel", [row.id])
        kept = {self.secret: known.get(self.secret)} if row.secret else {}
        values = {**row.config, "daily_quota": row.daily_quota}
        if values.get("endpoint") == STANDIN:
            values["endpoint"] = ""
        trouble = codes.words(row.trouble_code, get_language() or "zh-hans")
        return Standing(row.enabled, self._badge(row), values, kept, self._facts(row), trouble, row.id)

    def at_first(self) -> dict[str, Any]:
        """What a form that was never filled in begins with."""
        return {}

    def _badge(self, row: ChannelSetting) -> Badge:
        if not row.enabled:
            return Badge(_("已停用"), "warn")
        if row.trouble_code:
            return Badge(_("有故障"), "danger")
        return Badge(_("演练"), "info") if clock.drill_clock() is not None else Badge(_("使用中"), "ok")

    def _facts(self, row: ChannelSetting) -> list[tuple[Any, Any]]:
        raise NotImplementedError

    def to_copy(self) -> Sequence[tuple[Any, str]]:
        """Nothing has to be entered at the provider."""
        return []

    def save(self, by: Actor, typed: Mapping[str, str]) -> None:
        """Store what was typed beside what is there and not shown."""
        row = stored_setting(self.key)
        wrong = self.faults(typed, row)
        if wrong:
            raise BAD_VALUES(fields=wrong)
        config = {**(row.config if row else {}), **self.config_of(typed)}
        balance = _whole(typed.get("balance", ""))
        configure_channel(
            by,
            channel=self.key,
            provider=self.provider,
            config={name: value for name, value in config.items() if value != ""},
            secret={self.secret: typed[self.secret]} if self.secret in typed else None,
            daily_quota=_whole(typed.get("daily_quota", "")) if "daily_quota" in typed else None,
            balance=balance if balance is not None else row.balance if row else None,
        )

    def faults(self, typed: Mapping[str, str], row: ChannelSetting | None) -> list[str]:
        """Names of values that cannot be right: a needed one left out, first of all."""
        return [
            f.name
            for f in self.fields
            if not f.optional and not typed.get(f.name) and not (f.hidden and row is not None and row.secret)
        ] + [f.name for f in self.fields if f.kind == "number" and not _is_whole(typed.get(f.name, ""))]

    def config_of(self, typed: Mapping[str, str]) -> dict[str, Any]:
        """The part of the form that is stored as it is."""
        apart = {self.secret, "daily_quota", "balance"}
        return {f.name: typed[f.name] for f in self.fields if f.name in typed and f.name not in apart}

    def attempt(self, by: Actor, to: str, language: str) -> tuple[bool, str]:
        """Send a test message."""
        code = try_channel(by, channel=self.key, address=to)
        if code:
            return False, codes.words(code, language)
        return True, _("测试消息已交给服务商，请看看 %(to)s 收到没有。") % {"to": to}

    def losses(self) -> Sequence[tuple[Any, Any]]:
        """Messages that wait, and how they go on."""
        return [
            (
                _("等待发出的消息"),
                _("%(n)s 条，到时改走下一个渠道；没有下一个渠道的不再发送") % {"n": waiting(self.key)},
            ),
            (_("账号和密钥"), _("保留，随时可以重新启用")),
        ]

    def switch_off(self, by: Actor) -> None:
        """Send nothing by it."""
        switch_channel(by, channel=self.key, enabled=False)


class Sms(MessageChannel):
    """短信, by Aliyun."""

    key, icon, provider, secret = "sms", "message", "aliyun", "key_secret"
    title: Any = gettext_lazy("短信")
    about: Any = gettext_lazy("阿里云短信：验证码、账单和催缴提醒。")
    receiver: Any = gettext_lazy("测试手机号")
    fields: Sequence[Field] = SMS_FIELDS

    def _facts(self, row: ChannelSetting) -> list[tuple[Any, Any]]:
        left = row.balance if row.balance is not None else _("未登记")
        return [(_("短信签名"), row.config.get("sign_name", "")), (_("AccessKey ID"), row.config.get("key_id", "")),
                (_("剩余条数"), left)]  # fmt: skip

    def to_copy(self) -> Sequence[tuple[Any, str]]:
        """Where receipts go."""
        base = settings.BASE_URL.rstrip("/")
        return [(_("回执地址（阿里云 SmsReport 登记）"), f"{base}/messages/report/aliyun/{scoped_org()}")]

    def faults(self, typed: Mapping[str, str], row: ChannelSetting | None) -> list[str]:
        """Also an address that would send keys in the clear."""
        endpoint = typed.get("endpoint", "")
        fine = not endpoint or endpoint == STANDIN or endpoint.startswith("https://") or is_loopback(endpoint)
        return super().faults(typed, row) + ([] if fine else ["endpoint"])

    def config_of(self, typed: Mapping[str, str]) -> dict[str, Any]:
        """The signature without brackets, which the provider adds; a drill organization's usual address."""
        at = typed.get("endpoint") or (STANDIN if clock.drill_clock() is not None else "")
        return {**super().config_of(typed), "sign_name": typed.get("sign_name", "").strip("【】 "), "endpoint": at}

    def attempt(self, by: Actor, to: str, language: str) -> tuple[bool, str]:
        """Send the code's wording, with a code that opens nothing."""
        number = mobile(to)
        return super().attempt(by, number, language) if number else (False, codes.words("address.malformed", language))


class Email(MessageChannel):
    """电子邮件, by any SMTP server."""

    key, icon, provider, secret = "email", "mail", "smtp", "password"
    title: Any = gettext_lazy("电子邮件")
    about: Any = gettext_lazy("用公司自己的邮箱发账单和通知。")
    receiver: Any = gettext_lazy("测试邮箱")
    fields: Sequence[Field] = EMAIL_FIELDS

    def at_first(self) -> dict[str, Any]:
        """What most mail servers want."""
        return {"port": 465, "security": "ssl"}

    def _facts(self, row: ChannelSetting) -> list[tuple[Any, Any]]:
        config = row.config
        return [(_("SMTP 服务器"), f"{config.get('host', '')}:{config.get('port', '')}"),
                (_("发件地址"), config.get("from_address", ""))]  # fmt: skip

    def faults(self, typed: Mapping[str, str], row: ChannelSetting | None) -> list[str]:
        """Also a port or an address that cannot be one."""
        port, wrong = _whole(typed.get("port", "")), super().faults(typed, row)
        if port is not None and not 1 <= port <= 65535:
            wrong.append("port")
        if not EMAIL.fullmatch(typed.get("from_address", "")):
            wrong.append("from_address")
        return wrong + (["security"] if typed.get("security") not in ("ssl", "starttls", "none") else [])

    def config_of(self, typed: Mapping[str, str]) -> dict[str, Any]:
        """The port as a number."""
        return {**super().config_of(typed), "port": _whole(typed.get("port", "")) or 0}

    def attempt(self, by: Actor, to: str, language: str) -> tuple[bool, str]:
        """Send a letter; a server that cannot be reached is named."""
        if not EMAIL.fullmatch(to):
            return False, codes.words("address.malformed", language)
        row = stored_setting(self.key)
        code = try_channel(by, channel=self.key, address=to)
        if code == "provider.unreachable" and row is not None:
            where = f"{row.config.get('host')}:{row.config.get('port')}"
            return False, _("连不上邮件服务器 %(where)s，请检查地址、端口和加密方式。") % {"where": where}
        if code:
            return False, codes.words(code, language)
        return True, _("测试邮件已交给邮件服务器，请看看 %(to)s 收到没有。") % {"to": to}


def _is_whole(text: str) -> bool:
    return not text or (text.isascii() and text.isdigit() and int(text) <= MOST)


def _whole(text: str) -> int | None:
    return int(text) if text and _is_whole(text) else None
