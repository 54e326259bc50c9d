"""Reporting a repair, joining one, rating it. All other steps are the case's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from anju.domain.leases.models import LeaseUnit
from anju.domain.leases.own import lease_of, require_own
from anju.domain.workorders import queries, refusals
from anju.domain.workorders.automatic import give_free
from anju.domain.workorders.english import in_chinese
from anju.domain.workorders.equipping import suggested
from anju.domain.workorders.flow import NAME
from anju.domain.workorders.models import WorkOrder, WorkOrderReport
from anju.domain.workorders.permissions import JOIN, RATE, REPORT
from anju.domain.workorders.policies import WorkOrders
from anju.domain.workorders.visits import say_with
from anju.domain.workorders.words import CHINESE, LATIN, Place, Read
from anju.foundation.actions import Act, action
from anju.foundation.db import Planned, clock, fetch_one, fetch_value, run_sql
from anju.foundation.db.scope import remembered
from anju.foundation.flows.actions import open_case
from anju.foundation.flows.files import Upload
from anju.foundation.flows.models import FlowCase
from anju.foundation.policy.store import in_force
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND

LONGEST, SHORTEST, SHORTEST_WHY = 500, 2, 2
MOST_AN_HOUR = 10
SPOTS = dict(WorkOrder.Spot.choices)
# As titles are written down, whoever's language the page is in.
SHORT_SPOTS = {
    "entry": "门口", "bath": "卫生间", "kitchen": "厨房", "bedroom": "卧室", "balcony": "阳台", "public": "楼道",
}  # fmt: skip
SHORT_KINDS = {
    "water": "水管", "power": "电路", "heat": "热水取暖", "lock": "门窗锁", "air": "空调", "appliance": "家电",
    "network": "网络", "wall": "墙面", "other": "报修",
}  # fmt: skip

HOME = Planned(
    """
SELECT l.id AS lease_id, l.payer_id, l.scope_id, u.id AS unit_id, u.building_id, u.code, u.floor, u.line, u.entrance
FROM lease_unit h JOIN lease l ON l.id = h.lease_id JOIN unit u ON u.id = h.unit_id
WHERE h.lease_id = %(lease)s AND (%(unit)s::bigint IS NULL OR h.unit_id = %(unit)s)
ORDER BY h.occupied DESC, h.id LIMIT 1
""",
    lease="bigint",
    unit="bigint",
)
NEXT = Planned("SELECT nextval('work_order_id_seq')")
WRITE = Planned(
    """
WITH written AS (
    INSERT INTO work_order (id, case_id, unit_id, building_id, scope_id, floor, line, spot, kind, said, terms,
        suggested, cues, source, opened_at, remark, equipment_id)
    VALUES (%(id)s, %(case)s, %(unit)s, %(building)s, %(scope)s, %(floor)s, %(line)s, %(spot)s, %(kind)s, %(said)s,
        %(terms)s, %(suggested)s, %(cues)s, %(source)s, %(at)s, '', %(equipment)s)
)
INSERT INTO work_order_report (order_id, person_id, lease_id, by, at)
VALUES (%(id)s, %(person)s, %(lease)s, %(by)s, %(at)s)
""",
    id="bigint",
    case="bigint",
    unit="bigint",
    building="bigint",
    scope="bigint",
    floor="smallint",
    line="text",
    spot="text",
    kind="text",
    said="text",
    terms="text[]",
    suggested="smallint",
    cues="text[]",
    source="text",
    at="timestamptz",
    equipment="bigint",
    person="bigint",
    lease="bigint",
    by="text",
)
# By the index of whoever reported, not through everything that was opened in this hour.
OPENED = Planned(
    """
SELECT count(*) FROM work_order_report r JOIN work_order o ON o.id = r.order_id JOIN flow_case c ON c.id = o.case_id
WHERE r.person_id = %(person)s AND r.at > %(since)s AND c.opened_by = %(by)s
""",
    person="bigint",
    since="timestamptz",
    by="text",
)


def can_report(by: Actor, *, lease_id: int, **_: Any) -> None:
    """One's own lease, or one within the colleague's projects; not more than ten an hour from one tenant."""
    if by.kind != "tenant":
        lease_of(by, lease_id)
        return
    require_own(by, lease_id)
    since = clock.now() - timedelta(hours=1)
    if fetch_value(OPENED, {"person": by.id, "by": str(by), "since": since}) >= MOST_AN_HOUR:
        raise refusals.TOO_MANY()


@action("workorders.order.report", needs=REPORT, check=can_report)
def report(
    act: Act,
    *,
    lease_id: int,
    spot: str,
    said: str,
    photos: tuple[Upload, ...] = (),
    priority: int | None = None,
    why: str = "",
    person_id: int | None = None,
    unit_id: int | None = None,
    slot: str = "",
    entry: str = "",
) -> WorkOrder:
    """Report a repair: a case of the flow ``repair`` begins, of the class its words suggest (W-01, W-02).

    Args:
        lease_id: whose home; its room is where.
        spot: where in the home (``WorkOrder.Spot``); ``public`` for stairs and lift.
        said: what is broken, in the reporter's words; 2 to 500 characters, some of them letters.
        photos: taken with it.
        priority: the class, if not the suggested one.
        why: why it is another.
        person_id: who called, where staff write it down; the lease's payer if left out.
        unit_id: which of the lease's rooms, where it has several.
        slot: when it suits that somebody comes: an offered window's key. An emergency does not wait for one.
        entry: whether one may enter (``WorkOrder.Entry``).

    Raises:
        Refused: ``not_found``, ``workorders.say_more``, ``workorders.too_long``, ``workorders.no_home``,
            ``workorders.no_class``, ``workorders.why_class``, ``workorders.too_many``, ``workorders.visit_gone``,
            ``workorders.entry_unknown``; everything the flow refuses.
    """
    home = _home(lease_id, unit_id)  # whose it is, the check has just asked
    told = " ".join(said.split())
    read = read_report(told, spot)
    chosen = _class(read, priority, why)
    person = act.by.id if act.by.kind == "tenant" else person_id or home.payer_id
    order_id = fetch_value(NEXT)
    case = open_case.joining(
        act.by, flow=NAME, title=title_of(spot, read), subject=("workorder", order_id), scope_id=home.scope_id,
        persons=[person], priority=chosen, links=(("lease", lease_id), ("person", person)), photos=photos,
    )  # fmt: skip
    now, place = clock.now(), _place(home, spot)
    order = WorkOrder(
        id=order_id, case_id=case.id, unit_id=place.unit, building_id=place.building,
        scope_id=home.scope_id, floor=place.floor, line=place.line, spot=spot,
        kind=read.kind, said=told, terms=list(read.terms), suggested=read.priority, cues=list(read.cues),
        source="portal" if act.by.kind == "tenant" else "phone", opened_at=now,
        equipment=suggested(home.scope_id, place, read.kind, told),
    )  # fmt: skip
    _written(order, person, lease_id, by=str(act.by))
    say_with(act, order, case.number, slot=slot if chosen else "", entry=entry)
    act.trace("workorder", order.id, links=(("flow_case", case.id),), number=case.number, priority=chosen,
              suggested=read.priority, why=why.strip())  # fmt: skip
    give_free(case.id)
    return order


def _written(order: WorkOrder, person_id: int, lease_id: int, *, by: str) -> None:
    """Write an order with its first report."""
    params = {
        "id": order.id, "case": order.case_id, "unit": order.unit_id, "building": order.building_id,
        "scope": order.scope_id, "floor": order.floor, "line": order.line, "spot": order.spot, "kind": order.kind,
        "said": order.said, "terms": order.terms, "suggested": order.suggested, "cues": order.cues,
        "source": order.source, "at": order.opened_at, "equipment": order.equipment_id, "person": person_id,
        "lease": lease_id, "by": by,
    }  # fmt: skip
    run_sql(WRITE, params)
    order._state.adding, order._state.db = False, "default"


@dataclass(frozen=True)
class Home:
    """The room that is lived in now, or that will be, and its lease."""

    lease_id: int
    payer_id: int
    scope_id: int
    unit_id: int
    building_id: int
    code: str
    floor: int | None
    line: str
    entrance: str


def _home(lease_id: int, unit_id: int | None = None) -> Home:
    """The room that is lived in now, or that will be; the one asked for, if it is the lease's."""
    # The page has just asked, for the duplicates; within one transaction the home stays where it is.
    known: dict[tuple[int, int | None], Home] = remembered().setdefault("workorders.home", {})
    if (lease_id, unit_id) not in known:
        row = fetch_one(HOME, {"lease": lease_id, "unit": unit_id})
        if row is None:
            raise refusals.NO_HOME()
        known[lease_id, unit_id] = Home(**row)
    return known[lease_id, unit_id]


def place_of(lease_id: int, spot: str, unit_id: int | None = None) -> Place:
    """Where a report from this lease would be; ``unit_id``: which of its rooms."""
    return _place(_home(lease_id, unit_id), spot)


def rooms_of(lease_id: int) -> list[dict[str, Any]]:
    """The rooms of a lease: ``id``, ``code``."""
    held = LeaseUnit.objects.filter(lease_id=lease_id).order_by("unit__code")
    return [{"id": row[0], "code": row[1]} for row in held.values_list("unit_id", "unit__code").distinct()]


def _place(home: Home, spot: str) -> Place:
    where = None if spot == WorkOrder.Spot.PUBLIC else home.unit_id
    return Place(home.building_id, where, home.floor, line_of(home.line, home.code), home.entrance)


def line_of(line: str, code: str) -> str:
    """The riser of a room. Where nobody entered it, rooms whose numbers end alike are above each other: 1208, 1308.

    Args:
        line: as entered.
        code: the room's code.
    """
    return line or re.sub(r"\D", "", code.rsplit("-", 1)[-1])[-2:]


def read_report(told: str, spot: str) -> Read:
    """Read a report by the dictionary in force; refused when it says nothing or too much."""
    if spot not in SPOTS:
        raise NOT_FOUND()
    if len(told) > LONGEST:
        raise refusals.TOO_LONG(n=LONGEST, is_=len(told))
    if len(CHINESE.findall(told)) < SHORTEST and not LATIN.search(told.lower()):
        raise refusals.SAY_MORE()
    # The page has just read it, for the duplicates.
    policy = in_force(WorkOrders)
    known: dict[tuple[str, str, int], Read] = remembered().setdefault("workorders.read", {})
    asked = told, spot, policy.version_id
    if asked not in known:
        known[asked] = policy.value.dictionary().read(told, SHORT_SPOTS[spot])
    return known[asked]


def _class(read: Read, priority: int | None, why: str) -> int:
    if priority is None or priority == read.priority:
        return read.priority
    if not 0 <= priority < len(queries.classes()):
        raise refusals.NO_CLASS()
    if len(why.strip()) < SHORTEST_WHY:
        raise refusals.WHY_CLASS()
    return priority


def title_of(spot: str, read: Read) -> str:
    """One line without personal values: where and what, ``厨房漏水``."""
    return f"{SHORT_SPOTS[spot]}{in_chinese(read.cues[0]) if read.cues else SHORT_KINDS[read.kind]}"


@action("workorders.order.join", needs=JOIN)
def join(act: Act, *, order_id: int, lease_id: int, person_id: int | None = None) -> WorkOrder:
    """Say that it is the same: a further reporter follows the order, no second one is made (W-07).

    Args:
        order_id: the order that is there.
        lease_id: the reporter's lease; of the same building.
        person_id: who called, where staff write it down.

    Raises:
        Refused: ``not_found`` for an order of another building, ``workorders.ended``, ``workorders.same_already``.
    """
    lease = lease_of(act.by, lease_id)
    person = act.by.id if act.by.kind == "tenant" else person_id or lease.payer_id
    order = WorkOrder.objects.filter(id=order_id, building_id=_home(lease_id).building_id).first()
    if order is None:
        raise NOT_FOUND()
    if order.case.follows is not None:  # what was merged is followed where it goes on
        order = WorkOrder.objects.get(id=order.case.follows.subject_id)
    case = FlowCase.objects.select_for_update(no_key=True).get(id=order.case_id)
    if case.closed_at is not None:
        raise refusals.ENDED(number=case.number)
    if person in case.persons:
        raise refusals.SAME_ALREADY()
    case.persons = [*case.persons, person]
    case.save(update_fields=["persons"])
    WorkOrderReport.objects.create(order=order, person_id=person, lease_id=lease.id, by=str(act.by), at=clock.now())
    links = (("flow_case", case.id), ("lease", lease.id), ("person", person))
    act.trace("workorder", order.id, links=links, number=case.number, reporters=len(case.persons))
    return order


@action("workorders.order.rate", needs=RATE)
def rate(act: Act, *, order_id: int, stars: int, remark: str = "") -> None:
    """Rate a mended repair, once, by one who reported it (W-06).

    Args:
        order_id: which.
        stars: 1 to 5.
        remark: a few words, at most 200 characters.
    """
    order = queries.own(act.by, order_id)
    if not 1 <= stars <= 5:
        raise refusals.STARS()
    if queries.shared(order).stage != "done":
        raise refusals.NOT_DONE()
    rated = WorkOrder.objects.filter(id=order.id, rating=None).update(rating=stars, remark=remark.strip()[:200])
    if not rated:
        raise refusals.RATED()
    act.trace("workorder", order.id, links=(("flow_case", order.case_id),), number=order.case.number, stars=stars)
