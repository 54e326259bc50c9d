"""Running the timer, and doing what follows from a warning or a breach: effects, escalation, automatic steps."""

from __future__ import annotations

from anju.foundation.actions import Act, action
from anju.foundation.db import clock, fetch, fetch_value, org_scope
from anju.foundation.flows import queries
from anju.foundation.flows.actions.steps import check_step, move
from anju.foundation.flows.definition import Flow, Limit
from anju.foundation.flows.definitions import kept
from anju.foundation.flows.effects import Done, run_effects
from anju.foundation.flows.models import FlowCase, FlowLimit
from anju.foundation.flows.permissions import TIME
from anju.foundation.sweeps.run import run_sweep
from anju.kit import Actor, Refused

SYSTEM = Actor.system()
AT_ONCE = 200  # cases followed up between two looks
DUE = "SELECT EXISTS (SELECT FROM flow_limit WHERE next_at <= %(now)s)"
PENDING = "SELECT id FROM flow_limit WHERE pending <> '' ORDER BY id LIMIT %(most)s"


def run_timers(org: int) -> int:
    """Let the clock look at every limit of an organization that is due, then follow up; returns how many followed.

    Call it outside any scope: it commits as it goes, and goes on where it was killed.
    """
    with org_scope(org):
        due = fetch_value(DUE, {"now": clock.now()})
        today = clock.today()
    if due:
        run_sweep(SYSTEM, org, "timers", today, fresh=True)
    followed = 0
    while True:
        with org_scope(org):
            ids = [r["id"] for r in fetch(PENDING, {"most": AT_ONCE})]
        if not ids:
            return followed
        for limit_id in ids:
            with org_scope(org):
                follow(SYSTEM, limit_id=limit_id)
            followed += 1


@action("flows.limit.follow", needs=TIME)
def follow(act: Act, *, limit_id: int) -> None:
    """Do what follows from one warning or breach; a second call finds it done.

    Args:
        limit_id: the limit whose warning or end has come.
    """
    waiting = FlowLimit.objects.filter(id=limit_id).exclude(pending="")
    of = waiting.values_list("case_id", flat=True).first()
    # The case first, as every step has it: otherwise each holds what the other waits for.
    case = queries.case(SYSTEM, of, lock=True) if of else None
    passed = waiting.select_for_update().first()
    if case is None or passed is None:
        act.nothing_changed()
        return
    what, passed.pending = passed.pending, ""
    passed.save(update_fields=["pending"])
    flow = kept(case.flow, case.version_id)
    limit = flow.limit(passed.key)
    said = ["即将超时", "about to pass"] if what == "warn" else ["已超时", "passed"]
    word = [limit.zh, limit.en or limit.zh] if limit else passed.key
    links = ((case.subject_kind, case.subject_id),) if case.subject_kind else ()
    act.trace("flow_case", case.id, links=links, version_id=case.version_id, number=case.number, limit=word, what=said)
    if limit is not None:
        _do(act, case, flow, limit, what)


def _do(act: Act, case: FlowCase, flow: Flow, limit: Limit, what: str) -> None:
    keys = limit.on_warn if what == "warn" else limit.on_breach
    if what == "breach" and limit.escalate_to and case.closed_at is None:
        case.escalated = limit.escalate_to
        case.save(update_fields=["escalated"])
    run_effects(keys, Done(act, case, flow, "", case.stage, dict(case.facts), limit=limit.key), listeners=False)
    if what == "breach" and limit.then and case.closed_at is None and _possible(case, flow, limit.then):
        move(SYSTEM, case_id=case.id, step=limit.then)


def _possible(case: FlowCase, flow: Flow, step: str) -> bool:
    try:
        check_step(SYSTEM, case, flow, step)
    except Refused:
        return False
    return True
