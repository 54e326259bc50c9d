"""Automatic dispatch: a repair goes to whoever is suggested for it, with the reason on record (W-11)."""

from __future__ import annotations

from typing import Any

from anju.domain.workorders.dispatch_policy import CLASSES, Dispatch
from anju.domain.workorders.dispatching import Suggestion, member_of, order_of, suggest
from anju.domain.workorders.flow import NAME
from anju.domain.workorders.models import WorkOrder
from anju.domain.workorders.permissions import DISPATCH
from anju.domain.workorders.queries import crew
from anju.foundation.actions import Act, action
from anju.foundation.db import fetch
from anju.foundation.flows.actions import assign
from anju.foundation.flows.models import FlowCase
from anju.foundation.policy.store import in_force
from anju.kit import Actor, Refused

SYSTEM = Actor.system()
AT_ONCE = 100
# Who gave an order back is not given it again.
FREE = f"""
SELECT c.id AS case_id, o.kind, o.scope_id, o.building_id, o.line, o.unit_id, p.lon, p.lat,
       ARRAY(SELECT DISTINCT v.by FROM flow_visit v WHERE v.case_id = c.id AND v.step = 'release') AS gave_back
FROM flow_case c JOIN work_order o ON o.case_id = c.id JOIN project p ON p.id = o.scope_id
WHERE c.flow = '{NAME}' AND c.stage = 'new' AND c.assignee IS NULL AND c.closed_at IS NULL AND c.follows_id IS NULL
  AND c.paused_at IS NULL AND c.priority = ANY(%(classes)s)
  AND (%(case)s::bigint IS NULL OR c.id = %(case)s)
ORDER BY c.priority, c.due_at NULLS LAST, c.id LIMIT %(most)s
"""


@action("workorders.order.dispatch", needs=DISPATCH)
def give(act: Act, *, case_id: int, staff_id: int, why: str) -> bool:
    """Give a free repair to a technician, as suggested; whoever took it meanwhile keeps it. Returns whether it was.

    Args:
        case_id: the repair's case.
        staff_id: to whom.
        why: the reason, in words.
    """
    case = FlowCase.objects.select_for_update(no_key=True).filter(id=case_id).first()
    if case is None or case.assignee is not None or case.stage != "new" or case.closed_at is not None:
        act.nothing_changed()
        return False
    assign(act.by, case_id=case_id, staff_id=staff_id, reason=why)
    order = WorkOrder.objects.get(case_id=case_id)
    act.trace("workorder", order.id, links=(("flow_case", case_id),), version_id=in_force(Dispatch).version_id,
              number=case.number, staff=staff_id, why=why)  # fmt: skip
    return True


def give_free(case_id: int | None = None) -> int:
    """Give what is free and may be given by itself to whom it suits, the urgent first; what suits nobody stays free.

    Args:
        case_id: only this repair.

    Returns:
        how many were given.
    """
    policy = in_force(Dispatch).value
    classes = [int(key) for key in CLASSES if policy.gives(int(key))]
    rows = fetch(FREE, {"classes": classes, "case": case_id, "most": AT_ONCE}) if classes else []
    people = [member_of(row) for row in crew(SYSTEM)] if rows else []
    promised: dict[int, int] = {}
    for row in rows:
        best = _best(row, people, policy.most_in_hand, promised)
        if best is not None and _given(row["case_id"], best):
            promised[best.id] = promised.get(best.id, 0) + 1
    return sum(promised.values())


def _best(row: dict[str, Any], people: list[Any], most: int, promised: dict[int, int]) -> Suggestion | None:
    gave_back = {int(by.partition(":")[2]) for by in row["gave_back"] if by.startswith("staff:")}
    suited = [p for p in people if p.can(row["kind"]) is not False]
    return suggest(order_of(row), suited, most=most, promised=promised, without=gave_back)


def _given(case_id: int, best: Suggestion) -> bool:
    try:
        return give(SYSTEM, case_id=case_id, staff_id=best.id, why=best.why)
    except Refused:  # left or moved between projects in this moment
        return False
