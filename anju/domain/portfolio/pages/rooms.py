"""房态图: every room of a building at one look, what is empty and what it costs, what happens in the next days."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from anju.domain.portfolio.pages.drawing import Block, blocks_of
from anju.domain.portfolio.pages.words import SHAPES, free_from, long_fact, short_fact, status_word, words
from anju.domain.portfolio.permissions import VIEW
from anju.domain.portfolio.queries import buildings, projects, rooms
from anju.domain.portfolio.residents import Resident, residents
from anju.domain.portfolio.status import LET, STATUSES, unit_status
from anju.foundation.access import may_export
from anju.foundation.access.pages import staff_page
from anju.foundation.access.parts import head_for
from anju.foundation.db import clock
from anju.foundation.ui import nav, render
from anju.foundation.ui.asked import Asked

MOST_PROJECTS, SHOWN, WEEK = 60, 6, 7
FREE = {"now": 0, "7": 7, "30": 30}

nav.entry("units", gettext_lazy("房源"), "building", "portfolio:rooms", order=30, permission=VIEW)


@dataclass(frozen=True)
class Chosen:
    """The building that is looked at, with its neighbours; None where the viewer reaches none."""

    project: dict[str, Any] | None
    building: dict[str, Any] | None
    projects: list[dict[str, Any]]
    buildings: list[dict[str, Any]]


def choose(request: Any, asked: Asked) -> Chosen:
    """The building asked for; else the first of the project asked for, chosen in the frame, or simply the first."""
    every = projects(request.actor, limit=MOST_PROJECTS).rows
    wanted = asked.number("project") or request.session.get("console_project")
    project = next((p for p in every if p["id"] == wanted), None)
    if project is None and wanted:
        project = next(iter(projects(request.actor, ids=(wanted,)).rows), None)
    project = project or max(every, key=lambda p: p["units"], default=None)  # the first of the largest
    if project is None:
        return Chosen(None, None, [], [])
    near = buildings(request.actor, project["id"])
    building = next((b for b in near if b["id"] == asked.number("building")), next(iter(near), None))
    return Chosen(project, building, every, near)


@dataclass(frozen=True)
class Wanted:
    """What is looked for; units that do not fit leave their place in the picture free."""

    layout: str = ""
    orientation: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    free: str = ""
    status: str = ""
    only_free: bool = False

    def fits(self, row: dict[str, Any], today: date) -> bool:
        """Whether a unit is looked for."""
        rent, ready = row["guide_rent"], free_from(row, today)
        return (
            (not self.layout or row["layout"] == self.layout)
            and (not self.orientation or row["orientation"] == self.orientation)
            and (self.low is None or (rent is not None and rent >= self.low))
            and (self.high is None or (rent is not None and rent <= self.high))
            and (not self.status or row["status"] == self.status)
            and (not self.only_free or row["status"] == "vacant")
            and (not self.free or (ready is not None and ready <= today + timedelta(days=FREE[self.free])))
        )


def wanted_of(asked: Asked) -> Wanted:
    """The filters of an address."""
    return Wanted(
        asked.text("layout"),
        asked.text("orientation"),
        asked.money("low"),
        asked.money("high"),
        asked.text("free", FREE),
        asked.text("status", STATUSES),
        asked.text("only") == "free",
    )


@require_GET
@staff_page(needs=VIEW)
def room_map(request: Any) -> HttpResponse:
    """The room status map of one building."""
    asked, today = Asked(reverse("portfolio:rooms"), request.GET.dict()), clock.today()
    chosen, wanted = choose(request, asked), wanted_of(asked)
    context = {"asked": asked, "chosen": chosen, "wanted": wanted, "today": today}
    if chosen.building is None:
        return render(request, "portfolio/no_rooms.html", context)
    rows = rooms(request.actor, chosen.building["id"], today)
    leaves = [row for row in rows if row["leaf"]]
    context |= {
        "blocks": _picture(request, rows, wanted, today),
        "legend": _legend(leaves, asked),
        "leaves": leaves,
        "choices": _choices(leaves),
        "found": sum(wanted.fits(row, today) for row in leaves),
        "may_export": may_export(request.actor, "unit"),
        "brought": head_for(request, "building", chosen.building["id"]).buttons,
        **beside(request, leaves, today),
    }
    return render(request, "portfolio/rooms.html", context, block="map")


def _picture(request: Any, rows: list[dict[str, Any]], wanted: Wanted, today: date) -> list[Block]:
    who = residents().who(request.actor, [row["lease_id"] for row in rows if row["lease_id"]])

    def cell(row: dict[str, Any], number: str) -> dict[str, Any]:
        return _cell(row, number, who.get(row["lease_id"]), today) if wanted.fits(row, today) else {"out": True}

    return blocks_of(rows, cell, lambda unit_id: reverse("portfolio:unit", args=[unit_id]))


def _cell(row: dict[str, Any], number: str, who: Resident | None, today: date) -> dict[str, Any]:
    short = who.short if who else ""
    return {
        "id": row["id"],
        "number": number,
        "state": SHAPES[row["status"]],
        "word": status_word(row),
        "fact": short_fact(row, today, short),
        "title": f"{row['code']} {long_fact(row, today, short)}",
        "href": reverse("portfolio:unit", args=[row["id"]]),
    }


def _legend(leaves: list[dict[str, Any]], asked: Asked) -> list[dict[str, Any]]:
    """Every state with its number; pressing one shows only those."""
    counts, on = Counter(row["status"] for row in leaves), asked.text("status", STATUSES)
    order = [key for key in SHAPES if counts[key] or key in ("occupied", "arrears", "vacant", on)]
    return [
        {
            "state": SHAPES[key],
            "text": STATUSES[key],
            "n": counts[key],
            "on": key == on,
            "href": asked.url(status=None if key == on else key),
        }
        for key in order
    ]


def _choices(leaves: list[dict[str, Any]]) -> dict[str, list[str]]:
    """What the filters offer: only what the building has."""
    return {key: sorted({row[key] for row in leaves if row[key]}) for key in ("layout", "orientation")}


def beside(request: Any, leaves: list[dict[str, Any]], today: date) -> dict[str, Any]:
    """The column beside the picture: how much is let, what is empty, what comes."""
    ids = [row["id"] for row in leaves]
    month_end = today.replace(day=1) - timedelta(days=1)
    before = sum(s["status"] in LET for s in unit_status(month_end, units=ids).values())
    let = sum(row["status"] in LET for row in leaves)
    vacant = [row for row in leaves if row["status"] == "vacant"]
    vacant.sort(key=lambda r: (-(r["vacant_days"] if r["vacant_days"] is not None else 10**6), r["code"]))
    rents = [row["guide_rent"] for row in vacant if row["guide_rent"] is not None]
    share = Decimal(let) / len(ids) if ids else None
    return {
        "let": let,
        "share": share,
        "points": (share - Decimal(before) / len(ids)) * 100 if share is not None else None,
        "vacant": vacant,
        "shown": vacant[:SHOWN],
        "lost_a_day": sum(rents, Decimal(0)) * 12 / 365,
        "coming": _coming(request, leaves, ids, today),
        "words": words,
        "free_from": free_from,
    }


def _coming(request: Any, leaves: list[dict[str, Any]], ids: list[int], today: date) -> list[dict[str, Any]]:
    """Who moves in, which lease ends and what is ready again in the next seven days."""
    until = today + timedelta(days=WEEK)
    moves = residents().moves(request.actor, ids, today, until)
    stays = {(m.unit_id, m.person_id) for m in moves if m.kind == "end"}
    renewed = {(m.unit_id, m.person_id) for m in moves if m.kind == "in"} & stays
    labels = {"in": _("搬入"), "end": _("到期")}
    found = []
    for m in moves:
        stays_on = (m.unit_id, m.person_id) in renewed
        if not (stays_on and m.kind == "end"):
            what = _("续租") if stays_on else labels[m.kind]
            line = {"day": m.day, "what": what, "unit": m.unit, "unit_id": m.unit_id}
            found.append(line | {"who": f"{m.name} {m.handle}", "tone": "warn" if m.kind == "end" else ""})
    for row in leaves:
        if row["state"] in ("preparing", "repair") and row["ready_on"] and today <= row["ready_on"] <= until:
            what = _("整备完成") if row["state"] == "preparing" else _("修好")
            line = {"day": row["ready_on"], "what": what, "unit": row["code"], "unit_id": row["id"]}
            found.append(line | {"who": _("预计可租"), "tone": ""})
    return sorted(found, key=lambda line: (line["day"], line["unit"]))
