"""Setting channels up, trying them, switching them off; texts whose filing was made by hand."""

from __future__ import annotations

import secrets
import time
from typing import Any

from anju.foundation.access.permissions import permission
from anju.foundation.actions import Act, action
from anju.foundation.db import clock, scoped_org
from anju.foundation.messaging import codes
from anju.foundation.messaging.channels import base
from anju.foundation.messaging.channels.aliyun import NoAnswer, NotReached
from anju.foundation.messaging.channels.sms import Sms, as_filed
from anju.foundation.messaging.models import ChannelSetting, SmsTemplate
from anju.foundation.messaging.policies import Messaging
from anju.foundation.messaging.texts import MessageText, signed
from anju.foundation.policy.store import in_force
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND, sentence

CONFIGURE = permission("messaging.channel.configure", zh="配置消息渠道", en="Configure message channels", roles=())

NO_CHANNEL = sentence("messaging.channel.unknown", "没有这个渠道：{channel}。", "There is no channel {channel}.")
NOT_SETTABLE = sentence(
    "messaging.channel.config", "渠道配置缺少：{missing}。", "The channel's setting lacks: {missing}."
)
NOT_SET = sentence("messaging.channel.not_set", "请先保存这个渠道的设置。", "Save this channel's settings first.")
NO_SUCH_FILING = sentence(
    "messaging.text.unknown_code",
    "服务商处没有模板 {template}，请核对模板号，或检查密钥和网络。",
    "The provider does not know the template {template}; check the code, the key and the network.",
)
OTHER_WORDING = sentence(
    "messaging.text.other_wording",
    "模板 {template} 在服务商处的正文和这一条不同，不能使用。请按页面上的正文报备，一个字都不能差。",
    "The provider has other words under the template {template}; file exactly the words on the page.",
)
NEEDED = {"sms": ("key_id", "sign_name"), "email": ("host", "port", "from_address")}
SECONDS = 20.0
TRIAL = MessageText(
    email_subject="测试邮件", email_body="这是一封测试邮件。您收到它，说明邮件渠道已经接通，不需要回复。"
)


def _settable(
    by: Actor,
    *,
    channel: str,
    provider: str,
    config: dict[str, Any],
    secret: dict[str, str] | None = None,
    enabled: bool = True,
    daily_quota: int | None = None,
    balance: int | None = None,
) -> None:
    if channel not in base.channel_labels():
        raise NO_CHANNEL(channel=channel)
    if missing := [name for name in NEEDED.get(channel, ()) if not config.get(name)]:
        raise NOT_SETTABLE(missing="、".join(missing))
    if clock.drill_clock() is not None:
        account = base.Account(scoped_org(), channel, provider, config, {}, True)
        base.open_channel(account)  # refuses an address beyond this machine


@action("messaging.channel.configure", needs=CONFIGURE, check=_settable)
def configure_channel(
    act: Act,
    *,
    channel: str,
    provider: str,
    config: dict[str, Any],
    secret: dict[str, str] | None = None,
    enabled: bool = True,
    daily_quota: int | None = None,
    balance: int | None = None,
) -> ChannelSetting:
    """Set up a channel.

    Args:
        channel: ``sms`` or ``email``.
        provider: ``aliyun``, ``smtp``.
        config: what is not secret; see the channel's class.
        secret: sealed under the organization's key; left out, the stored one stays.
        daily_quota: messages a day the provider allows (Beijing day).
        balance: parts left at the provider; counted down from here.

    Raises:
        Refused: ``messaging.channel.unknown``, ``messaging.channel.config``, ``channel.drill_only``.
    """
    values = {
        "provider": provider,
        "config": config,
        "enabled": enabled,
        "daily_quota": daily_quota,
        "balance": balance,
    }
    cleared = {"trouble_code": "", "trouble_at": None, "retry_after": None}
    sealed = {"secret": base.seal_secret(secret)} if secret is not None else {}
    row, _ = ChannelSetting.objects.update_or_create(channel=channel, defaults={**values, **cleared, **sealed})
    entered = sorted(name for name, value in (secret or {}).items() if value)
    act.trace("channel", row.id, channel=channel, provider=provider, enabled=enabled, secrets=entered)
    return row


def _is_set(by: Actor, *, channel: str, **_: Any) -> None:
    if not ChannelSetting.objects.filter(channel=channel).exists():
        raise NOT_SET()


@action("messaging.channel.switch", needs=CONFIGURE, check=_is_set)
def switch_channel(act: Act, *, channel: str, enabled: bool) -> None:
    """Stop using a channel, or use it again; its settings stay. What is due meanwhile goes by the next channel.

    Raises:
        Refused: ``messaging.channel.not_set``.
    """
    row = ChannelSetting.objects.select_for_update().get(channel=channel)
    if row.enabled == enabled:
        act.nothing_changed()
        return
    row.enabled = enabled
    row.save(update_fields=["enabled"])
    act.trace("channel", row.id, channel=channel, enabled=enabled)


@action("messaging.channel.try", needs=CONFIGURE, check=_is_set)
def try_channel(act: Act, *, channel: str, address: str) -> str:
    """Send one test message now, through the stored setting, whether or not the channel is switched on.

    The provider is waited for inside the transaction: it is one letter, and a time-out ends it.

    Args:
        channel: ``sms`` (the wording of the sign-in code, with a code that opens nothing) or ``email``.
        address: where to; it is not stored.

    Returns:
        the code of what went wrong (:mod:`.codes`), empty when the provider took it. Then former trouble of the
        channel is over, and what waited goes on.

    Raises:
        Refused: ``messaging.channel.not_set``, ``channel.drill_only``.
    """
    row = ChannelSetting.objects.get(channel=channel)
    account = base.account_of(row, drill=clock.drill_clock() is not None)
    code = _try(account, address)
    if not code:
        ChannelSetting.objects.filter(id=row.id).update(trouble_code="", trouble_at=None, retry_after=None)
    act.trace("channel", row.id, channel=channel, outcome=code or "accepted")
    return code


def _try(account: base.Account, address: str) -> str:
    channel = base.open_channel(account)
    letter = _trial(account, address)
    channel.prepare([letter])
    if letter.hold:
        # a provider that does not let us in cannot file a text either: say the cause, not that the text waits
        return (channel.knock() if isinstance(channel, Sms) else "") or letter.hold
    result = channel.deliver([letter], time.monotonic() + SECONDS)[0]
    return "" if result.kind in ("accepted", "delivered") else result.code or codes.UNKNOWN.code


def _trial(account: base.Account, address: str) -> base.Letter:
    text = in_force(Messaging).value.code if account.channel == "sms" else TRIAL
    shown = text.render(account.channel, {"code": f"{secrets.randbelow(10**6):06d}"})
    body = signed(shown.body, str(account.config.get("sign_name", ""))) if account.channel == "sms" else shown.body
    return base.Letter(
        message_id=0,
        attempt_id=0,
        person_id=0,
        contact_id=None,
        out_id=f"test-{secrets.token_hex(8)}",
        address=address,
        title=shown.title,
        body=body,
        template=text.template(account.channel)[1],
        values=dict(shown.values),
        started_at=clock.wall(),
    )


def _has_sms(by: Actor, **_: Any) -> None:
    _is_set(by, channel="sms")


@action("messaging.text.name", needs=CONFIGURE, check=_has_sms)
def name_text(act: Act, *, wording: str, template: str) -> SmsTemplate:
    """Say under which code a wording was filed by hand; the provider is asked whether it has exactly these words.

    Args:
        wording: our text with ``{variables}``, as a policy holds it.
        template: the provider's code (``SMS_123456789``).

    Raises:
        Refused: ``messaging.text.unknown_code``, ``messaging.text.other_wording``, ``not_found`` for no such setting.
    """
    row = ChannelSetting.objects.get(channel="sms")
    channel = base.open_channel(base.account_of(row, drill=clock.drill_clock() is not None))
    if not isinstance(channel, Sms):
        raise NOT_FOUND()
    try:
        answer = channel.filing(template)
    except (NotReached, NoAnswer) as error:
        raise NO_SUCH_FILING(template=template) from error
    if answer["Code"] != "OK":
        raise NO_SUCH_FILING(template=template)
    if str(answer.get("TemplateContent", "")) != as_filed(wording):
        raise OTHER_WORDING(template=template)
    filed = channel.keep_filing(wording, template, answer)
    act.trace("channel", row.id, filing=filed.id, template=template)
    return filed
