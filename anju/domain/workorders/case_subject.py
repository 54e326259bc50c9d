"""A work order as what a case is about: called by where it is; its tenants are those who reported it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from anju.domain.workorders.models import WorkOrder
from anju.domain.workorders.queries import first_reporter, reporters
from anju.foundation.access import restrict
from anju.foundation.flows.facts import fact
from anju.foundation.flows.subjects import Shown, Subject, subject

ORDER = "LEFT JOIN work_order wo ON wo.case_id = c.id"


def show(request: Any, ids: Sequence[int]) -> dict[int, Shown]:
    """Orders within the reader's reach: what was said, where, the number of an imported one where it came from."""
    rows = restrict(WorkOrder.objects.select_related("unit", "building").filter(id__in=list(ids)), request.actor)
    return {row.id: Shown(row.said, " · ".join(_handle(row))) for row in rows}


def _handle(order: WorkOrder) -> list[str]:
    was = [_("原单号 %(n)s") % {"n": order.outside}] if order.outside else []
    return [place_of(order), str(order.get_spot_display()), *was]


def place_of(order: WorkOrder) -> str:
    """The room's code, or the building for stairs and lifts."""
    return str(order.unit.code if order.unit else order.building.name)


def scope(order_id: int) -> int | None:
    """Its project."""
    return WorkOrder.objects.filter(id=order_id).values_list("scope_id", flat=True).first()


def tenants(order_id: int) -> list[int]:
    """Who reported it."""
    return reporters(order_id)


def pictures(order_id: int) -> list[int]:
    """Whose home is on them."""
    first = first_reporter(order_id)
    return [] if first is None else [first]


subject(
    Subject(
        "workorder", "报修", "Repair", show, scope, tenants, begins="workorders:record", pictures=pictures,
        begun=("上报", "Reported"),
    )
)  # fmt: skip
fact("workorder.kind", "维修类型", "Kind of repair", sql="wo.kind", join=ORDER, subject="workorder")
fact("workorder.spot", "位置", "Where", sql="wo.spot", join=ORDER, subject="workorder")
fact("workorder.reporters", "报修人数", "Reporters", sql="cardinality(c.persons)", kind="number", subject="workorder")
