"""项目: regions, stores, projects and buildings with how much of them is let, and where they are."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anju.domain.portfolio.browsing import buildings_of, tree, tree_totals
from anju.domain.portfolio.models import Project
from anju.domain.portfolio.permissions import VIEW
from anju.domain.portfolio.status import LET, status_counts
from anju.foundation.access.pages import staff_page
from anju.foundation.db import clock
from anju.foundation.ui import render
from anju.foundation.ui.asked import Asked

PAGE = 20
Counts = dict[tuple[str, int], tuple[int, int, int]]


@require_GET
@staff_page(needs=VIEW)
def project_tree(request: Any) -> HttpResponse:
    """Every project the viewer reaches, under its region and store."""
    asked = Asked(reverse("portfolio:projects"), request.GET.dict())
    page, unplaced = max(1, asked.number("page") or 1), asked.text("position") == "none"
    name = asked.text("name").strip()[:60]
    rows = tree(request.actor, unplaced=unplaced, name=name, offset=(page - 1) * PAGE, limit=PAGE)
    more, rows = len(rows) > PAGE, rows[:PAGE]
    totals = tree_totals(request.actor)
    standing = [
        {"text": _("全部"), "href": asked.url(position=None), "on": not unplaced, "count": totals["projects"]},
        {"text": _("未定位"), "href": asked.url(position="none"), "on": unplaced, "count": totals["unplaced"]},
    ]
    context = {
        "asked": asked,
        "regions": _regions(rows),
        "shown": len(rows),
        "totals": totals,
        "name": name,
        "page": page,
        "more": more,
        "standing": standing,
        "kinds": dict(Project.Kind.choices),
    }
    return render(request, "portfolio/projects.html", context, block="list")


def _regions(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Regions with their stores, stores with their projects, projects with their buildings."""
    ids = [row["id"] for row in rows]
    counts, buildings = _counts(ids), buildings_of(ids)
    projects = [
        row
        | _share(counts, "project", row["id"])
        | {"buildings": [b | _share(counts, "building", b["id"]) for b in buildings[row["id"]]]}
        for row in rows
    ]
    return [
        {
            "name": region,
            "stores": [{"name": s, "projects": list(own)} for s, own in groupby(found, lambda p: p["store"])],
        }
        for region, found in groupby(projects, lambda p: p["region"])
    ]


def _counts(project_ids: list[int]) -> Counts:
    """Units, let units and empty units, by project and by building, in one query."""
    found: Counts = {}
    for row in status_counts(clock.today(), scopes=project_ids) if project_ids else ():
        for key in (("project", row["scope_id"]), ("building", row["building_id"])):
            units, let, vacant = found.get(key, (0, 0, 0))
            n, status = row["units"], row["status"]
            found[key] = (units + n, let + n * (status in LET), vacant + n * (status == "vacant"))
    return found


def _share(counts: Counts, kind: str, key: int) -> dict[str, Any]:
    units, let, vacant = counts.get((kind, key), (0, 0, 0))
    return {"units": units, "let": let, "vacant": vacant, "share": let / units if units else None}
