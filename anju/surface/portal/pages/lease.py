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
from anju.domain.billing.queries import Balance, Statement, balances, booked_days, statement
from anju.domain.leases.own import own_lease, own_leases
from anju.domain.tenants.own import own_person
from anju.foundation.access.pages import tenant_page
from anju.foundation.db import clock
from anju.foundation.ui import render
from anju.foundation.ui.formats import money
from anju.kit import Actor
from anju.kit.period import add_months
from anju.surface.portal import words
from anju.surface.portal.due import lease_of
from anju.surface.portal.homes import Row, day_after, earlier_ones, is_over, next_one
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
    leases = own_leases(tenant)
    earlier, renewed = earlier_ones(found, leases), next_one(found, leases)
    accounts = balances([lease_id, *(row["id"] for row in earlier)], clock.today())
    holder = next((row for row in earlier if accounts[row["id"]].held), None)
    facts = {
        "lease": found,
        "room": words.rooms(found),
        "status": words.status(found["status"]),
        "until": lease_line(found, clock.today()),
        "place": _place(found),
        "agreed": _agreed(found, renewed),
        "steps": _steps(found),
        "fees": [(fee["name"], fee["per"], fee["amount"]) for fee in found["fees"]],
        "deposit": _deposit(found, accounts, holder),
        "holder": holder,
        "renewed": renewed,
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


def _deposit(found: Row, accounts: dict[int, Balance], holder: Row | None) -> list[tuple[str, str]]:
    """The deposit agreed and held; after a renewal it stays where it was paid, under the lease before."""
    own = [(_("约定押金"), money(found["deposit"])), (_("已收在管"), money(accounts[found["id"]].held))]
    if holder is None:
        return own
    kept = (_("原合同名下在管"), money(accounts[holder["id"]].held))
    return [*own, kept] if found["deposit"] else [(_("约定押金"), _("沿用原合同的，没有另收")), kept]


def _agreed(found: Row, renewed: Row | None) -> list[tuple[str, str]]:
    last = found["end_on"] - timedelta(days=1)
    rows = [(_("租期"), f"{words.full(found['start_on'])} {_('至')} {words.full(last)}")]
    if found["holds_until"] > found["end_on"]:
        rows.append((_("已顺延至"), words.full(found["holds_until"] - timedelta(days=1))))
    rows += [(_("月租金"), money(_monthly(found))), (_("付款"), _paying(found))]
    if renewed:
        rows.append((_("到期后"), _("已续租，合同 %(number)s") % {"number": renewed["number"]}))
    elif not is_over(found):
        rows.append((_("到期后"), _("自动续租") if found["auto_renew"] else _("到期前与您商量续租")))
    return rows


def _monthly(found: Row) -> Decimal | None:
    """The rent of today; of a lease that is over, its last."""
    monthly: Decimal | None = found["monthly"]
    return found["rates"][-1]["monthly"] if monthly is None and found["rates"] else monthly


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
    """The months of the lease, oldest first, and those before and after it in which something was booked."""
    today = clock.today()
    booked, last_booked = booked_days(found["id"], today)
    begins = found["since"] or min(found["start_on"], booked or found["start_on"])
    ends = day_after(found) - timedelta(days=1) if is_over(found) else today
    last = max(min(ends, today), last_booked or ends).replace(day=1)
    first = max(min(begins.replace(day=1), last), add_months(last, 1 - MOST_MONTHS))
    months = [first]
    while (after := add_months(months[-1], 1)) <= last:
        months.append(after)
    return months


def _month(text: str, months: list[date], otherwise: date) -> date:
    return next((m for m in months if f"{m:%Y-%m}" == text), otherwise)
