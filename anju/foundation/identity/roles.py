"""The standard roles. Which of them may do and see what is the access policy's matter."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

ADMIN = "admin"
ROLES = {
    ADMIN: gettext_lazy("管理员"),
    "manager": gettext_lazy("店长"),
    "finance": gettext_lazy("财务"),
    "service": gettext_lazy("客服"),
    "maintenance": gettext_lazy("维修"),
    "risk": gettext_lazy("风控"),
}
