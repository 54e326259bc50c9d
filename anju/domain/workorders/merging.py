"""Several orders for one thing: suspected by their words, compared by a person, told apart or merged (W-08).

Merging itself is the flow's (:mod:`anju.foundation.flows.actions.joining`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from anju.domain.workorders.flow import NAME
from anju.domain.workorders.models import WorkOrder, WorkOrderApart
from anju.domain.workorders.permissions import APART
from anju.domain.workorders.policies import WorkOrders
from anju.domain.workorders.queries import reporters
from anju.domain.workorders.words import Place, likeness, nearness
from anju.foundation.access import restrict
from anju.foundation.actions import Act, action
from anju.foundation.flows.effects import FOLLOW, PART, Done, on_step
from anju.foundation.messaging.outbox import enqueue
from anju.foundation.policy.store import in_force
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND

SHOWN = 3
TEXTS = {FOLLOW: "merged", PART: "parted"}
MOST_IN_A_BUILDING = 40


@dataclass(frozen=True)
class Suspect:
    """Two open orders that are probably one thing; ``first`` was reported earlier. Rows are the board's."""

    first: dict[str, Any]
    second: dict[str, Any]
    score: float
    near: str


def suspects(rows: Sequence[dict[str, Any]]) -> list[Suspect]:
    """Pairs of open orders that are probably one thing and that nobody has told apart, likeliest first.

    Args:
        rows: the board's rows (:func:`anju.domain.workorders.queries.board`).
    """
    enough = in_force(WorkOrders).value.same_from
    buildings: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["stage"] != "proof":
            buildings[row["building_id"]].append(row)
    pairs = [_pair(a, b) for held in buildings.values() for a, b in combinations(held[:MOST_IN_A_BUILDING], 2)]
    likely = sorted((p for p in pairs if p.score * 100 >= enough), key=lambda p: (-p.score, p.first["id"]))
    ids = {p.first["id"] for p in likely} | {p.second["id"] for p in likely}
    apart = set(WorkOrderApart.objects.filter(first_id__in=ids).values_list("first_id", "second_id")) if ids else set()
    return [p for p in likely if (p.first["id"], p.second["id"]) not in apart][:SHOWN]


def _pair(a: dict[str, Any], b: dict[str, Any]) -> Suspect:
    first, second = sorted((a, b), key=lambda r: r["id"])
    near = nearness(_place(first), _place(second))
    score = likeness(first["terms"], second["terms"], same_kind=first["kind"] == second["kind"], near=near)
    return Suspect(first, second, score, near)


def _place(row: dict[str, Any]) -> Place:
    return Place(row["building_id"], row["unit_id"], row["floor"], row["line"], row["entrance"] or "")


def _order(by: Actor, order_id: int) -> WorkOrder:
    found = restrict(WorkOrder.objects.select_related("case").filter(id=order_id), by).first()
    if found is None:
        raise NOT_FOUND()
    return found


@action("workorders.order.apart", needs=APART)
def apart(act: Act, *, order_id: int, other_id: int) -> None:
    """Say that two orders are not one thing; the pair is not suggested again.

    Args:
        order_id: one.
        other_id: the other.
    """
    one, other = sorted((_order(act.by, order_id), _order(act.by, other_id)), key=lambda o: o.id)
    _row, new = WorkOrderApart.objects.get_or_create(first_id=one.id, second_id=other.id)
    if not new:
        act.nothing_changed()
        return
    links = (("workorder", other.id), ("flow_case", one.case_id), ("flow_case", other.case_id))
    act.trace("workorder", one.id, links=links, number=one.case.number, other=other.case.number)


@on_step(NAME)
def tell(done: Done) -> None:
    """Who reported an order is told when it is merged into another, and when it is taken out again."""
    text = TEXTS.get(done.step)
    if text is None:
        return
    pinned, case = in_force(WorkOrders), done.case
    for person in reporters(case.subject_id):
        enqueue(
            done.act, dedupe=f"workorder:{case.id}:{text}:{case.rev}:{person}", to_person=person, channel="inapp",
            template=f"workorders:{text}", version_id=pinned.version_id, kind="workorder",
            subject=("workorder", case.subject_id), vars={"what": case.title, "who": ""}, scope_id=case.scope_id,
        )  # fmt: skip
