"""房源列表: filters, standing views by state, order, pages, and the same as a spreadsheet."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from anju.domain.portfolio.browsing import SORTS, UnitFilter, browse, how_many, layouts
from anju.domain.portfolio.pages.words import KINDS, SHAPES, long_fact, words
from anju.domain.portfolio.permissions import VIEW
from anju.domain.portfolio.queries import buildings, many, occupancy, projects
from anju.domain.portfolio.residents import residents
from anju.domain.portfolio.status import STATUSES
from anju.foundation.access import may_export, require_export
from anju.foundation.access.pages import staff_page
from anju.foundation.db import clock
from anju.foundation.documents import Column, write_sheet
from anju.foundation.lists.listing import Listing, declare
from anju.foundation.ui import render
from anju.foundation.ui.asked import Asked

PAGE, MOST, CHUNK, MENU = 20, 100_000, 2000, 60
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


LIST = declare(
    "units", gettext_lazy("房源"), "portfolio:units", needs=VIEW,
    keys=("status", "project", "building", "layout", "kind", "code", "low", "high", "sort"),
    columns=(
        ("layout", gettext_lazy("户型")), ("area", gettext_lazy("面积")), ("rent", gettext_lazy("指导价")),
        ("state", gettext_lazy("状态")), ("tenant", gettext_lazy("租客")), ("since", gettext_lazy("自")),
    ),
)  # fmt: skip


def wanted_of(asked: Asked, project_id: int | None) -> UnitFilter:
    """The filter an address asks for."""
    wanted = UnitFilter(
        project_id=asked.number("project") or project_id,
        building_id=asked.number("building"),
        status=asked.text("status", STATUSES),
        layout=asked.text("layout"),
        kind=asked.text("kind", KINDS),
        code=asked.text("code").strip()[:40],
        low=asked.money("low"),
        high=asked.money("high"),
    )
    usual = "since" if wanted.status == "vacant" and wanted.narrow() else "code"
    sort = asked.text("sort", SORTS) or usual
    return UnitFilter(**{**vars(wanted), "sort": sort if sort != "since" or wanted.narrow() else "code"})


@require_GET
@staff_page(needs=VIEW)
def unit_list(request: Any) -> HttpResponse:
    """The list of leaf units."""
    asked, today = Asked(reverse("portfolio:units"), request.GET.dict()), clock.today()
    wanted = wanted_of(asked, request.session.get("console_project"))
    page = max(1, asked.number("page") or 1)
    counts = occupancy(request.actor, today)
    rows = browse(request.actor, today, wanted, offset=(page - 1) * PAGE, limit=PAGE)
    more, rows = len(rows) > PAGE, rows[:PAGE]
    who = residents().who(request.actor, [row["lease_id"] for row in rows if row["lease_id"]])
    counted = how_many(request.actor, today, wanted) if more or page > 1 else len(rows)
    context = {
        "asked": asked,
        "listing": Listing(request, LIST, asked),
        "wanted": wanted,
        "rows": [_line(row, who.get(row["lease_id"]), today) for row in rows],
        "total": counted,
        "page": page,
        "more": more,
        "range": f"{(page - 1) * PAGE + 1}–{(page - 1) * PAGE + len(rows)}" if rows else None,
        "standing": _views(counts, asked, wanted),
        "projects": projects(request.actor, limit=MENU).rows,
        "buildings": buildings(request.actor, wanted.project_id) if wanted.project_id else [],
        "layouts": layouts(request.actor, wanted.project_id, keep=many(counts)),
        "kinds": KINDS,
        "may_export": may_export(request.actor, "unit"),
        "words": words,
        "today": today,
    }
    return render(request, "portfolio/units.html", context, block="list")


def _line(row: dict[str, Any], who: Any, today: Any) -> dict[str, Any]:
    return row | {"who": who, "says": long_fact(row, today), "shape": SHAPES.get(row["status"], "")}


def _views(units: list[dict[str, Any]], asked: Asked, wanted: UnitFilter) -> list[dict[str, Any]]:
    """A view per state that occurs, with its number."""
    counts: Counter[str] = Counter()
    for row in units:
        if wanted.project_id in (None, row["scope_id"]) and wanted.building_id in (None, row["building_id"]):
            counts[row["status"]] += row["units"]
    shown = [key for key in SHAPES if counts[key] or key == wanted.status]
    first = {"text": _("全部"), "href": asked.url(status=None, sort=None), "on": not wanted.status}
    return [first | {"count": counts.total()}] + [
        {"text": STATUSES[key], "href": asked.url(status=key, sort=None), "on": key == wanted.status}
        | {"count": counts[key]}
        for key in shown
    ]


@require_GET
@staff_page(needs=VIEW)
def unit_export(request: Any) -> HttpResponseBase:
    """The units as listed, every page; of tenants only what the list shows."""
    require_export(request.actor, "unit")
    asked, today = Asked(reverse("portfolio:units"), request.GET.dict()), clock.today()
    wanted = wanted_of(asked, request.session.get("console_project"))

    def rows() -> Iterator[dict[str, Any]]:
        for offset in range(0, MOST, CHUNK):
            part = browse(request.actor, today, wanted, offset=offset, limit=CHUNK)
            yield from (_exported(row) for row in part[:CHUNK])
            if len(part) <= CHUNK:
                return

    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "units.xlsx"
        write_sheet(target, Listing(request, LIST, asked).columns(_columns()), rows(), name=_("房源"))
        file_name = f"{_('房源')}-{clock.now():%Y%m%d-%H%M}.xlsx"
        return FileResponse(target.open("rb"), as_attachment=True, filename=file_name, content_type=EXCEL)


def _exported(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"status": words.status(row), "kind": words.kind(row["kind"])}


def _columns() -> list[tuple[str, Column]]:
    return [
        ("", Column("code", _("房号"))),
        ("", Column("project", _("项目"), width=26)),
        ("", Column("building", _("楼栋"), width=10)),
        ("layout", Column("kind", _("出租方式"), width=10)),
        ("layout", Column("layout", _("户型"))),
        ("layout", Column("orientation", _("朝向"), width=8)),
        ("area", Column("area", _("面积（m²）"), "money", 12)),
        ("rent", Column("guide_rent", _("指导价（元/月）"), "money", 16)),
        ("state", Column("status", _("状态"))),
        ("since", Column("since", _("状态起始日"), "day")),
        ("since", Column("until_on", _("状态截止日"), "day")),
        ("since", Column("vacant_days", _("空置天数"), "number", 10)),
        ("", Column("ready_on", _("预计可租日"), "day")),
    ]
