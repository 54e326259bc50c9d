"""Repairs of the time before, from a table or another system: ended orders, linked to room and reporter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anju.domain.workorders import refusals
from anju.domain.workorders.actions import SHORT_SPOTS, line_of, title_of
from anju.domain.workorders.equipping import equipment_kind
from anju.domain.workorders.flow import NAME
from anju.domain.workorders.models import WorkOrder, WorkOrderReport
from anju.domain.workorders.permissions import IMPORT
from anju.domain.workorders.policies import WorkOrders
from anju.domain.workorders.searching import index_past
from anju.domain.workorders.words import Dictionary, Read
from anju.foundation.access import in_scopes, scope_params
from anju.foundation.actions import Act, action
from anju.foundation.db import clock, fetch
from anju.foundation.flows.models import FlowCase
from anju.foundation.flows.past import PastCase, PastStage, write_past
from anju.foundation.policy.store import in_force
from anju.kit import Refused

PUBLIC = "public"
# Where, as people write it; the first that is named counts.
SPOT_WORDS = (
    (PUBLIC, ("楼道", "电梯", "走廊", "楼梯", "整层")),
    ("kitchen", ("厨房", "水槽", "灶", "油烟机", "燃气")),
    ("bath", ("卫生间", "厕所", "洗手间", "浴室", "马桶", "花洒", "淋浴", "地漏", "浴霸", "面盆", "热水器")),
    ("balcony", ("阳台", "晾衣")),
    ("entry", ("门口", "玄关", "大门", "入户", "门锁", "门禁", "猫眼")),
)
ELSEWHERE = "bedroom"
UNITS = f"""
SELECT u.id, u.building_id, u.scope_id, u.floor, u.line, u.code FROM unit u
WHERE u.id = ANY(%(ids)s) AND {in_scopes("u.scope_id")}
"""
KNOWN = "SELECT outside, case_id FROM work_order WHERE outside = ANY(%(outside)s)"
# A name that two colleagues have says nothing about who it was.
STAFF = "SELECT name, min(id) AS id FROM staff WHERE name = ANY(%(names)s) GROUP BY name HAVING count(*) = 1"
LIVED = """
SELECT DISTINCT ON (g.n) g.n, l.id AS lease_id, coalesce(lp.person_id, l.payer_id) AS person_id
FROM unnest(%(units)s::bigint[], %(days)s::date[]) WITH ORDINALITY AS g(unit, day, n)
JOIN lease_unit lu ON (lu.unit_id = g.unit OR lu.leaf_unit_id = g.unit) AND lu.occupied @> g.day
JOIN lease l ON l.id = lu.lease_id AND l.status IN ('active', 'awaiting', 'ended')
LEFT JOIN lease_party lp ON lp.lease_id = l.id AND lp.role = 'payer' AND lp.from_on <= g.day
  AND (lp.until_on IS NULL OR lp.until_on > g.day)
ORDER BY g.n, lu.unit_id = g.unit DESC, l.id
"""
# What was in use there: the room's or its flat's, or the building's own outside the rooms; one of the kind, or none.
ITEMS = """
SELECT g.n, min(e.id) AS id
FROM unnest(%(units)s::bigint[], %(buildings)s::bigint[], %(kinds)s::text[], %(days)s::date[]) WITH ORDINALITY
     AS g(unit, building, kind, day, n)
LEFT JOIN unit u ON u.id = g.unit
JOIN equipment e ON e.building_id = g.building AND e.kind = g.kind
 AND CASE WHEN g.unit IS NULL THEN e.unit_id IS NULL ELSE e.unit_id IN (g.unit, u.parent_id) END
 AND (e.installed_on IS NULL OR e.installed_on <= g.day) AND (e.retired_on IS NULL OR e.retired_on > g.day)
GROUP BY g.n HAVING count(*) = 1
"""
NEW_IDS = "SELECT nextval('work_order_id_seq') AS id FROM generate_series(1, %(n)s)"


@dataclass(frozen=True)
class CameBack:
    """When a repair was thought to be mended, reopened by the tenant, and accepted and visited once more."""

    mended_at: datetime
    reopened_at: datetime
    accepted_at: datetime
    arrived_at: datetime


@dataclass(frozen=True)
class PastOrder:
    """A repair that ended before.

    Args:
        outside: its number where it came from; an order is taken over once.
        unit_id: the room.
        opened_at: when it was reported.
        said: what was broken, at most 500 characters.
        ended_at: when it was mended, or given up; not before any other moment.
        accepted_at, arrived_at: where known.
        came_back: it was thought to be mended before, and the tenant said that it was not.
        void: it was given up.
        priority: its class; None: what the words suggest.
        technician: who mended it; found among the staff by name, else kept as a remark.
        result, parts: what was done, with what.
        rating: 1 to 5 stars.
    """

    outside: str
    unit_id: int
    opened_at: datetime
    said: str
    ended_at: datetime
    accepted_at: datetime | None = None
    arrived_at: datetime | None = None
    came_back: CameBack | None = None
    void: bool = False
    priority: int | None = None
    technician: str = ""
    result: str = ""
    parts: str = ""
    rating: int | None = None


@dataclass(frozen=True)
class TakenOver:
    """What became of past orders: ``case_ids`` in the order given, None where ``refused`` (by index) says why; ``new``
    of them were not here before."""

    case_ids: list[int | None]
    refused: dict[int, Refused]
    new: int


@action("workorders.order.import", needs=IMPORT)
def import_orders(act: Act, *, rows: Sequence[PastOrder]) -> TakenOver:
    """Write past orders down as they went: no limit runs, nobody is told (P-03).

    Set-based: a fixed number of statements for any number of rows. An order whose number is here already is left as it
    is. Who paid the lease of that day counts as the reporter.

    Refused per row: ``workorders.no_such_room`` for a room that is not there or beyond the colleague's projects.
    """
    units = {u["id"]: u for u in fetch(UNITS, {"ids": [r.unit_id for r in rows], **scope_params(act.by)})}
    known = {k["outside"]: k["case_id"] for k in fetch(KNOWN, {"outside": [r.outside for r in rows]})}
    refused = {n: refusals.NO_SUCH_ROOM() for n, row in enumerate(rows) if row.unit_id not in units}
    first: dict[str, int] = {}
    for n, row in enumerate(rows):
        if n not in refused and row.outside not in known:
            first.setdefault(row.outside, n)
    new = [rows[n] for n in first.values()]
    made = _write(act, new, units) if new else []
    known |= {order.outside or "": order.case_id for order in made}
    if not made:
        act.nothing_changed()
    return TakenOver([None if n in refused else known[row.outside] for n, row in enumerate(rows)], refused, len(made))


def _write(act: Act, rows: Sequence[PastOrder], units: dict[int, dict[str, Any]]) -> list[WorkOrder]:
    words = in_force(WorkOrders).value.dictionary()
    reads = [_read(row, words) for row in rows]
    lived = _lived(rows)
    names = sorted({row.technician for row in rows if row.technician})
    staff = {s["name"]: s["id"] for s in fetch(STAFF, {"names": names})}
    ids = [row["id"] for row in fetch(NEW_IDS, {"n": len(rows)})]
    cases = []
    for n, row in enumerate(rows):
        spot, read = reads[n]
        cases.append(
            PastCase(
                title=title_of(spot, read), subject=("workorder", ids[n]), scope_id=units[row.unit_id]["scope_id"],
                persons=(lived[n]["person_id"],) if n in lived else (),
                priority=read.priority if row.priority is None else row.priority, assignee=staff.get(row.technician),
                facts={k: v for k, v in (("result", row.result), ("parts", row.parts)) if v},
                went=_went(act, row, staff.get(row.technician)),
            )
        )  # fmt: skip
    written = write_past(act.by, NAME, cases)
    orders = [_order(ids[n], rows[n], written[n], units[rows[n].unit_id], *reads[n]) for n in range(len(rows))]
    for n, item in _items(orders).items():
        orders[n].equipment_id = item
    WorkOrder.objects.bulk_create(orders)
    WorkOrderReport.objects.bulk_create(
        WorkOrderReport(order_id=ids[n], person_id=who["person_id"], lease_id=who["lease_id"], by=str(act.by),
                        at=rows[n].opened_at)
        for n, who in lived.items()
    )  # fmt: skip
    index_past(ids)
    for order, case in zip(orders, written, strict=True):
        about = (("unit", order.unit_id), ("equipment", order.equipment_id))
        links = (("flow_case", case.id), *((kind, i) for kind, i in about if i is not None))
        act.trace("workorder", order.id, links=links, version_id=case.version_id, number=case.number)
    return orders


def _read(row: PastOrder, words: Dictionary) -> tuple[str, Read]:
    spot = next((key for key, names in SPOT_WORDS if any(name in row.said for name in names)), ELSEWHERE)
    return spot, words.read(row.said, SHORT_SPOTS[spot])


def _lived(rows: Sequence[PastOrder]) -> dict[int, dict[str, Any]]:
    """Lease and payer of the day, by the row's index."""
    days = [row.opened_at.astimezone(clock.SHANGHAI).date() for row in rows]
    found = fetch(LIVED, {"units": [row.unit_id for row in rows], "days": days})
    return {row["n"] - 1: row for row in found}


def _items(orders: Sequence[WorkOrder]) -> dict[int, int]:
    """The equipment each was about, as far as the register knows one; by the order's index."""
    asked = {
        "units": [o.unit_id for o in orders], "buildings": [o.building_id for o in orders],
        "kinds": [equipment_kind(o.kind, o.said) for o in orders],
        "days": [o.opened_at.astimezone(clock.SHANGHAI).date() for o in orders],
    }  # fmt: skip
    return {row["n"] - 1: row["id"] for row in fetch(ITEMS, asked)}


def _went(act: Act, row: PastOrder, technician: int | None) -> tuple[PastStage, ...]:
    me = str(act.by)
    who = f"staff:{technician}" if technician else me
    remark = f"师傅 {row.technician}" if row.technician and technician is None else ""
    went = [PastStage("new", "", me, row.opened_at, f"原单号 {row.outside}")]
    if row.accepted_at is not None:
        went.append(PastStage("accepted", "accept", who, row.accepted_at, remark))
        remark = ""
    if row.arrived_at is not None:
        went.append(PastStage("onsite", "arrive", who, row.arrived_at, remark))
        remark = ""
    if row.void:
        return (*went, PastStage("void", "drop", me, row.ended_at, remark))
    if (again := row.came_back) is not None:
        went += [
            PastStage("proof", "finish", who, again.mended_at, remark),
            PastStage("new", "reopen", me, again.reopened_at),
            PastStage("accepted", "accept", who, again.accepted_at),
            PastStage("onsite", "arrive", who, again.arrived_at),
        ]
        remark = ""
    went.append(PastStage("proof", "finish", who, row.ended_at, remark))
    return (*went, PastStage("done", "confirm", me, row.ended_at))


def _order(order_id: int, row: PastOrder, case: FlowCase, unit: dict[str, Any], spot: str, read: Read) -> WorkOrder:
    return WorkOrder(
        id=order_id, case_id=case.id, unit_id=None if spot == PUBLIC else unit["id"],
        building_id=unit["building_id"], scope_id=unit["scope_id"],
        floor=unit["floor"], line=line_of(unit["line"], unit["code"]), spot=spot, kind=read.kind, said=row.said,
        terms=list(read.terms), suggested=read.priority, cues=list(read.cues), source="import", outside=row.outside,
        opened_at=row.opened_at, rating=None if row.void else row.rating,
    )  # fmt: skip
