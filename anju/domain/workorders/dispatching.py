"""Who could take a repair: by skill, shift, load and distance, with the reason in words. Pure (W-11)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from math import asin, ceil, cos, radians, sin, sqrt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# What people call a technician's trade; the keys are kinds of repairs.
SKILLS = {
    "water": gettext_lazy("水暖"), "power": gettext_lazy("电工"), "heat": gettext_lazy("热水"),
    "lock": gettext_lazy("门窗锁具"), "air": gettext_lazy("空调"), "appliance": gettext_lazy("电器"),
    "network": gettext_lazy("弱电网络"), "wall": gettext_lazy("泥瓦油漆"), "other": gettext_lazy("综合"),
}  # fmt: skip
# Of a hundred points: the right skill counts most, then who has time, then who is near.
FOR_SKILL, FOR_NO_SKILLS_ENTERED, FOR_LOAD, FOR_NEAR, FOR_UNKNOWN_PLACE = 40.0, 20.0, 30.0, 30.0, 10.0
FAR_MINUTES = 60
FARTHEST_METRES = 40_000  # beyond it somebody is in another town, and not asked
UNIT, LINE, BUILDING, PROJECT = "unit", "line", "building", "project"
# A guess at minutes on foot within a project; between projects roads are longer than the line and one rides.
MINUTES = {UNIT: 1, LINE: 2, BUILDING: 3, PROJECT: 8}
DETOUR, METRES_A_MINUTE, TO_SET_OUT = 1.3, 250, 5
EARTH_METRES = 6_371_000
A_KILOMETRE = 995  # as it is rounded
WALKED_A_MINUTE, FARTHEST_WALK = 80, 3000  # 4.8 km/h; beyond three kilometres nobody walks
Position = tuple[float, float]


@dataclass(frozen=True)
class Spot:
    """Somewhere: a project and, as far as known, building, riser and home; ``position`` is its project's (lon, lat)."""

    project: int | None = None
    building: int | None = None
    line: str = ""
    unit: int | None = None
    position: Position | None = None


@dataclass(frozen=True)
class Order:
    """A repair that somebody is wanted for."""

    kind: str
    spot: Spot


@dataclass(frozen=True)
class Member:
    """A technician. ``at_work``: ``spot`` is where one is, not merely where one usually is; ``projects`` None: all."""

    id: int
    name: str
    skills: frozenset[str] = frozenset()
    on_shift: bool = True
    on_call: bool = False
    load: int = 0
    at_work: bool = False
    spot: Spot = field(default_factory=Spot)
    projects: frozenset[int] | None = None

    def can(self, kind: str) -> bool | None:
        """Whether the kind is among the skills; None while none are entered."""
        return kind in self.skills if self.skills else None


@dataclass(frozen=True)
class Suggestion:
    """Somebody who could take a repair. ``minutes`` until there and ``metres`` between projects where known."""

    who: Member
    kind: str
    score: float
    near: str
    minutes: int | None
    metres: int | None

    @property
    def id(self) -> int:
        """The colleague."""
        return self.who.id

    @property
    def name(self) -> str:
        """What the colleague is called."""
        return self.who.name

    @property
    def suits(self) -> bool:
        """Whether it may be given without asking: not against the skills entered."""
        return self.who.can(self.kind) is not False

    @property
    def why(self) -> str:
        """The reason: ``水暖，手上 1 单，正在这栋楼``."""
        skill = {True: str(SKILLS.get(self.kind, "")), False: _("不是专长"), None: ""}[self.who.can(self.kind)]
        load = _("手上 {n} 单").format(n=self.who.load) if self.who.load else _("手上空着")
        return _("，").join(part for part in (skill, load, self._place()) if part)

    def _place(self) -> str:
        at_work = {
            UNIT: _("正在这一户"), LINE: _("正在同一立管"), BUILDING: _("正在这栋楼"), PROJECT: _("就在这个项目"),
        }  # fmt: skip
        usual = {BUILDING: _("常驻这栋楼"), PROJECT: _("常驻这个项目")}
        if self.near:
            return at_work[self.near] if self.who.at_work else usual.get(self.near, "")
        return "" if self.metres is None else _("离 {km} 公里").format(km=f"{self.metres / 1000:.1f}")


def metres_between(a: Position, b: Position) -> float:
    """The shortest way over ground between two positions (lon, lat in degrees), in metres."""
    lon1, lat1, lon2, lat2 = map(radians, (*a, *b))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_METRES * asin(sqrt(half))


def walk(metres: float) -> int | None:
    """Minutes on foot for a distance over ground; None where one would not walk."""
    return ceil(metres * DETOUR / WALKED_A_MINUTE) if metres <= FARTHEST_WALK else None


def way_words(metres: float) -> str:
    """``120 米，走 2 分钟``; ``1.2 公里，走 20 分钟``; farther than one walks only ``5.3 公里``."""
    far = _("{n} 米").format(n=round(metres / 10) * 10)
    if metres >= A_KILOMETRE:
        far = _("{n} 公里").format(n=f"{metres / 1000:.1f}")
    minutes = walk(metres)
    return far if minutes is None else _("{far}，走 {n} 分钟").format(far=far, n=minutes)


def nearness(a: Spot, b: Spot) -> str:
    """What two places share: the home, the riser, the building, the project or ``""``."""
    if a.unit is not None and a.unit == b.unit:
        return UNIT
    if a.building is not None and a.building == b.building:
        return LINE if a.line and a.line == b.line else BUILDING
    return PROJECT if a.project is not None and a.project == b.project else ""


def suggest(
    order: Order, crew: Sequence[Member], *, most: int, promised: Mapping[int, int] | None = None,
    without: Container[int] = (),
) -> Suggestion | None:  # fmt: skip
    """The best of the crew for a repair, or None if nobody has time or is within reach.

    Asked are those on shift within 40 km who may work in its project and have fewer than ``most`` in hand; the score is
    the sum of points for skill, load and distance. Equals are told apart by load, then by id.

    Args:
        order: the repair.
        crew: the technicians.
        most: who has so many orders in hand gets no more.
        promised: orders that were suggested to each already, counted like those in hand.
        without: those who are not asked (gave it back).
    """
    held = promised or {}
    free = [
        m for m in crew
        if m.on_shift and m.load + held.get(m.id, 0) < most and m.id not in without
        and (m.projects is None or order.spot.project in m.projects)
    ]  # fmt: skip
    found = [_judged(order, m, m.load + held.get(m.id, 0), most) for m in free]
    found = [s for s in found if s.metres is None or s.metres <= FARTHEST_METRES]
    return max(found, key=lambda s: (s.score, -s.who.load, -s.who.id), default=None)


def _judged(order: Order, member: Member, load: int, most: int) -> Suggestion:
    near = nearness(member.spot, order.spot)
    metres: int | None = None
    minutes = MINUTES.get(near)
    if not near and member.spot.position and order.spot.position:
        metres = round(metres_between(member.spot.position, order.spot.position))
        minutes = TO_SET_OUT + ceil(metres * DETOUR / METRES_A_MINUTE)
    skill = {True: FOR_SKILL, None: FOR_NO_SKILLS_ENTERED, False: 0.0}[member.can(order.kind)]
    place = FOR_UNKNOWN_PLACE if minutes is None else FOR_NEAR * max(0.0, 1 - minutes / FAR_MINUTES)
    score = skill + FOR_LOAD * (1 - load / most) + place
    return Suggestion(member, order.kind, score, near, minutes, metres)


def suggest_all(orders: Sequence[Order], crew: Sequence[Member], *, most: int) -> list[Suggestion | None]:
    """A suggestion for each of several repairs, the first first: nobody is suggested for more than they can take.

    Args:
        orders: the repairs, most urgent first.
        crew: the technicians.
        most: who has so many orders in hand gets no more.
    """
    promised: Counter[int] = Counter()
    found: list[Suggestion | None] = []
    for order in orders:
        best = suggest(order, crew, most=most, promised=promised)
        if best is not None:
            promised[best.id] += 1
        found.append(best)
    return found


def order_of(row: Mapping[str, Any]) -> Order:
    """A repair from a row of the board."""
    return Order(row["kind"], Spot(row["scope_id"], row["building_id"], row["line"], row["unit_id"], _position(row)))


def spot_of(row: Mapping[str, Any]) -> Spot:
    """Where a row is: its ``scope_id``, ``building_id`` and the position of its project."""
    return Spot(row["scope_id"], row["building_id"], position=_position(row))


def member_of(row: Mapping[str, Any]) -> Member:
    """A technician from a row of the crew."""
    spot = Spot(row["project_id"], row["building_id"], row["line"] or "", row["unit_id"], _position(row))
    projects = None if row["projects"] is None else frozenset(row["projects"])
    return Member(
        row["id"], row["name"], frozenset(row["skills"]), on_shift=row["on_shift"], on_call=row["on_call"],
        load=row["load"], at_work=row["at_work"], spot=spot, projects=projects,
    )  # fmt: skip


def _position(row: Mapping[str, Any]) -> Position | None:
    return None if row["lon"] is None or row["lat"] is None else (float(row["lon"]), float(row["lat"]))


def skill_words(skills: Sequence[str]) -> str:
    """Skills as the crew is listed: ``水暖、热水``."""
    return _("、").join(str(word) for key, word in SKILLS.items() if key in skills)


def trade(skills: Sequence[str], kind: str, *, most: int = 2) -> str:
    """The skills that say most about who comes for a repair of a kind: that one first.

    Args:
        skills: what was entered for the technician.
        kind: the repair's ``WorkOrder.Kind``.
        most: no more than so many.
    """
    ordered = sorted((key for key in SKILLS if key in skills), key=lambda key: key != kind)
    return _("、").join(str(SKILLS[key]) for key in ordered[:most])
