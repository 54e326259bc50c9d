"""A repair in the words of who lives there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from anju.domain.workorders import visits
from anju.domain.workorders.case_subject import place_of
from anju.domain.workorders.cost_queries import of_order
from anju.domain.workorders.dispatching import trade
from anju.domain.workorders.models import WorkOrder, WorkOrderCost
from anju.domain.workorders.order_titles import titled
from anju.domain.workorders.policies import KIND_ICONS
from anju.domain.workorders.queries import first_reporter, shared
from anju.domain.workorders.scorecards import known
from anju.domain.workorders.windows import Window, choices
from anju.foundation.calls.actions import bind_number
from anju.foundation.flows import who
from anju.foundation.flows.definitions import kept
from anju.foundation.flows.files import shots
from anju.foundation.flows.models import FlowCase, FlowLimit, FlowVisit
from anju.foundation.flows.queries import visits as stages_of
from anju.foundation.ui.formats import duration

TYPED = ("what", "stars", "remark", "reason", "slot", "entry")  # what the page gives back after a refusal
KEEP = "keep"  # the choice of what stands
A_MINUTE = timedelta(minutes=1)
TONES = {"new": "warn", "accepted": "info", "onsite": "info", "proof": "warn", "done": "ok", "void": "neutral"}


def row_of(order: WorkOrder) -> dict[str, Any]:
    """A line of the list."""
    case = shared(order)
    stage = kept(case.flow, case.version_id).stage(case.stage)
    return {
        "id": order.id, "title": titled(order.case.title), "at": order.opened_at, "place": place_of(order),
        "stage": (stage.waits or stage.word) if stage else "", "tone": TONES.get(case.stage, "neutral"),
    }  # fmt: skip


def progress(request: Any, order: WorkOrder) -> dict[str, Any]:
    """Everything the page of one repair shows."""
    case = shared(order)
    flow, went = kept(case.flow, case.version_id), stages_of(case.id)
    stage = flow.stage(case.stage)
    mine, alone = first_reporter(order.id) == request.actor.id, case.id == order.case_id
    silence = FlowLimit.objects.filter(case_id=case.id, key="silence", ended_at__isnull=True).first()
    return {
        "order": order, "title": titled(order.case.title), "case": case, "alone": alone, "mine": mine,
        "place": place_of(order), "head": head(case.stage),
        "awaits": stage.waits if stage else "", "urgency": urgency(case.priority), "kind_icon": icon_of(order.kind),
        "steps": steps(case, went),
        # Who joined later follows the repair, but does not call about somebody else's home.
        "may_call": mine and bind_number.refusal(request.actor, case_id=order.case_id) is None,
        "technician": who.staff_name(case.assignee), "known": about(order, case),
        "result": case.facts.get("result", "") if alone else "",
        "parts": case.facts.get("parts", ""), "photos": photos(request, order.case_id),
        "until": silence.due_at if silence else None, "cost": cost(order) if mine and alone else None,
        "took": took(order, case, went), "visit": visit(request, order, case, went) if mine and alone else None,
        "others": max(0, len(case.persons) - 1), "error": "", "typed": dict.fromkeys(TYPED, ""),
    }  # fmt: skip


@dataclass(frozen=True)
class Cost:
    """What the repair cost: lines of what for how much, the tenant's part of it."""

    lines: list[tuple[str, Decimal]]
    mine: Decimal


def cost(order: WorkOrder) -> Cost | None:
    """What was entered and not withdrawn, added up by kind; None while nothing was."""
    sums: dict[str, Decimal] = {}
    mine = Decimal()
    for row in of_order(order.id):
        if row.withdrawn_at is None:
            word = str(row.get_what_display())
            sums[word] = sums.get(word, Decimal()) + row.amount
            mine += row.amount if row.payer == WorkOrderCost.Payer.TENANT else 0
    return Cost(list(sums.items()), mine) if sums else None


@dataclass(frozen=True)
class Visit:
    """When somebody comes or came, and whether in time; ``slots`` while the tenant may still choose otherwise."""

    stands: Window | None
    arrived: datetime | None
    entry: str
    slots: list[tuple[str, str]]
    home: bool

    @property
    def verdict(self) -> str:
        """``准时``, ``晚 5 分``, ``早 10 分``; empty without an appointment or before the arrival."""
        if self.stands is None or self.arrived is None:
            return ""
        late, early = self.stands.late(self.arrived), self.stands.early(self.arrived)
        if late >= A_MINUTE:
            return _("晚 {d}").format(d=duration(late))
        return _("早 {d}").format(d=duration(early)) if early >= A_MINUTE else _("准时")


def visit(request: Any, order: WorkOrder, case: FlowCase, went: list[FlowVisit]) -> Visit | None:
    """What the page shows of the visit to one's own home; nothing where there is nothing to show or to choose."""
    stands, may = visits.window(order), visits.say.refusal(request.actor, order_id=order.id) is None
    last = max((v.seq for v in went if v.stage == "new"), default=1)
    arrived = next((v.entered_at for v in went if v.stage == "onsite" and v.seq > last), None)
    slots: list[tuple[str, str]] = []
    if may:
        same = [(KEEP, _("不变：{t}").format(t=stands.word))] if stands else []
        slots = [*same, ("", _("尽快，什么时候都行")), *choices()]
    if not may and stands is None and arrived is None:
        return None
    return Visit(stands, arrived, order.entry, slots, home=order.unit_id is not None)


def urgency(priority: int) -> str:
    """How urgent a class is: what staff call it (漏水漏电) says what is often in it, not what this tenant has."""
    words = (_("P{n} 急修"), _("P{n} 优先"), _("P{n} 正常"), _("P{n} 不急"))
    return words[min(priority, len(words) - 1)].format(n=priority)


def icon_of(kind: str) -> str:
    """The picture of what is broken."""
    return KIND_ICONS.get(kind, "tool")


def head(stage: str) -> str:
    """Where it stands, as one says it."""
    return {
        "new": _("已上报，正在派师傅"), "accepted": _("师傅已接单"), "onsite": _("师傅正在处理"),
        "proof": _("已修好，请您确认"), "done": _("已完成"),
    }.get(stage, _("已撤销"))  # fmt: skip


def steps(case: FlowCase, went: list[FlowVisit]) -> list[dict[str, Any]]:
    """上报, 接单, 到场, 修好, 确认: when each was reached in the last round, and which one is now."""
    words = (
        ("new", _("上报")),
        ("accepted", pgettext("repair step", "接单")),
        ("onsite", _("到场")),
        ("proof", pgettext("repair step", "修好")),
        ("done", pgettext("repair step", "确认")),
    )
    last = max((v.seq for v in went if v.stage == "new"), default=1)
    reached = {v.stage: v.entered_at for v in went if v.seq >= last}
    found = [{"text": text, "at": reached.get(key), "now": False} for key, text in words]
    first = next((step for step in found if step["at"] is None), None)
    if first is not None and case.closed_at is None:
        first["now"] = True
    return found


def took(order: WorkOrder, case: FlowCase, went: list[FlowVisit]) -> timedelta | None:
    """From the report to the last time it was mended; None before."""
    mended = [v.entered_at for v in went if v.stage == "proof"]
    return mended[-1] - order.opened_at if mended and case.stage in ("proof", "done") else None


def photos(request: Any, case_id: int) -> list[dict[str, Any]]:
    """The pictures, oldest first, each with the step it was taken with, as the steps above are called."""
    words = {"": _("上报"), "arrive": _("到场"), "finish": _("修好")}
    return [{"shot": shot, "word": words.get(shot.step, shot.word)} for shot in shots(request.actor, case_id)]


def about(order: WorkOrder, case: FlowCase) -> str:
    """Who comes, besides the name: ``水暖 ・ 评分 4.8``."""
    if case.assignee is None:
        return ""
    person = known(case.assignee)
    stars = "" if person.rating is None else _("评分 %(n)s") % {"n": f"{person.rating:.1f}"}
    return _("・").join(filter(None, [trade(person.skills, order.kind), stars]))
