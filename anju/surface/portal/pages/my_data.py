"""What is stored about me, why, who may see it, for how long; who looked; and a copy to take along (T-11)."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anju.domain.billing.queries.own import own_bills, own_payments
from anju.domain.leases.own import own_leases
from anju.domain.tenants.actions import take_copy
from anju.domain.tenants.own import looks, own_person
from anju.foundation.access.fields import EVERYBODY, FieldSpec, declared_entity
from anju.foundation.access.pages import tenant_page
from anju.foundation.access.policies import Access
from anju.foundation.access.revealing import REASONS
from anju.foundation.access.rights import in_force_access
from anju.foundation.calls.queries import calls_of_person
from anju.foundation.calls.timelines import how_it_went
from anju.foundation.db import clock
from anju.foundation.documents import Column, write_sheet
from anju.foundation.messaging.queries import inbox
from anju.foundation.ui import render
from anju.foundation.ui.formats import moment
from anju.kit import Actor
from anju.kit.period import add_months
from anju.surface.portal import words
from anju.surface.portal.pages.lease import XLSX
from anju.surface.portal.pages.orders import file

# field → icon, and what it is kept for
STORED = {
    "name": ("user", gettext_lazy("用于签约")),
    "phone": ("device-mobile", gettext_lazy("用于账单通知和登录")),
    "email": ("mail", gettext_lazy("用于账单通知")),
    "wechat": ("brand-wechat", gettext_lazy("用于账单通知")),
    "document": ("id", gettext_lazy("用于核实身份")),
    "account": ("credit-card", gettext_lazy("用于退款")),
}
FEW = 3


@tenant_page()
@require_GET
def my_data(request: HttpRequest) -> HttpResponse:
    """Stored values with purpose, viewers and retention; the latest looks."""
    tenant: Actor = request.actor  # type: ignore[attr-defined]
    every = "all" in request.GET
    seen = _looks(tenant, 200)
    facts = {"items": _items(tenant), "looks": seen if every else seen[:FEW], "count": len(seen), "every": every}
    return render(request, "portal/my_data.html", facts)


def _items(tenant: Actor) -> list[dict[str, Any]]:
    person, access = own_person(tenant), in_force_access()
    ends = [row["actual_end_on"] or row["holds_until"] for row in own_leases(tenant)]
    last = max(ends) - timedelta(days=1) if ends else None
    items = []
    for name, (icon, purpose) in STORED.items():
        spec = declared_entity("person").fields[name]
        value = person.get(name) or person.get(f"{name}_mask")
        if not value:
            continue
        kept, note = keeping(spec.retention, last)
        seen_by = viewers(access, spec)
        text = _("・").join((str(purpose), seen_by)) if seen_by else str(purpose)
        items.append({"icon": icon, "label": label(spec), "value": value, "text": text, "kept": kept, "note": note})
    return items


def label(spec: FieldSpec) -> str:
    """A field's name in the reader's language."""
    return spec.en if (get_language() or "zh").startswith("en") else spec.zh


def viewers(access: Access, spec: FieldSpec) -> str:
    """Who sees a field in full, by the policy in force."""
    granted = access.fields.get(f"person.{spec.name}", spec.default_roles)
    if granted == EVERYBODY:
        return _("全体员工可看")
    names = [role_name(access, key) for key in granted]
    return _("仅%(who)s可看") % {"who": _("、").join(names)} if names else _("无人可看")


def role_name(access: Access, key: str) -> str:
    """A role as people call it."""
    role = next((r for r in access.roles if r.key == key), None)
    if role is None:
        return _("管理员")
    return role.en or role.zh if (get_language() or "zh").startswith("en") else role.zh


def keeping(retention: str, last: date | None) -> tuple[str, str]:
    """How long something is kept, as ``(until when, by which rule)``; ``last`` is the last day of the last lease."""
    if retention == "permanent":
        return _("长期存档"), _("合同依法留存")
    if match := re.fullmatch(r"lease_end\+(\d+)y", retention):
        years = int(match[1])
        rule = ngettext("退租后 %(n)s 年", "退租后 %(n)s 年", years) % {"n": years}
        return (_("到 %(day)s") % {"day": add_months(last, 12 * years)}, rule) if last else (rule, "")
    if match := re.fullmatch(r"approval\+(\d+)d", retention):
        return _("加密封存"), _("核实后 %(n)s 天内封存") % {"n": match[1]}
    return (_("到 %(day)s") % {"day": last}, _("租期结束")) if last else (_("租期结束"), "")


def _looks(tenant: Actor, limit: int) -> list[dict[str, Any]]:
    """Who looked at a value, and who called without seeing the number, newest first."""
    called = [_called(row) for row in calls_of_person(tenant.id, limit=limit) if row["by_staff"]]
    seen = [_look(row) for row in looks(tenant, limit=limit)]
    return sorted(seen + called, key=lambda row: row["at"], reverse=True)[:limit]


def _called(row: dict[str, Any]) -> dict[str, Any]:
    role = role_name(in_force_access(), row["roles"][0]) if row["roles"] else ""
    return {
        "who": f"{role} {row['staff']}".strip() or _("员工"),
        "what": _("用隐私号打过电话"),
        "why": _("，").join((how_it_went(row), _("看不到您的号码"))),
        "at": row["at"],
    }


def _look(row: dict[str, Any]) -> dict[str, Any]:
    access = in_force_access()
    fields = declared_entity("person").fields
    role = role_name(access, row["roles"][0]) if row["roles"] else ""
    what = label(fields[row["field"]]) if row["field"] in fields else _("资料")
    return {
        "who": f"{role} {row['staff']}".strip() if row["staff"] else _("系统"),
        "what": _("看了%(field)s") % {"field": what},
        "why": str(REASONS.get(row["reason"], "")),
        "at": row["at"],
    }


@tenant_page()
@require_POST
def copy(request: HttpRequest) -> HttpResponse:
    """Everything stored about me as one spreadsheet, the values in full."""
    tenant: Actor = request.actor  # type: ignore[attr-defined]
    columns = [
        Column("part", _("类别"), width=12),
        Column("what", _("项目"), width=22),
        Column("value", _("内容"), width=44),
        Column("at", _("时间"), width=24),
    ]
    with tempfile.TemporaryDirectory(prefix="anju-copy-") as folder:
        target = Path(folder) / "copy.xlsx"
        write_sheet(target, columns, _copied(tenant), name=_("我的资料"), title=_("我的资料"))
        return file(target.read_bytes(), XLSX, f"{_('我的资料')}-{clock.today():%Y%m%d}.xlsx")


def _copied(tenant: Actor) -> Iterator[dict[str, str]]:
    fields = declared_entity("person").fields
    person = own_person(tenant)
    yield {
        "part": _("资料"),
        "what": label(fields["name"]),
        "value": person["name"],
        "at": moment(person["created_at"]),
    }
    for name, value in take_copy(tenant, person_id=tenant.id):
        yield {"part": _("资料"), "what": label(fields[name]), "value": value}
    for lease in own_leases(tenant):
        days = words.days(lease["start_on"], lease["end_on"])
        yield {"part": _("合同"), "what": lease["number"], "value": f"{words.rooms(lease)} {days}"}
        for bill in own_bills(tenant, clock.today(), lease["id"], limit=1000):
            facts = {"amount": bill["amount"], "open": bill["open"]}
            value = _("应付 %(amount)s，未付 %(open)s") % facts
            yield {"part": _("账单"), "what": words.bill_title(bill), "value": value, "at": str(bill["due_on"])}
        for paid in own_payments(tenant, lease["id"], limit=1000):
            value = f"{words.method(paid['method'])} {paid['amount']}"
            yield {"part": _("付款"), "what": paid["number"], "value": value, "at": moment(paid["received_at"])}
    for message in inbox(tenant.id, limit=1000):
        yield {"part": _("消息"), "what": message.title, "value": message.body, "at": moment(message.came_at)}
    for look in _looks(tenant, 1000):
        value = _("，").join(part for part in (look["what"], look["why"]) if part)
        yield {"part": _("谁看过"), "what": look["who"], "value": value, "at": moment(look["at"])}
