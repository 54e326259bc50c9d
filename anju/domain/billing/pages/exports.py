"""导出所见: the list as Excel, with the fields the viewer may see, and the tenant's statement."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anju.domain.billing.documents import line_words, statement_pdf, statement_sheet
from anju.domain.billing.models import Payment
from anju.domain.billing.pages import arrears as arrears_pages
from anju.domain.billing.pages import bills as bill_pages
from anju.domain.billing.pages.door import money_page
from anju.domain.billing.pages.lists import ARREARS, BILLS, PAYMENTS
from anju.domain.billing.pages.words import words
from anju.domain.billing.permissions import VIEW, VIEW_PAYMENTS
from anju.domain.billing.queries import arrears, bills, payments, statement
from anju.domain.leases.models import Lease
from anju.foundation.access import require_export, restrict, view
from anju.foundation.db import clock, fetch_one
from anju.foundation.documents import Column, write_sheet
from anju.foundation.lists.listing import Listing
from anju.foundation.ui import render
from anju.foundation.ui.asked import Asked
from anju.kit.refusal import NOT_FOUND

MOST, CHUNK = 100_000, 2000
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _who(tenant: str, building: str) -> list[tuple[str, Column]]:
    """Who and where, under the list's columns for them."""
    return [
        (tenant, Column("name", _("租客"))),
        (tenant, Column("lease", _("合同"))),
        (tenant, Column("phone_tail", _("手机尾号"), width=10)),
        (tenant, Column("project", _("项目"), width=22)),
        (building, Column("building", _("楼栋"), width=10)),
        (tenant, Column("room", _("房间"))),
    ]


def _answer(name: str, columns: list[Column], rows: Iterable[dict[str, Any]]) -> HttpResponseBase:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "list.xlsx"
        write_sheet(target, columns, rows, name=name)
        file_name = f"{name}-{clock.now():%Y%m%d-%H%M}.xlsx"
        return FileResponse(target.open("rb"), as_attachment=True, filename=file_name, content_type=EXCEL)


@require_GET
@money_page(needs=VIEW)
def arrears_export(request: Any) -> HttpResponseBase:
    """The arrears as listed, every page."""
    require_export(request.actor, "arrears")
    asked, today = Asked("/rent/arrears", request.GET.dict()), clock.today()
    found = arrears_pages.wanted(asked, request.session.get("console_project"))

    def rows() -> Iterator[dict[str, Any]]:
        for offset in range(0, MOST, CHUNK):
            part = arrears(request.actor, today, found, offset=offset, limit=CHUNK)
            yield from part[:CHUNK]
            if len(part) <= CHUNK:
                return

    columns = Listing(request, ARREARS, asked).columns(
        [
            *_who("", "building"),
            ("owed", Column("owed", _("欠款"), "money")),
            ("late", Column("days_late", _("逾期天数"), "number")),
            ("oldest", Column("oldest_due_on", _("最早应付日"), "day")),
            ("contact", Column("last_at", _("上次联系"), "time", 18)),
        ]
    )
    return _answer(_("逾期清单"), columns, rows())


@require_GET
@money_page(needs=VIEW)
def bills_export(request: Any) -> HttpResponseBase:
    """The bills as listed, every page."""
    require_export(request.actor, "bill")
    asked, today = Asked("/rent/bills", request.GET.dict()), clock.today()
    found = bill_pages.wanted(asked, request.session.get("console_project"))

    def rows() -> Iterator[dict[str, Any]]:
        after = None
        for _n in range(MOST // CHUNK):
            part = bills(request.actor, today, found, after=after, limit=CHUNK)
            yield from ({**b, "state": words.bill(b["state"])} for b in part[:CHUNK])
            if len(part) <= CHUNK:
                return
            after = part[CHUNK - 1]["id"]

    columns = Listing(request, BILLS, asked).columns(
        [
            ("", Column("number", _("账单号"), width=24)),
            *_who("tenant", "tenant"),
            ("period", Column("period_from", _("账期起"), "day")),
            ("due", Column("due_on", _("应付日"), "day")),
            ("amount", Column("amount", _("应付"), "money")),
            ("settled", Column("settled", _("已付"), "money")),
            ("open", Column("open", _("未付"), "money")),
            ("state", Column("state", _("状态"))),
        ]
    )
    return _answer(_("账单"), columns, rows())


@require_GET
@money_page(needs=VIEW_PAYMENTS)
def payments_export(request: Any) -> HttpResponseBase:
    """The payments as listed, every page."""
    require_export(request.actor, "payment")
    methods = dict(Payment.Method.choices)
    asked = Asked("/rent/payments", request.GET.dict())
    lease_id = asked.number("lease")

    def rows() -> Iterator[dict[str, Any]]:
        after = None
        for _n in range(MOST // CHUNK):
            part = payments(request.actor, lease_id=lease_id, after=after, limit=CHUNK)
            for p in part[:CHUNK]:
                shown = {**p, "received_at": p["received_at"].astimezone(clock.SHANGHAI)}
                yield {**shown, "method": methods.get(p.get("method", ""), "")}
            if len(part) <= CHUNK:
                return
            after = part[CHUNK - 1]["id"]

    columns = Listing(request, PAYMENTS, asked).columns(
        [
            ("", Column("number", _("收款号"))),
            *_who("tenant", "tenant"),
            ("amount", Column("amount", _("金额"), "money")),
            ("method", Column("method", _("方式"))),
            ("time", Column("received_at", _("到账时间"), "time", 18)),
            ("source", Column("source", _("凭据"), width=28)),
        ]
    )
    return _answer(_("收款"), columns, rows())


PLACE = """
SELECT u.code FROM lease_unit lu JOIN unit u ON u.id = lu.unit_id WHERE lu.lease_id = %(lease)s ORDER BY lu.id LIMIT 1
"""


@require_GET
@money_page(needs=VIEW)
def statement_page(request: Any, lease_id: int) -> HttpResponseBase:
    """A lease's statement: on screen, as PDF (``?as=pdf``) or Excel (``?as=xlsx``)."""
    lease = restrict(Lease.objects.select_related("payer").filter(id=lease_id), request.actor).first()
    if lease is None:
        raise NOT_FOUND()
    first, until = _span(request, lease)
    whole = statement(lease_id, first, until)
    who = view(request.actor, "person", [{"name": lease.payer.name}])[0].get("name", "")
    room = (fetch_one(PLACE, {"lease": lease_id}) or {}).get("code", "")
    kind = request.GET.get("as", "")
    name = f"{_('对账单')}-{lease.number}-{until.isoformat()}"
    if kind == "pdf":
        pdf = statement_pdf(
            whole, company=request.org.name, lease=lease.number, who=who, room=room, first=first, until=until
        )
        header = content_disposition_header(as_attachment=True, filename=f"{name}.pdf") or "attachment"
        return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": header})
    if kind == "xlsx":
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "statement.xlsx"
            statement_sheet(target, whole, title=f"{_('租客对账单')} {who} {room}")
            return FileResponse(target.open("rb"), as_attachment=True, filename=f"{name}.xlsx", content_type=EXCEL)
    context = {"lease": lease, "who": who, "room": room, "whole": whole, "first": first, "until": until}
    return render(request, "billing/statement.html", {**context, "kind_words": line_words})


def _span(request: Any, lease: Lease) -> tuple[date, date]:
    """The days asked for; from the lease's start until today otherwise."""

    def day(name: str, other: date) -> date:
        try:
            return date.fromisoformat(request.GET.get(name, ""))
        except ValueError:
            return other

    return day("from", lease.start_on), day("until", clock.today())
