"""Costs of repairs: entered on the case's page; a month of them by project and payer, to be settled with landlords."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anju.domain.workorders import cost_queries, queries, refusals
from anju.domain.workorders.cost_actions import add_cost, withdraw_cost
from anju.domain.workorders.equipping import equip
from anju.domain.workorders.models import WorkOrderCost
from anju.domain.workorders.order_titles import titled
from anju.domain.workorders.permissions import COST, COST_LIST, EQUIP
from anju.foundation.access import may_export, require_export, restrict
from anju.foundation.access.pages import staff_page
from anju.foundation.db import clock
from anju.foundation.documents import Column, write_sheet
from anju.foundation.ui import render
from anju.foundation.ui.asked import Asked
from anju.kit import Refused
from anju.kit.refusal import NOT_FOUND

PAGE, EXPORTED = 20, 100_000
EARLIEST, LATEST = 2000, 2100
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WHATS, PAYERS = dict(WorkOrderCost.What.choices), dict(WorkOrderCost.Payer.choices)


def _then(request: Any, case_id: int, do: Callable[[], str]) -> HttpResponse:
    """Do it and go back to the case; a refusal is said there."""
    try:
        messages.success(request, do())
    except Refused as refused:
        if refused.code == "not_found":
            raise
        messages.error(request, refused.text(request.LANGUAGE_CODE))
    return redirect(reverse("flows:case", args=[case_id]))


def amount_of(text: str) -> Decimal:
    """An amount as typed; refused if it is no number."""
    try:
        return Decimal(text.strip().removeprefix("¥").replace(",", ""))
    except InvalidOperation:
        raise refusals.COST_NUMBER() from None


@require_POST
@staff_page(needs=COST)
def add(request: Any, order_id: int) -> HttpResponse:
    """Enter a cost of an order."""
    order, posted = queries.within(request.actor, order_id), request.POST

    def do() -> str:
        cost = add_cost(
            request.actor, order_id=order_id, what=posted.get("what", ""), text=posted.get("text", ""),
            amount=amount_of(posted.get("amount", "")), misuse=bool(posted.get("misuse")), key=posted.get("key", ""),
        )  # fmt: skip
        if cost.warranty and not cost.misuse:
            messages.warning(request, _("这台设备报修时在保，先找厂家。"))
        return _("已记费用，按规则由{payer}承担").format(payer=PAYERS[cost.payer])

    return _then(request, order.case_id, do)


@require_POST
@staff_page(needs=COST)
def withdraw(request: Any, cost_id: int) -> HttpResponse:
    """Take a cost back."""
    rows = WorkOrderCost.objects.select_related("order").filter(id=cost_id)
    cost = restrict(rows, request.actor).first()
    if cost is None:
        raise NOT_FOUND()

    def do() -> str:
        withdraw_cost(request.actor, cost_id=cost_id, reason=request.POST.get("reason", ""))
        return _("已撤回，向租客收的已冲正") if cost.charge_id else _("已撤回")

    return _then(request, cost.order.case_id, do)


@require_POST
@staff_page(needs=EQUIP)
def equipment(request: Any, order_id: int) -> HttpResponse:
    """Say which equipment an order is about."""
    order = queries.within(request.actor, order_id)

    def do() -> str:
        equip(request.actor, order_id=order_id, item_id=Asked("", request.POST.dict()).number("item"))
        return _("已保存")

    return _then(request, order.case_id, do)


def _asked(request: Any) -> tuple[Asked, date, str, int | None]:
    """The month, the payer and the project of an address; all of this month if it says nothing."""
    asked = Asked(reverse("workorders:costs"), request.GET.dict())
    try:
        month = date.fromisoformat(f"{asked.text('month')}-01")
    except ValueError:
        month = date.min
    if not EARLIEST <= month.year <= LATEST:
        month = clock.today().replace(day=1)
    payer = asked.text("payer", {**PAYERS, "all": ""}) or "all"
    return asked, month, "" if payer == "all" else payer, request.session.get("console_project")


@require_GET
@staff_page(needs=COST_LIST)
def month(request: Any) -> HttpResponse:
    """A month's costs by project and payer, which count every line, and its lines by pages."""
    asked, first, payer, project = _asked(request)
    totals = cost_queries.month_totals(request.actor, first, payer=payer, project_id=project)
    following = cost_queries.next_month(first)
    lines = sum(t["lines"] for t in totals)
    page = min(max(asked.number("page") or 1, 1), max(-(-lines // PAGE), 1))
    skip = (page - 1) * PAGE
    rows = cost_queries.month_lines(request.actor, first, payer=payer, project_id=project, most=PAGE, skip=skip)
    by_payer = [("all", _("全部")), *((key, str(word)) for key, word in PAYERS.items())]
    context = {
        "asked": asked, "first": first, "rows": rows, "totals": totals, "lines": lines,
        "range": f"{skip + 1}–{skip + len(rows)}",
        "newer": asked.url(page=page - 1) if page > 1 else None,
        "older": asked.url(page=page + 1) if lines > skip + PAGE else None,
        "sum": sum((t["amount"] for t in totals), Decimal(0)), "whats": WHATS, "payers": PAYERS,
        "before": asked.url(month=f"{first - timedelta(days=1):%Y-%m}"),
        "after": asked.url(month=f"{following:%Y-%m}") if following <= clock.today() else None,
        "chips_of": [{"text": w, "href": asked.url(payer=k), "on": k == (payer or "all")} for k, w in by_payer],
        "may_export": may_export(request.actor, "work_order_cost"),
    }  # fmt: skip
    return render(request, "workorders/costs.html", context)


@require_GET
@staff_page(needs=COST_LIST)
def month_export(request: Any) -> HttpResponseBase:
    """The month as a sheet, every line."""
    require_export(request.actor, "work_order_cost")
    first, payer, project = _asked(request)[1:]
    rows = cost_queries.month_lines(request.actor, first, payer=payer, project_id=project, most=EXPORTED)
    columns = [
        Column("project", _("项目"), width=22), Column("place", _("房间或楼栋")), Column("number", _("单号")),
        Column("title", _("报修"), width=22), Column("what", _("类别"), width=8), Column("text", _("说明"), width=30),
        Column("payer", _("承担人"), width=8), Column("amount", _("金额"), "money"), Column("on", _("日期"), "day"),
    ]  # fmt: skip
    said = (
        {**row, "what": str(WHATS[row["what"]]), "payer": str(PAYERS[row["payer"]]), "title": titled(row["title"])}
        for row in rows
    )
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "costs.xlsx"
        write_sheet(target, columns, said, name=_("维修费用"))
        name = f"{_('维修费用')}-{first:%Y-%m}.xlsx"
        return FileResponse(target.open("rb"), as_attachment=True, filename=name, content_type=EXCEL)
