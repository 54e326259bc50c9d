"""My lease in plain words, and the statement of what was charged and paid."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anju.domain.billing.documents import line_words, statement_pdf, statement_sheet
from anju.domain.billing.queries import Statement, balances, statement
from anju.domain.leases.own import own_lease
from anju.domain.tenants.own import own_person
from anju.foundation.access.pages import tenant_page
from anju.foundation.db import clock
from anju.foundation.ui import render
from anju.foundation.ui.formats import money
from anju.kit import Actor
from anju.kit.period import add_months
from anju.surface.portal import words
from anju.surface.portal.due import lease_of
from anju.surface.portal.pages.home import lease_line
from anju.surface.portal.pages.orders import file

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_MONTHS = 36


@tenant_page()
@require_GET
def lease(request: HttpRequest, lease_id: int) -> HttpResponse:
    """What was agreed, in plain words."""
    tenant: Actor = request.actor  # type: ignore[attr-defined]
    found = own_lease(tenant, lease_id)
    account = balances([lease_id], clock.today())[lease_id]
    facts = {
        "lease": found,
        "room": words.rooms(found),
        "status": words.status(found["status"]),
        "until": lease_line(found, clock.today()),
        "place": _place(found),
        "agreed": _agreed(found),
        "steps": _steps(found),
        "fees": [(fee["name"], fee["per"], fee["amount"]) for fee in found["fees"]],
        "deposit": [(_("约定押金"), money(found["deposit"])), (_("已收在管"), money(account.held))],
        "together": [(row["name"], words.part(row["role"]), row["from_on"]) for row in found["together"]],
    }
    return render(request, "portal/lease.html", facts)


def _place(found: dict[str, Any]) -> list[tuple[str, str]]:
    place = found["places"][0] if found["places"] else None
    if place is None:
        return []
    area = _("%(n)s 平方米") % {"n": f"{place['area'].normalize():f}"} if place["area"] else ""
    kind = " ".join(part for part in (place["layout"], area) if part)
    return [
        (_("小区"), f"{place['city']} {place['project']}"),
        (_("房间"), words.rooms(found)),
        *([(_("户型"), kind)] if kind else []),
    ]


def _agreed(found: dict[str, Any]) -> list[tuple[str, str]]:
    last = found["end_on"] - timedelta(days=1)
    rows = [(_("租期"), f"{words.full(found['start_on'])} {_('至')} {words.full(last)}")]
    if found["holds_until"] > found["end_on"]:
        rows.append((_("已顺延至"), words.full(found["holds_until"] - timedelta(days=1))))
    return [
        *rows,
        (_("月租金"), money(found["monthly"])),
        (_("付款"), _paying(found)),
        (_("到期后"), _("自动续租") if found["auto_renew"] else _("到期前与您商量续租")),
    ]


def _paying(found: dict[str, Any]) -> str:
    cycle, offset = found["cycle_months"], found["due_offset_days"]
    often = _("每月付一次") if cycle == 1 else _("每 %(n)s 个月付一次") % {"n": cycle}
    if offset == 0:
        return _("，").join((often, _("账期第一天支付")))
    when = _("账期开始前 %(n)s 天支付") if offset < 0 else _("账期开始后 %(n)s 天支付")
    return _("，").join((often, when % {"n": abs(offset)}))


def _steps(found: dict[str, Any]) -> list[tuple[str, str, Decimal]]:
    """Rent by days, where it is not the same all the time."""
    rates = found["rates"]
    if len(rates) < 2:
        return []
    return [
        (_("免租") if not r["monthly"] else _("月租金"), words.days(r["from_on"], r["to_on"]), r["monthly"])
        for r in rates
    ]


@tenant_page()
@require_GET
def account(request: HttpRequest, lease_id: int) -> HttpResponse:
    """The statement: months are chosen, then looked at or taken along as PDF or Excel."""
    tenant: Actor = request.actor  # type: ignore[attr-defined]
    found = lease_of(tenant, lease_id)
    months = _months(found)
    first = _month(request.GET.get("from", ""), months, months[max(0, len(months) - 12)])
    last = max(first, _month(request.GET.get("to", ""), months, months[-1]))
    until = min(add_months(last, 1) - timedelta(days=1), clock.today())
    whole = statement(lease_id, max(first, found["since"] or first), until)
    wanted = request.GET.get("as", "")
    name = f"{_('对账单')}-{found['number']}-{first:%Y%m}-{last:%Y%m}"
    if wanted == "pdf":
        who = own_person(tenant)["name"]
        company = request.org.name  # type: ignore[attr-defined]
        room, number = words.rooms(found), found["number"]
        body = statement_pdf(whole, company=company, lease=number, who=who, room=room, first=first, until=until)
        return file(body, "application/pdf", f"{name}.pdf")
    if wanted == "xlsx":
        with tempfile.TemporaryDirectory(prefix="anju-statement-") as folder:
            target = Path(folder) / "statement.xlsx"
            statement_sheet(target, whole, title=f"{words.rooms(found)} {first} – {until}")
            return file(target.read_bytes(), XLSX, f"{name}.xlsx")
    facts = {"lease": found, "room": words.rooms(found), "months": months, "first": first, "last": last, "whole": whole}
    return render(request, "portal/statement.html", facts | {"until": until, "lines": _lines(whole)})


def _lines(whole: Statement) -> list[tuple[date, str, str, Decimal]]:
    """Newest first: what is charged stands with plus, what was paid with minus."""
    return [
        (
            line["day"],
            line_words(line),
            words.charge_days(line),
            (line["charged"] - line["paid"]).yuan,
        )
        for line in reversed(whole.lines)
    ]


def _months(found: dict[str, Any]) -> list[date]:
    """The months there is something to say about, oldest first."""
    begins, now = found["created_at"].astimezone(clock.SHANGHAI).date(), clock.today().replace(day=1)
    first = min(min(begins, found["start_on"]).replace(day=1), now)
    first = found["since"].replace(day=1) if found["since"] else add_months(first, -1)
    first = max(first, add_months(now, 1 - MOST_MONTHS))
    months = [first]
    while (after := add_months(months[-1], 1)) <= now:
        months.append(after)
    return months


def _month(text: str, months: list[date], otherwise: date) -> date:
    return next((m for m in months if f"{m:%Y-%m}" == text), otherwise)
