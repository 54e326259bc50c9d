"""Events of people in words."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from anju.foundation.access.revealing import REASONS
from anju.foundation.trace.told import told


def field_words(field: str) -> str:
    """What a sensitive field is called."""
    names = {
        "phone": _("手机号"), "email": _("邮箱"), "wechat": _("微信"),
        "document": _("证件号码"), "account": _("银行账号"),
    }  # fmt: skip
    return names.get(field, _("敏感信息"))


def _reveal(body: dict[str, Any]) -> dict[str, Any]:
    return {"field": field_words(body.get("field", "")), "reason": REASONS.get(body.get("reason", ""), "…")}


def _contact(body: dict[str, Any]) -> dict[str, Any]:
    return {"field": field_words(body.get("medium", ""))}


person = partial(told, about="data", icon="user")
person("tenants.person.register", "登记租客资料", "Registered the tenant", icon="user-plus")
person("tenants.contact.change", "更换{field}", "Changed the {field}", icon="phone-plus", facts=_contact)
person(
    "tenants.person.reveal", "查看完整{field}，原因：{reason}", "Looked at the full {field}: {reason}",
    icon="eye", tone="warn", facts=_reveal,
)  # fmt: skip
person("tenants.person.take_copy", "租客下载了自己的资料", "The tenant took a copy of the own data", icon="download")
