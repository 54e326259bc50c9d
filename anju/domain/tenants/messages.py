"""Messages to a person as timelines tell them: by which channel, with what result."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from anju.domain.tenants.permissions import VIEW_CONTACTS
from anju.foundation.access.timelines import Moment, moments
from anju.foundation.db import fetch_value, planned
from anju.foundation.messaging import codes
from anju.foundation.messaging.explaining import why_href
from anju.foundation.messaging.queries import contacts_with
from anju.foundation.ui.formats import duration

ICONS = {"sms": "message", "inapp": "device-mobile", "email": "mail", "wechat": "brand-wechat", "voice": "phone"}
TONES = {"delivered": "ok", "read": "ok", "failed": "danger", "held": "warn"}

HAS = planned("SELECT count(*) FROM message WHERE to_person = %(id)s::bigint")


def channel(key: str) -> str:
    """A channel's name."""
    names = {"sms": _("短信"), "inapp": _("站内消息"), "email": _("邮件"), "wechat": _("服务号"), "voice": _("电话")}
    return names.get(key, _("消息"))


def notice(kind: str) -> str:
    """What a message is for."""
    names = {"reminder": _("缴租提醒"), "code": _("验证码"), "receipt": _("收款通知"), "dunning": _("催缴")}
    return names.get(kind, _("通知"))


def result(row: dict[str, Any]) -> str:
    """What became of a message: 已送达，链接未打开."""
    states = {
        "queued": _("等待发送"), "held": _("已拦下"), "sending": _("发送中"), "sent": _("已发出，等回执"),
        "delivered": _("已送达"), "read": _("已读"), "failed": _("未送达"), "cancelled": _("已取消"),
    }  # fmt: skip
    said = states.get(row["state"], _("处理中"))
    if row["state"] in ("sent", "delivered", "read") and row["channel"] == "sms":
        return _("{what}，链接已打开").format(what=said) if row["opened"] else _("{what}，链接未打开").format(what=said)
    return _("已送达，未读") if (row["channel"], row["state"]) == ("inapp", "delivered") else said


def detail(row: dict[str, Any]) -> str:
    """The second line: why it was not sent, or how long it took."""
    if row["reason"]:
        return codes.words(row["reason"])
    if row["sent_at"] and row["delivered_at"] and row["delivered_at"] > row["sent_at"]:
        took = row["delivered_at"] - row["sent_at"]
        if took.total_seconds() < 60:
            return _("送达用时 {n} 秒").format(n=int(took.total_seconds()))
        return _("送达用时 {t}").format(t=duration(took))
    return ""


@moments("person", about="message", needs=VIEW_CONTACTS)
def messages(request: Any, person_id: int, limit: int) -> list[Moment]:
    """Every message to a person that left the house or should have."""
    return [
        Moment(
            row["sent_at"] or row["due_at"],
            ICONS.get(row["channel"], "message"),
            _("{channel}{notice}，{result}").format(
                channel=channel(row["channel"]), notice=notice(row["kind"]), result=result(row)
            ),
            detail(row),
            TONES.get(row["state"], ""),
            "message",
            why_href(row["id"]),
        )
        for row in contacts_with(person_id, limit=limit)
        if row["state"] != "queued"
    ]


def message_count(person_id: int) -> int:
    """How many messages a person has."""
    return int(fetch_value(HAS, {"id": person_id}) or 0)
