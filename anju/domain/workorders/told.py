"""Events of repairs in words."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from anju.domain.workorders.dispatching import skill_words
from anju.domain.workorders.models import WorkOrder, WorkOrderCost
from anju.domain.workorders.permissions import CREW, VIEW
from anju.foundation.trace.told import told
from anju.foundation.ui.formats import short_day

WHATS, PAYERS = dict(WorkOrderCost.What.choices), dict(WorkOrderCost.Payer.choices)


def _cost(body: dict[str, Any]) -> dict[str, Any]:
    what, payer = WHATS.get(body.get("what", ""), "…"), PAYERS.get(body.get("payer", ""), "…")
    return {**body, "what": what, "payer": payer}


order = partial(told, about="place", icon="tool", needs=VIEW)
order("workorders.order.report", "报修 {number}", "Reported {number}", tone="info")
order(
    "workorders.order.join",
    "并入报修 {number}，共 {reporters} 人在跟进",
    "Joined {number}; {reporters} follow it",
    icon="users",
)
order(
    "workorders.order.apart",
    "{number} 和 {other} 不是同一件事",
    "{number} and {other} are two things",
    icon="arrows-split",
)
order("workorders.order.rate", "评价 {number}：{stars} 星", "Rated {number}: {stars} stars", icon="star", tone="ok")
order(
    "workorders.inspection.plan",
    "为热点排了巡检 {number}，近来 {orders} 单",
    "Planned inspection {number} of a hot spot with {orders} orders",
    icon="clipboard-check",
    tone="info",
)
order(
    "workorders.inspection.schedule",
    "自动排了巡检 {number}，近来 {orders} 单",
    "Planned inspection {number} by itself: a hot spot with {orders} orders",
    icon="clipboard-check",
    tone="info",
)
order(
    "workorders.room_code.make",
    "制作了 {codes} 个房间的报修码，停用旧码 {revoked} 个",
    "Made the repair codes of {codes} rooms; {revoked} old ones ended",
    icon="qrcode",
)
order("workorders.order.import", "导入历史工单 {number}", "Imported the past order {number}", icon="file-import")
order("workorders.order.equip", "{number} 指明了修的设备", "Said which equipment {number} is about")


def _visit(body: dict[str, Any]) -> dict[str, Any]:
    """The window as it was written down, in words of the reader; its day stays a day when it is read later."""
    ends = [datetime.fromisoformat(at) for at in str(body.get("window", "")).split("/") if at]
    hours = "–".join(f"{at:%H:%M}" for at in ends)
    entry = dict(WorkOrder.Entry.choices).get(body.get("entry", ""), _("进门前先联系"))
    return {**body, "when": f"{short_day(ends[0])} {hours}" if ends else _("随时"), "entry": entry}


visit = partial(order, icon="calendar-time", facts=_visit)
visit("*.visit_window", "{number} 租客方便的时间：{when}", "{number}: suits the tenant {when}")
visit("*.visit_entry", "{number} 入户：{entry}", "{number}: entering: {entry}", icon="door-enter")
visit("workorders.visit.say", "{number} 上门的时间和入户改了", "{number}: the visit was changed")
visit("workorders.visit.appoint", "{number} 约 {when} 上门", "{number}: visit on {when}", tone="info")
visit(
    "*.visit_late",
    "{number} 约过 {when} 上门，送到时租客已另说",
    "{number}: {when} was agreed, but the tenant had said otherwise since",
)
cost = partial(order, about="money", icon="coin", facts=_cost)
cost(
    "workorders.cost.add", "{number} 记{what}费 ¥{amount}，{payer}承担", "{number}: {what} ¥{amount}, borne by {payer}"
)
cost(
    "workorders.cost.withdraw",
    "{number} 撤回{what}费 ¥{amount}，原由{payer}承担",
    "{number}: withdrew {what} ¥{amount}, which {payer} bore",
    tone="warn",
)


def _crew(body: dict[str, Any]) -> dict[str, Any]:
    skills = skill_words(body.get("skills", ())) or _("没有填技能")
    return {**body, "skills": skills, "day": str(body.get("day", ""))[5:]}


crew = partial(told, about="setting", icon="users", needs=CREW, facts=_crew)
crew("workorders.crew.skills", "登记技能：{skills}", "Entered skills: {skills}")
crew("workorders.crew.shift", "排班 {day} {shift}", "Shift on {day}: {shift}", icon="calendar")
crew("workorders.crew.repeat", "照抄一周排班，{count} 班", "Repeated a week of {count} shifts", icon="calendar")
order(
    "workorders.order.dispatch", "自动派单 {number}：{why}", "Gave {number} by itself: {why}", icon="send", tone="info"
)
order(
    "workorders.page.send",
    "{number} 没人接单，第 {times} 次呼叫 {people} 人",
    "Nobody accepted {number}; page {times} to {people}",
    icon="bell-ringing",
    tone="warn",
)
