"""Where repairs pile up: counts by floors and entrance, hot spots with what they may have in common (W-10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anju.domain.workorders import inspection_flow
from anju.domain.workorders.flow import NAME
from anju.domain.workorders.models import WorkOrder
from anju.domain.workorders.policies import WorkOrders
from anju.foundation.access import scope_params
from anju.foundation.db import SqlFile, clock, fetch
from anju.foundation.policy.store import in_force
from anju.kit import Actor

HEAT, HOT = SqlFile(__file__, "sql/heat.sql"), SqlFile(__file__, "sql/hot.sql")
NOWHERE = -999  # the band of what has no floor
BUILDINGS, SPOTS = 12, 50
# What several repairs of a kind in one place may have in common: where to look first.
CAUSES: dict[str, Any] = {
    "water": gettext_lazy("立管、加压泵或总阀"),
    "power": gettext_lazy("楼层配电箱或干线"),
    "heat": gettext_lazy("热水管网或供暖立管"),
    "lock": gettext_lazy("同一批门锁、门窗五金"),
    "air": gettext_lazy("冷凝排水管或外机电源"),
    "appliance": gettext_lazy("同一批次的家电"),
    "network": gettext_lazy("楼层交换机或分光器"),
    "wall": gettext_lazy("外墙渗水或上层漏水"),
    "other": gettext_lazy("公共设施"),
}


def since(days: int) -> datetime:
    """The start of a window of so many days that ends today, in business time."""
    first = clock.today() - timedelta(days=days - 1)
    return datetime.combine(first, time(), clock.SHANGHAI)


def entrance_word(entrance: str) -> str:
    """``2单元``; an entrance that has its word already keeps it."""
    return _("{n}单元").format(n=entrance) if entrance.isdecimal() else entrance


def inside(building: str, entrance: str) -> str:
    """``2号楼1单元``; the building alone where it has no entrances."""
    return _("{building}{entrance}").format(building=building, entrance=entrance_word(entrance)).strip()


@dataclass(frozen=True)
class Place:
    """A column: a building's entrance; empty for stairs, lifts and houses without entrances."""

    building_id: int
    building: str
    project: str
    entrance: str

    @property
    def word(self) -> str:
        """What the column is called below its building."""
        return entrance_word(self.entrance) if self.entrance else _("公共")


@dataclass(frozen=True)
class Cell:
    """Orders of one band at one place; ``n`` None where there is no such floor. ``level`` 0 (none) to 4 (very hot)."""

    n: int | None
    level: int
    place: Place
    low: int | None
    high: int | None


@dataclass(frozen=True)
class Band:
    """A row: its floors from the top down."""

    low: int | None
    high: int | None
    cells: list[Cell]

    @property
    def word(self) -> str:
        """``8–10 层``."""
        if self.low is None:
            return _("未填楼层")
        if self.high is not None and self.high < 1:
            return _("地下")
        return _("{n} 层").format(n=self.low if self.low == self.high else f"{self.low}–{self.high}")


@dataclass(frozen=True)
class Heat:
    """The map: columns by building, rows by floors; ``more`` buildings had orders too and are not on it."""

    places: list[Place] = field(default_factory=list)
    bands: list[Band] = field(default_factory=list)
    total: int = 0
    more: int = 0

    @property
    def buildings(self) -> list[tuple[str, str, int]]:
        """The heads above the columns: building, project, how many columns."""
        heads: dict[int, tuple[str, str, int]] = {}
        for p in self.places:
            heads[p.building_id] = (p.building, p.project, heads.get(p.building_id, ("", "", 0))[2] + 1)
        return list(heads.values())

    @property
    def projects(self) -> list[tuple[str, int]]:
        """The heads above them, where there is more than one project: project, how many columns."""
        return [(name, len(list(held))) for name, held in groupby(self.places, key=lambda p: p.project)]


def heat(viewer: Actor, since_days: int = 7, project: int | None = None, kind: str = "", most: int = BUILDINGS) -> Heat:
    """Orders of the last days by floors and entrance, within the viewer's projects; void ones do not count.

    Args:
        viewer: a member of staff.
        since_days: how many days, today included.
        project: only this project.
        kind: only this kind of repair (``WorkOrder.Kind``); empty for all.
        most: only so many buildings, those with most orders.
    """
    policy = in_force(WorkOrders).value
    params = {"flow": NAME, "since": since(since_days), "project": project, "kind": kind, "most": most}
    rows = fetch(HEAT, {**params, "floors": policy.hot_floors, **scope_params(viewer)})
    if not rows:
        return Heat()
    places = list(dict.fromkeys(_place(row) for row in rows))
    projects = list(dict.fromkeys(p.project for p in places))
    places.sort(key=lambda p: projects.index(p.project))  # a project's columns stand together
    held = {(_place(row), row["band"]): row["n"] for row in rows}
    bands = [_band(number, places, held, policy) for number in sorted({row["band"] for row in rows}, reverse=True)]
    more = rows[0]["buildings"] - len({p.building_id for p in places})
    return Heat(places, bands, sum(held.values()), more)


def _place(row: dict[str, Any]) -> Place:
    return Place(row["building_id"], row["building"], row["project"], row["entrance"])


def _band(number: int, places: Sequence[Place], held: dict[tuple[Place, int], int], policy: WorkOrders) -> Band:
    low = None if number == NOWHERE else number * policy.hot_floors + 1
    high = None if low is None else low + policy.hot_floors - 1
    counts = [(p, held.get((p, number))) for p in places]
    return Band(low, high, [Cell(n, level(n or 0, policy.hot_from), p, low, high) for p, n in counts])


def level(n: int, hot_from: int) -> int:
    """How hot a cell is, 0 to 4: none, one, some, a hot spot, twice that."""
    return sum(n >= step for step in (1, 2, max(hot_from, 3), 2 * max(hot_from, 3)))


@dataclass(frozen=True)
class HotSpot:
    """One kind of repair again and again in one place.

    ``line`` names the riser; it is empty where only the floors are common. ``n`` orders of the kind, ``around`` orders
    of every kind on those floors. ``looked_at``: an inspection was planned for it within the window.
    """

    key: str
    building_id: int
    building: str
    scope_id: int
    project: str
    entrance: str
    kind: str
    line: str
    band: int | None
    n: int
    low: int | None
    high: int | None
    around: int
    inspection_id: int | None
    inspection: str | None
    looked_at: bool

    @property
    def where(self) -> str:
        """``2号楼1单元 8–13 层``."""
        floors = ""
        if self.low is not None:
            floors = " " + _("{n} 层").format(n=self.low if self.low == self.high else f"{self.low}–{self.high}")
        return inside(self.building, self.entrance) + floors

    @property
    def share(self) -> int:
        """Of every repair there, this kind's share in percent."""
        return round(100 * self.n / max(self.around, self.n))

    @property
    def told(self) -> str:
        """What is known, in a sentence."""
        words = {
            "where": self.where, "all": max(self.around, self.n), "n": self.n, "line": self.line, "share": self.share,
            "kind": dict(WorkOrder.Kind.choices)[self.kind],
        }  # fmt: skip
        if self.line:
            return _("{where} {all} 单，{n} 单是{kind}（{share}%），都在同一立管 {line}").format(**words)
        return _("{where} {all} 单，{n} 单是{kind}（{share}%）").format(**words)

    @property
    def cause(self) -> str:
        """Where to look first."""
        return str(CAUSES[self.kind])


def hot_spots(viewer: Actor, project: int | None = None, kind: str = "") -> list[HotSpot]:
    """Hot spots within the viewer's projects, the hottest first: so many orders of one kind on one riser or, of what no
    hot riser explains, on one band of floors of an entrance, within the policy's window.

    Args:
        viewer: a member of staff, or the system.
        project: only this project.
        kind: only this kind of repair; empty for all.
    """
    policy = in_force(WorkOrders).value
    params = {
        "flow": NAME, "inspection": inspection_flow.NAME, "since": since(policy.hot_days), "project": project,
        "kind": kind, "floors": policy.hot_floors, "hot_from": policy.hot_from, "most": SPOTS,
        **scope_params(viewer),
    }  # fmt: skip
    return [HotSpot(**row) for row in fetch(HOT, params)]
