"""Words and icons for what lists show as codes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from anju.domain.tenants.messages import result
from anju.foundation.messaging.explaining import why_href

CHANNELS: dict[str, tuple[Any, str]] = {
    "sms": (_("短信"), "message"),
    "inapp": (_("站内消息"), "device-mobile"),
    "email": (_("邮件"), "mail"),
}
STATES: dict[str, Any] = {
    "queued": _("等待发送"),
    "held": _("已暂停"),
    "sending": _("发送中"),
    "sent": _("已发出"),
    "delivered": _("已送达"),
    "read": _("已读"),
    "failed": _("未送达"),
    "cancelled": _("已取消"),
}
BILL_STATES: dict[str, tuple[Any, str]] = {
    "open": (_("待付"), "info"),
    "part": (_("部分已付"), "info"),
    "late": (_("逾期"), "warn"),
    "settled": (_("已付清"), "ok"),
    "unpaid": (_("未付清"), "info"),  # a view only: no single bill is called that
}


class Words:
    """Offered to templates as ``words``."""

    def channel(self, key: str) -> Any:
        """A channel's name."""
        return CHANNELS.get(key, (key, ""))[0]

    def icon(self, key: str) -> str:
        """A channel's icon."""
        return CHANNELS.get(key, ("", "message"))[1]

    def state(self, key: str) -> Any:
        """What became of a message, as far as a list knows."""
        return STATES.get(key, key)

    def result(self, message: dict[str, Any]) -> str:
        """What became of a message, with whether it was read or its link opened."""
        return result(message)

    def why_href(self, message: dict[str, Any]) -> str:
        """Where a message is explained."""
        return why_href(message["id"])

    def bill(self, key: str) -> Any:
        """A bill's state."""
        return BILL_STATES[key][0]

    def bill_tone(self, key: str) -> str:
        """A bill state's colour."""
        return BILL_STATES[key][1]


words = Words()
