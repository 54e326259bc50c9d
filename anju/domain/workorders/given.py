"""Whoever is given a repair is told, and told again when it is to be at another time; without who lives there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from anju.domain.workorders import refusals, windows
from anju.domain.workorders.case_subject import place_of
from anju.domain.workorders.dispatch_policy import Dispatch
from anju.domain.workorders.flow import NAME
from anju.domain.workorders.models import WorkOrder
from anju.domain.workorders.windows import Window
from anju.foundation.actions import Act
from anju.foundation.db import clock, fetch
from anju.foundation.flows.definitions import kept
from anju.foundation.flows.effects import ASSIGN, Done, on_step
from anju.foundation.flows.models import FlowCase
from anju.foundation.messaging.outbox import enqueue
from anju.foundation.messaging.queries import staff_inbox, stored_setting
from anju.foundation.messaging.rechecks import recheck
from anju.foundation.policy.store import in_force
from anju.kit import Actor

KIND = "workorders.given"
SHOWN_FOR = timedelta(days=1)
HELD = "c.assignee = m.to_staff AND c.closed_at IS NULL AND c.follows_id IS NULL"
recheck(
    "workorders.held",
    sql=f"""
    SELECT m.id FROM message m JOIN work_order o ON o.id = m.subject_id JOIN flow_case c ON c.id = o.case_id
    WHERE m.id = ANY(%(ids)s) AND {HELD}
    """,
    reason=refusals.GIVEN_OVER().code,
)
# Who has accepted has seen it; a changed time stays until somebody arrives.
UNSEEN = f"""
SELECT m.id, o.case_id FROM message m JOIN work_order o ON o.id = m.subject_id JOIN flow_case c ON c.id = o.case_id
WHERE m.id = ANY(%(ids)s) AND {HELD}
  AND (c.stage = 'new' OR c.stage = 'accepted' AND m.template = 'dispatch:moved')
"""


@on_step(NAME)
def given(done: Done) -> None:
    """Tell whoever is given a repair by somebody else; an urgent one that pages tells it already."""
    case = done.case
    pages = case.priority == 0 and case.stage == "new" and in_force(Dispatch).value.on_call
    if done.step == ASSIGN and not pages:
        order = WorkOrder.objects.select_related("unit", "building").get(case_id=case.id)
        _tell(done.act, case, order, windows.of_row(vars(order)), "given")


def changed(act: Act, case: FlowCase, order: WorkOrder, stands: Window | None) -> None:
    """Tell whoever works on a repair that its visit is to be otherwise, unless it was that colleague's own word.

    Args:
        act: the action that changed it.
        case: the repair's case.
        order: the repair.
        stands: what stands now.
    """
    _tell(act, case, order, stands, "moved")


def _tell(act: Act, case: FlowCase, order: WorkOrder, stands: Window | None, text: str) -> None:
    if case.assignee is None or act.by == Actor.staff(case.assignee):
        return
    pinned = in_force(Dispatch)
    facts = {
        "what": case.title, "where": place_of(order), "number": case.number, "when": when(stands),
        "level": kept(case.flow, case.version_id).class_word(case.priority),
    }  # fmt: skip
    sms = stored_setting("sms")
    usable = {"inapp", "sms"} if sms is not None and sms.enabled else {"inapp"}
    about = f"{text}:{case.id}:{case.rev}:{stands.key if stands else ''}:{clock.now():%y%m%d%H%M%S%f}"
    for channel in getattr(pinned.value, text).channels():
        if channel in usable:
            enqueue(
                act, dedupe=f"{about}:{case.assignee}:{channel}",
                to_staff=case.assignee, channel=channel, template=f"dispatch:{text}", version_id=pinned.version_id,
                kind=KIND, subject=("workorder", order.id), scope_id=case.scope_id, valid_if="workorders.held",
                vars=facts,
            )  # fmt: skip


def when(stands: Window | None) -> str:
    """What a message to the crew says of the visit: ``约 11月22日（周日）21:00–21:30``."""
    if stands is None:
        return "没有约时间"
    return f"{'约' if stands.agreed else '租客方便'} {stands.said}"


def given_to(by: Actor) -> list[dict[str, Any]]:
    """What a colleague was told within a day and has not acted on, newest first: ``case_id``, ``title``, ``body``.

    Args:
        by: the colleague.
    """
    if by.kind != "staff":
        return []
    told = staff_inbox(by.id, KIND, clock.now() - SHOWN_FOR)
    unseen = {r["id"]: r["case_id"] for r in fetch(UNSEEN, {"ids": [m.id for m in told]})} if told else {}
    latest: dict[int, dict[str, Any]] = {}
    for message in told:
        if message.id in unseen:
            case = unseen[message.id]
            latest.setdefault(case, {"case_id": case, "title": message.title, "body": message.body})
    return list(latest.values())
