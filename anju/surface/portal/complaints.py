"""A complaint in the words of who made it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from anju.domain.billing.queries.own import own_bills
from anju.domain.complaints.models import Complaint
from anju.domain.complaints.queries import own_orders, records_of, replies, rooms_of
from anju.foundation.db import clock
from anju.foundation.flows import who
from anju.foundation.flows.actions import move
from anju.foundation.flows.definitions import kept
from anju.foundation.flows.files import shots
from anju.foundation.flows.models import FlowCase, FlowLimit, FlowVisit
from anju.foundation.flows.queries import visits
from anju.kit import Actor
from anju.surface.portal import words

ANSWERS = ("close", "reopen", "drop")
MOST_RECORDS = 8


def row_of(complaint: Complaint) -> dict[str, Any]:
    """A line of the list."""
    stage = kept(complaint.case.flow, complaint.case.version_id).stage(complaint.case.stage)
    return {
        "id": complaint.id, "title": str(complaint.get_cause_display()), "at": complaint.opened_at,
        "number": complaint.case.number, "stage": (stage.waits or stage.word) if stage else "",
    }  # fmt: skip


def progress(tenant: Actor, complaint: Complaint) -> dict[str, Any]:
    """Everything the page of one complaint shows."""
    case, went = complaint.case, visits(complaint.case_id)
    stage = kept(case.flow, case.version_id).stage(case.stage)
    record = records_of([complaint]).get((complaint.record_kind, complaint.record_id))
    limits = {x.key: x for x in FlowLimit.objects.filter(case_id=case.id, ended_at__isnull=True)}
    return {
        "complaint": complaint, "case": case, "head": head(case.stage), "awaits": stage.waits if stage else "",
        "cause": str(complaint.get_cause_display()), "room": rooms_of([complaint.lease_id]).get(complaint.lease_id, ""),
        "record": record.text if record else "", "steps": steps(case, went), "owner": who.staff_name(case.assignee),
        "replies": replies(complaint.id),
        "photos": [{"shot": shot, "word": shot.word} for shot in shots(tenant, case.id)],
        "said_again": [v for v in went if v.step == "reopen"],
        "answer_by": limits["reply"].due_at if "reply" in limits else None,
        "until": limits["silence"].due_at if "silence" in limits else None,
        "may": {step for step in ANSWERS if move.refusal(tenant, case_id=case.id, step=step) is None},
        "error": "", "typed": "",
    }  # fmt: skip


def head(stage: str) -> str:
    """Where it stands, as one says it."""
    return {
        "new": _("已收到，正在安排"), "working": _("正在处理"), "replied": _("有答复了，请您看看"), "done": _("已结案"),
    }.get(stage, _("已撤销"))  # fmt: skip


def steps(case: FlowCase, went: list[FlowVisit]) -> list[dict[str, Any]]:
    """提交, 受理, 答复, 结案: when each was reached in the last round, and which one is now."""
    words_of = (
        ("new", _("提交")),
        ("working", pgettext("complaint step", "受理")),
        ("replied", pgettext("complaint step", "答复")),
        ("done", _("结案")),
    )
    begun = max((v.seq for v in went if v.stage in ("new", "working")), default=1)
    reached = {v.stage: v.entered_at for v in went if v.stage in ("new", "working") or v.seq >= begun}
    if case.stage == "new":
        reached.pop("working", None)
    found = [{"text": text, "at": reached.get(key), "now": False} for key, text in words_of]
    first = next((step for step in found if step["at"] is None), None)
    if first is not None and case.closed_at is None:
        first["now"] = True
    return found


def records(tenant: Actor, lease: dict[str, Any]) -> list[tuple[str, str]]:
    """What a complaint may be about: the tenant's own repairs, the bills of a lease, the lease itself."""
    orders = own_orders(tenant, lease["id"], limit=MOST_RECORDS)
    bills = own_bills(tenant, clock.today(), lease["id"], limit=MOST_RECORDS)
    return [
        ("", _("不选也可以")),
        *((f"workorder:{o.id}", f"{_('报修')} {o.case.title} {o.case.number}") for o in orders),
        *((f"bill:{b['id']}", _("账单，%(d)s 起") % {"d": words.short(b["period_from"])}) for b in bills),
        (f"lease:{lease['id']}", f"{_('合同')} {lease['number']}"),
    ]
