"""What a repair brings to its case's page (equipment, costs), and to the page of an item of equipment (its repairs)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anju.domain.equipment import queries as register
from anju.domain.equipment.permissions import VIEW as VIEW_EQUIPMENT
from anju.domain.equipment.words import words as register_words
from anju.domain.workorders import cost_queries, queries, visits
from anju.domain.workorders.cost_actions import add_cost, under_warranty, withdraw_cost
from anju.domain.workorders.models import WorkOrderCost
from anju.domain.workorders.permissions import EQUIP, VIEW
from anju.foundation.access import allows
from anju.foundation.flows.definitions import kept
from anju.foundation.ui import panels
from anju.foundation.ui.formats import money
from anju.kit import Refused

TONES = {"tenant": "warn", "landlord": "info", "company": "neutral"}


def equipment(request: Any, order_id: int) -> dict[str, Any] | None:
    """Which equipment an order is about, and what else is there; nothing where the register has nothing."""
    try:
        order = queries.within(request.actor, order_id)
    except Refused:
        return None
    there = register.at_place(order.scope_id, order.building_id, order.unit_id)
    if not there and order.equipment_id is None:
        return None
    row = register.item(request.actor, order.equipment_id) if order.equipment_id else None
    return {
        "order": order,
        "row": row,
        "words": register_words,
        "warranty": under_warranty(order),
        "there": [("", _("没有或不清楚")), *((x.id, f"{x.get_kind_display()} {x.name}") for x in there)],
        "may_equip": allows(request.actor, EQUIP),
        "may_open": allows(request.actor, VIEW_EQUIPMENT),
    }


def visit(request: Any, order_id: int) -> dict[str, Any] | None:
    """When somebody comes and whether they may enter, and the form that appoints it."""
    try:
        order = queries.within(request.actor, order_id)
    except Refused:
        return None
    stands = visits.window(order)
    may = visits.appoint.refusal(request.actor, case_id=order.case_id, visit=visits.first_guess(stands)) is None
    if not may and stands is None and not order.entry:
        return None
    return {
        "order": order,
        "stands": stands,
        "guess": visits.first_guess(stands),
        "may": may,
        "entry": visits.entry_line(order),
        "home": order.unit_id is not None,
    }


def costs(request: Any, order_id: int) -> dict[str, Any] | None:
    """What an order cost, who bears it, and the form for another cost."""
    try:
        order = queries.within(request.actor, order_id)
    except Refused:
        return None
    rows = cost_queries.of_order(order_id)
    standing = [row for row in rows if row.withdrawn_at is None]
    may = add_cost.refusal(
        request.actor, order_id=order_id, what="part", text="", amount=Decimal(1)
    )  # what the state allows, not what the form says
    if not rows and may is not None:
        return None
    total = sum((row.amount for row in standing), Decimal(0))
    back = bool(standing) and withdraw_cost.refusal(request.actor, cost_id=standing[0].id, reason="") is None
    return {
        "order": order,
        "rows": rows,
        "note": _("共 {a}").format(a=money(total)) if standing else "",
        "tones": TONES,
        "whats": WorkOrderCost.What.choices,
        "may_add": may is None,
        "may_withdraw": back,
        "warranty": under_warranty(order),
        "key": uuid4().hex,
    }


def repairs(request: Any, item_id: int) -> dict[str, Any]:
    """The repairs of an item of equipment, newest first."""
    rows = cost_queries.repairs_of(request.actor, item_id)
    for row in rows:
        stage = kept(row["flow"], row["version_id"]).stage(row["stage"])
        row["stage"] = stage.word if stage else row["stage"]
    times, total = cost_queries.repairs_total(request.actor, item_id)
    note = _("修过 {n} 次，共 {a}").format(n=times, a=money(total)) if times else ""
    return {"rows": rows, "note": note, "more": times > len(rows)}


panels.register(
    "workorder",
    "visit",
    gettext_lazy("上门"),
    order=5,
    needs=VIEW,
    template="workorders/visit_panel.html",
    read=visit,
)
panels.register(
    "workorder",
    "equipment",
    gettext_lazy("设备"),
    order=10,
    needs=VIEW,
    template="workorders/equipment_panel.html",
    read=equipment,
)
panels.register(
    "workorder",
    "costs",
    gettext_lazy("维修费用"),
    order=20,
    needs=VIEW,
    template="workorders/costs_panel.html",
    read=costs,
)
panels.register(
    "equipment",
    "repairs",
    gettext_lazy("维修记录"),
    order=10,
    needs=VIEW,
    template="workorders/repairs_panel.html",
    read=repairs,
)
