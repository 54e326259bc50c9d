"""Calls to tenants: opened by the sweep or by hand, never two about the same debt; closed when it is paid (R-09)."""

from __future__ import annotations

import json
from typing import Any

from anju.domain.leases.models import Lease
from anju.domain.reminders.call_flow import ARREARS, NAME, PAID
from anju.domain.reminders.call_titles import BY_HAND, LATE
from anju.foundation.access import permission, restrict
from anju.foundation.actions import Act, action
from anju.foundation.db import clock, fetch
from anju.foundation.flows.actions import NewCase, move, open_case, open_many
from anju.foundation.flows.models import FlowCase
from anju.foundation.flows.subjects import tenants_of
from anju.foundation.sweeps.run import RUN
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND

CALL = permission("reminders.call", zh="安排电话任务", en="Have a tenant called", roles=("manager", "service"))
DECIDED = """
SELECT d.effect_id AS id, d.subject_id AS lease_id, d.detail, l.scope_id,
       coalesce((SELECT array_agg(DISTINCT lp.person_id ORDER BY lp.person_id) FROM lease_party lp
                 WHERE lp.lease_id = l.id AND lp.role IN ('payer', 'tenant')), ARRAY[l.payer_id]) AS persons
FROM decision d JOIN lease l ON l.id = d.subject_id
WHERE d.as_of = (SELECT as_of FROM sweep_run WHERE id = %(run)s) AND d.run_id = %(run)s AND d.code = 'to_call'
  AND d.subject_id BETWEEN %(lo)s AND %(hi)s AND NOT EXISTS (SELECT FROM flow_case c WHERE c.id = d.effect_id)
ORDER BY d.subject_id
"""
# Nothing late is left of the debt; the call need not be made.
SETTLED = """
SELECT c.id FROM flow_case c
WHERE c.flow = %(flow)s AND c.closed_at IS NULL AND c.subject_kind = 'lease' AND c.facts ->> 'about' = %(arrears)s
  AND NOT EXISTS (SELECT FROM charge x WHERE x.lease_id = c.subject_id AND x.open > 0 AND x.due_on < %(today)s)
ORDER BY c.id
"""


def dedupe_of(about: str, lease_id: int) -> str:
    """What only one open call may stand for: this matter of this lease."""
    return f"{'arrears' if about == ARREARS else 'other'}:{lease_id}"


@action("reminders.call.open", needs=RUN)
def open_calls(act: Act, *, run_id: int, lo: int, hi: int) -> list[int]:
    """Open a case for every call that a run of the sweep decided in a range of leases; a second call finds them open.

    Args:
        run_id: the run.
        lo: the range's first lease.
        hi: its last.
    """
    rows = fetch(DECIDED, {"run": run_id, "lo": lo, "hi": hi})
    made = open_many(act.by, flow=NAME, cases=[_case(row) for row in rows]) if rows else []
    if not made:
        act.nothing_changed()
        return []
    act.trace("sweep_run", run_id, run_id=run_id, count=len(made))
    return made


def _case(row: dict[str, Any]) -> NewCase:
    detail = json.loads(row["detail"])
    return NewCase(
        id=row["id"], title=LATE.format(days=detail["days"]), subject_kind="lease",
        subject_id=row["lease_id"], scope_id=row["scope_id"], persons=row["persons"],
        dedupe=dedupe_of(ARREARS, row["lease_id"]), assignee=detail["agent"], facts={"about": ARREARS},
    )  # fmt: skip


@action("reminders.call.plan", needs=CALL)
def plan_call(act: Act, *, lease_id: int) -> FlowCase:
    """Have a tenant called about what is owed.

    Args:
        lease_id: the lease; within the actor's projects.

    Raises:
        Refused: ``not_found``; ``flow.open_already`` while somebody is to call them about it.
    """
    lease = restrict(Lease.objects.filter(id=lease_id), act.by).first()
    if lease is None:
        raise NOT_FOUND()
    case = open_case(
        act.by, flow=NAME, title=BY_HAND, subject=("lease", lease_id), scope_id=lease.scope_id,
        persons=tenants_of("lease", lease_id), facts={"about": ARREARS}, dedupe=dedupe_of(ARREARS, lease_id),
    )  # fmt: skip
    act.trace("lease", lease_id, number=case.number)
    return case


def settled() -> list[int]:
    """Open calls whose tenants owe nothing late any more."""
    params = {"flow": NAME, "arrears": ARREARS, "today": clock.today()}
    return [row["id"] for row in fetch(SETTLED, params)]


def close_settled(case_id: int) -> bool:
    """End one of them by the flow's own step; False where the operator's flow has none from here."""
    system = Actor.system()
    if move.refusal(system, case_id=case_id, step=PAID) is not None:
        return False
    move(system, case_id=case_id, step=PAID)
    return True
