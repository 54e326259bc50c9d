"""合同: leases, the latest first; standing views, filters, pages, and the same as a spreadsheet."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from anju.domain.leases.permissions import DRAFT, VIEW
from anju.domain.leases.person_panels import last_day
from anju.domain.leases.plain import STATES, TONES
from anju.domain.leases.queries import Filter, lease_count, leases
from anju.foundation.access import allows, may_export, may_see, require_export
from anju.foundation.access.pages import staff_page
from anju.foundation.access.parts import Filled, columns_for
from anju.foundation.db import clock
from anju.foundation.documents import Column, write_sheet
from anju.foundation.lists.listing import Listing, declare
from anju.foundation.ui import nav, render
from anju.foundation.ui.asked import Asked

PAGE, MOST, CHUNK, COUNTED = 20, 100_000, 2000, 999
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
VIEWS: dict[str, Any] = {
    "active": gettext_lazy("执行中"),
    "ending": gettext_lazy("30 天内到期"),
    "expired": gettext_lazy("到期未退"),
    "awaiting": gettext_lazy("待搬入"),
    "draft": gettext_lazy("草稿"),
    "ended": gettext_lazy("已结束"),
}


def view_filter(view: str, today: date) -> dict[str, Any]:
    """What a standing view narrows to."""
    if view == "ending":
        return {
            "statuses": ("active",),
            "ending_from": today + timedelta(days=1),
            "ending_until": today + timedelta(31),
        }
    if view == "expired":
        return {"statuses": ("active",), "ending_until": today}
    return {"statuses": (view,)} if view else {}


def waiting(request: Any) -> int:
    """The rail's number: leases that are over while the tenant is still there."""
    return lease_count(request.actor, Filter(**view_filter("expired", clock.today())), limit=COUNTED)


LIST = declare(
    "leases", gettext_lazy("合同"), "leases:list", needs=VIEW, keys=("view", "number", "unit", "project"),
    columns=(
        ("rooms", gettext_lazy("房源")), ("term", gettext_lazy("租期")), ("state", gettext_lazy("状态")),
        ("monthly", gettext_lazy("当前月租")),
    ),
)  # fmt: skip
nav.entry(
    "leases", gettext_lazy("合同"), "file-text", "leases:list", order=40, permission=VIEW, count=waiting, shared=True
)


def wanted_of(request: Any, asked: Asked) -> Filter:
    """The filter an address asks for."""
    return Filter(
        project_id=asked.number("project") or request.session.get("console_project"),
        unit_id=asked.number("unit"),
        number=asked.text("number").strip()[:40],
        **view_filter(asked.text("view", VIEWS), clock.today()),
    )


@require_GET
@staff_page(needs=VIEW)
def lease_list(request: Any) -> HttpResponse:
    """The list."""
    return render(request, "leases/list.html", list_context(request), block="list")


def list_context(request: Any) -> dict[str, Any]:
    """What the list shows."""
    asked = Asked(reverse("leases:list"), request.GET.dict())
    wanted = wanted_of(request, asked)
    after, before = asked.number("after"), asked.number("before")
    page = leases(request.actor, wanted, after=after, before=before, limit=PAGE)
    rows, now = [row | {"last_day": last_day(row)} for row in page.rows], asked.text("view", VIEWS)
    views = [{"text": _("全部"), "href": asked.url(view=None), "on": not now}]
    views += [{"text": text, "href": asked.url(view=key), "on": key == now} for key, text in VIEWS.items()]
    filled = columns_for(request, "lease", [row["id"] for row in rows])
    listing = listing_of(request, asked, filled)
    return {
        "asked": asked,
        "listing": listing,
        "wanted": wanted,
        "rows": rows,
        "columns": [f for f in filled if listing.has(f.column.key)],
        "total": lease_count(request.actor, wanted),
        "older": asked.url(after=rows[-1]["id"]) if rows and page.after else None,
        "newer": asked.url(before=rows[0]["id"]) if rows and (after or (before and len(rows) == PAGE)) else None,
        "standing": views,
        "states": STATES,
        "tones": TONES,
        "money": may_see(request.actor, "lease", "monthly"),
        "may_export": may_export(request.actor, "lease"),
        "may_draft": allows(request.actor, DRAFT),
        "today": clock.today(),
    }


def listing_of(request: Any, asked: Asked, filled: Sequence[Filled]) -> Listing:
    """The list as this person sees it; a column of money is offered to those who may see it."""
    listing = Listing(request, LIST, asked, [(f.column.key, f.column.label) for f in filled])
    if not may_see(request.actor, "lease", "monthly"):
        listing.choices = [c for c in listing.choices if c[0] != "monthly"]
    return listing


@require_GET
@staff_page(needs=VIEW)
def lease_export(request: Any) -> HttpResponseBase:
    """The leases as listed, every page, with the columns the viewer may see."""
    require_export(request.actor, "lease")
    asked = Asked(reverse("leases:list"), request.GET.dict())
    wanted, brought = wanted_of(request, asked), columns_for(request, "lease", [])
    columns = listing_of(request, asked, brought).columns(
        [
            ("", Column("number", _("合同编号"))),
            ("", Column("payer", _("租客"), width=18)),
            ("", Column("handle", _("识别号"), width=20)),
            ("rooms", Column("project", _("项目"), width=26)),
            ("rooms", Column("rooms", _("房源"), width=18)),
            ("term", Column("start_on", _("开始日"), "day")),
            ("term", Column("last_day", _("到期日"), "day")),
            ("monthly", Column("monthly", _("当前月租"), "money")),
            ("monthly", Column("deposit", _("押金"), "money")),
            ("state", Column("state", _("状态"), width=10)),
            *((f.column.key, Column(f.column.key, str(f.column.label), f.column.kind)) for f in brought),  # type: ignore[arg-type]
        ]
    )
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "leases.xlsx"
        write_sheet(target, columns, _exported(request, wanted), name=_("合同"))
        name = f"{_('合同')}-{clock.now():%Y%m%d-%H%M}.xlsx"
        return FileResponse(target.open("rb"), as_attachment=True, filename=name, content_type=EXCEL)


def _exported(request: Any, wanted: Filter) -> Iterator[dict[str, Any]]:
    after = None
    for _n in range(MOST // CHUNK):
        page = leases(request.actor, wanted, after=after, limit=CHUNK)
        brought = columns_for(request, "lease", [row["id"] for row in page.rows])
        for row in page.rows:
            own = {"rooms": _("、").join(row["units"]), "last_day": last_day(row), "state": STATES[row["status"]]}
            cells = {f.column.key: f.cells.get(row["id"]) for f in brought}
            yield row | own | {k: c.text if c.plain is None else c.plain for k, c in cells.items() if c is not None}
        if page.after is None:
            return
        after = page.after
