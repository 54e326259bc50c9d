"""Words for what pages about tenants show as codes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from anju.domain.tenants.models import ContactPoint

SEGMENTS: dict[str, Any] = {
    "office": _("上班族"),
    "student": _("学生"),
    "family": _("家庭"),
    "company": _("企业"),
}
CONTACTS = dict(ContactPoint.Kind.choices)
SENSITIVE: dict[str, Any] = {
    "phone": _("手机"),
    "email": _("邮箱"),
    "wechat": _("微信"),
    "document": _("证件号码"),
    "account": _("银行账号"),
}


class Words:
    """Offered to templates as ``words``."""

    def segment(self, key: str) -> Any:
        """A segment's name; what an operator named in their own words stays as it is."""
        return SEGMENTS.get(key, key)

    def contact(self, kind: str) -> Any:
        """A kind of contact."""
        return CONTACTS.get(kind, "")


words = Words()
