"""驾驶舱: receivable against received, arrears, occupancy, complaints. Every number opens the list behind it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from anju.domain.billing.permissions import VIEW as VIEW_MONEY
from anju.domain.billing.queries import ArrearsFilter, arrears_totals
from anju.domain.complaints.permissions import VIEW as VIEW_COMPLAINTS
from anju.domain.complaints.queries import Rate, rates
from anju.domain.portfolio.browsing import buildings_of
from anju.domain.portfolio.queries import buildings, occupancy, projects
from anju.foundation.access import allows
from anju.foundation.access.pages import staff_page
from anju.foundation.db import clock
from anju.foundation.ui import nav, render
from anju.foundation.ui.asked import Asked
from anju.foundation.ui.formats import wan
from anju.surface.cockpit.figures import House, Month, chart, houses, months
from anju.surface.cockpit.permissions import VIEW

SPANS = {"": 12, "24": 24}
MOST_PROJECTS, MOST_HOUSES = 60, 36
ZERO = Decimal(0)

nav.entry("cockpit", gettext_lazy("驾驶舱"), "gauge", "cockpit:home", order=10, permission=VIEW, group=nav.INSIGHT)


class Where(NamedTuple):
    """Which part of the business is looked at; None: all the viewer reaches."""

    project_id: int | None
    building_id: int | None


@require_GET
@staff_page(needs=VIEW)
def cockpit(request: Any) -> HttpResponse:
    """The business at one look."""
    asked, today = Asked(reverse("cockpit:home"), request.GET.dict()), clock.today()
    every = projects(request.actor, limit=MOST_PROJECTS).rows
    wanted = asked.number("project") or request.session.get("console_project")
    project = next((p for p in every if p["id"] == wanted), None)
    near = buildings(request.actor, project["id"]) if project else []
    building = next((b for b in near if b["id"] == asked.number("building")), None)
    where = Where(project["id"] if project else None, building["id"] if building else None)
    span = asked.text("span", SPANS)
    context: dict[str, Any] = {"asked": asked, "today": today, "projects": every, "project": project}
    context |= {"buildings": near, "building": building, "span": span}
    context |= _let(request, every, project, building, today)
    context["money"] = _money(request, today, SPANS[span], where)
    context["complaints"] = _complaints(request, where)
    return render(request, "cockpit/cockpit.html", context)


def _complaints(request: Any, where: Where) -> list[Rate] | None:
    """Complaints by project; None for who may not see them, and where one building is looked at."""
    if where.building_id is not None or not allows(request.actor, VIEW_COMPLAINTS):
        return None
    return rates(request.actor, project_id=where.project_id)[:MOST_PROJECTS]


def _money(request: Any, today: date, count: int, where: Where) -> dict[str, Any] | None:
    """Receivable, received and arrears; None for who may not see money."""
    if not allows(request.actor, VIEW_MONEY):
        return None
    found = months(request.actor, today, count, project_id=where.project_id, building_id=where.building_id)
    this = found[-1] if found and found[-1].first == today.replace(day=1) else Month(today.replace(day=1), ZERO, ZERO)
    gap = "\n".join(
        (_("应收 %(a)s") % {"a": wan(this.due)}, _("实收 %(a)s") % {"a": wan(this.settled)})
        + ((_("差 %(a)s") % {"a": wan(this.open)},) if this.open > 0 else ())
    )
    return {
        "months": found,
        "this": this,
        "late": arrears_totals(request.actor, today, ArrearsFilter(where.project_id, where.building_id)),
        "chart": chart(found, (_("应收"), _("实收")), gap),
        "due": sum((m.due for m in found), ZERO),
        "settled": sum((m.settled for m in found), ZERO),
    }


def _let(
    request: Any, every: list[dict[str, Any]], project: dict[str, Any] | None, building: Any, today: date
) -> dict[str, Any]:
    """How much is let: of what is looked at as a whole, and house by house."""
    counts = occupancy(request.actor, today)
    if project:
        counts = [row for row in counts if row["scope_id"] == project["id"]]
    if building:
        counts = [row for row in counts if row["building_id"] == building["id"]]
    shown = _houses(counts, [project] if project else every)
    whole = houses([row | {"all": 0} for row in counts], {0: {"place": {}, "name": "", "note": ""}}, "all")
    status = {"vacant": sum(row["units"] for row in counts if row["status"] == "vacant")}
    return {"houses": shown, "whole": whole[0] if whole else None, "nothing": not counts, "vacant": status["vacant"]}


def _houses(counts: list[dict[str, Any]], places: list[dict[str, Any]]) -> list[House]:
    """Building by building; project by project where there are too many buildings for one look."""
    if len({row["building_id"] for row in counts}) > MOST_HOUSES and len(places) > 1:
        named = {p["id"]: {"place": {"project": p["id"]}, "name": p["name"], "note": p["city"]} for p in places}
        return houses(counts, named, "scope_id")[:MOST_HOUSES]
    inside = buildings_of([p["id"] for p in places])
    named = {
        b["id"]: {"place": {"project": p["id"], "building": b["id"]}, "name": b["name"], "note": p["name"]}
        for p in places
        for b in inside[p["id"]]
    }
    return houses(counts, named, "building_id")
