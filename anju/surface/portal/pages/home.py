"""What I owe and when; and where everything else is."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from anju.domain.billing.queries import Balance, balances
from anju.domain.billing.queries.own import next_bill
from anju.domain.complaints.queries import own_complaints
from anju.domain.leases.own import RUNNING, own_leases
from anju.domain.tenants.own import own_person
from anju.domain.workorders.queries import own_orders
from anju.foundation.access.pages import tenant_page
from anju.foundation.db import clock
from anju.foundation.messaging.queries import inbox, unread_count
from anju.foundation.ui import render
from anju.kit import Actor
from anju.surface.portal import homes, words
from anju.surface.portal.ahead import most_ahead
from anju.surface.portal.complaints import row_of as complaint_row
from anju.surface.portal.due import Due, lease_due
from anju.surface.portal.repairs import row_of

SOON = 7


@tenant_page()
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The first page. A tenant with several leases chooses one first."""
    tenant: Actor = request.actor  # type: ignore[attr-defined]
    leases = own_leases(tenant)
    accounts = balances([row["id"] for row in leases], clock.today())
    person = own_person(tenant)
    facts = {
        "hello": _("%(name)s，%(greeting)s") % {"name": person["name"], "greeting": greeting()},
        "unread": unread_count(tenant.id),
        "news": next(iter(inbox(tenant.id, limit=1)), None),
        "house": request.org.short_name or request.org.name,  # type: ignore[attr-defined]
        "others": [],
        "repairs": _repairs(tenant),
        "complaints": _complaints(tenant),
    }
    now = [row for row in leases if row["status"] in RUNNING or accounts[row["id"]].owed]
    chosen = _chosen(request, leases) or (now[0] if len(now) == 1 else None)
    if chosen is None and now:
        return render(request, "portal/leases.html", facts | {"leases": [_row(r, accounts[r["id"]]) for r in now]})
    if chosen is None and leases:
        chosen = leases[0]
    facts |= {"others": homes.others(chosen, leases), "lease": chosen}
    return render(request, "portal/home.html", facts | {"money": _money(tenant, chosen, accounts) if chosen else None})


def _repairs(tenant: Actor) -> str:
    """What is being repaired, in a line."""
    running = [order for order in own_orders(tenant) if order.case.closed_at is None]
    if not running:
        return _("哪里坏了，拍张照片告诉我们")
    first = row_of(running[0])
    if len(running) > 1:
        return _("%(n)s 件在处理") % {"n": len(running)}
    return f"{first['title']}{_('・')}{first['stage']}"


def _complaints(tenant: Actor) -> str:
    """What is being answered, in a line."""
    running = [c for c in own_complaints(tenant) if c.case.closed_at is None]
    if not running:
        return _("有不满意的地方，告诉我们，件件有答复")
    if len(running) > 1:
        return _("%(n)s 件在处理") % {"n": len(running)}
    first = complaint_row(running[0])
    return f"{first['title']}{_('・')}{first['stage']}"


def _chosen(request: HttpRequest, leases: list[dict[str, Any]]) -> dict[str, Any] | None:
    wanted = request.GET.get("lease", "")
    return next((row for row in leases if str(row["id"]) == wanted), None)


def _row(lease: dict[str, Any], account: Balance) -> dict[str, Any]:
    owes = _("待支付 ¥%(n)s") % {"n": f"{account.owed.yuan:,.2f}"} if account.owed else _("已付清")
    return {"id": lease["id"], "room": words.rooms(lease), "text": f"{lease['project']}・{owes}", "late": account.late}


def _money(tenant: Actor, lease: dict[str, Any], accounts: dict[int, Balance]) -> dict[str, Any]:
    account, today = accounts[lease["id"]], clock.today()
    facts: dict[str, Any] = {"account": account, "room": words.rooms(lease), "until": lease_line(lease, today)}
    facts["over"] = homes.is_over(lease)
    if account.owed:
        due = lease_due(tenant, lease["id"], lease)
        return facts | {
            "due": due,
            "badge": badge(due, today),
            "late": bool(account.late),
            "sums": words.sums(due.charges),
        }
    coming = next_bill(tenant, lease["id"])
    said = words.coming(coming, account.credit) if coming else ""
    return facts | {"due": None, "next": coming, "coming": said, "ahead": bool(most_ahead(lease))}


def badge(due: Due, today: date) -> str:
    """``danger`` when late, ``warn`` in the last week, ``ok`` before."""
    if due.due_on is None or due.due_on < today:
        return "danger"
    return "warn" if (due.due_on - today).days <= SOON else "ok"


def lease_line(lease: dict[str, Any], today: date) -> str:
    """``到 2027年2月28日，还有 98 天``."""
    last = date.fromordinal(lease["holds_until"].toordinal() - 1)
    facts = {"day": words.short(last), "n": (last - today).days}
    if lease["status"] == "ended":
        return _("已于 %(day)s 结束") % {"day": words.short(date.fromordinal(lease["actual_end_on"].toordinal() - 1))}
    if today < lease["start_on"]:
        return _("%(day)s 起租") % {"day": words.short(lease["start_on"])}
    if last < today:
        return _("已于 %(day)s 到期，请联系管家续租或退租") % facts
    return ngettext("到 %(day)s，还有 %(n)s 天", "到 %(day)s，还有 %(n)s 天", facts["n"]) % facts  # type: ignore[arg-type]


def greeting() -> str:
    """By the hour."""
    hour = clock.now().astimezone(clock.SHANGHAI).hour
    if hour < 5 or hour >= 18:
        return _("晚上好")
    return _("早上好") if hour < 11 else _("中午好") if hour < 13 else _("下午好")
