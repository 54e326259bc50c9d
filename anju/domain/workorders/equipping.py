"""Which equipment of the register an order is about: suggested from the words, corrected by staff."""

from __future__ import annotations

from anju.domain.equipment.models import Equipment
from anju.domain.equipment.queries import at_place
from anju.domain.workorders import queries, refusals
from anju.domain.workorders.models import WorkOrder
from anju.domain.workorders.permissions import EQUIP
from anju.domain.workorders.words import Place
from anju.foundation.access import restrict
from anju.foundation.actions import Act, action
from anju.kit.refusal import NOT_FOUND

# What is named is meant; otherwise the kind of repair says which equipment it usually is.
NAMED = (
    ("电梯", "lift"), ("水泵", "pump"), ("冰箱", "fridge"), ("洗衣机", "washing_machine"), ("壁挂炉", "boiler"),
    ("锅炉", "boiler"), ("暖气", "boiler"), ("地暖", "boiler"), ("热水器", "water_heater"),
)  # fmt: skip
USUAL = {"heat": "water_heater", "air": "air_conditioner", "lock": "lock"}


def equipment_kind(repair: str, told: str) -> str:
    """The kind of equipment a report is probably about; empty if it says none.

    Args:
        repair: a ``WorkOrder.Kind``.
        told: the reporter's words.
    """
    named = next((kind for word, kind in NAMED if word in told), "")
    # Doors, windows and locks are one kind of repair; a window has no lock of the register.
    if not named and repair == "lock" and "窗" in told and "锁" not in told:
        return ""
    return named or USUAL.get(repair, "")


def suggested(scope_id: int, place: Place, repair: str, told: str) -> Equipment | None:
    """The one item in use of the kind a report is about; None where there is none, or more than one.

    Args:
        scope_id: the project.
        place: where it was reported.
        repair: a ``WorkOrder.Kind``.
        told: the reporter's words.
    """
    kind = equipment_kind(repair, told)
    found = at_place(scope_id, place.building, place.unit, kind) if kind else []
    return found[0] if len(found) == 1 else None


@action("workorders.order.equip", needs=EQUIP)
def equip(act: Act, *, order_id: int, item_id: int | None) -> WorkOrder:
    """Say which equipment an order is about, or that it is about none (P-04).

    Args:
        order_id: the order.
        item_id: an item in use where it was reported; None takes the item away.

    Raises:
        Refused: ``not_found`` for an order or an item outside the colleague's projects, ``workorders.not_there``.
    """
    order = queries.within(act.by, order_id, lock=True)
    before = order.equipment_id
    if item_id == before:
        act.nothing_changed()
        return order
    if item_id is not None and not restrict(Equipment.objects.filter(id=item_id), act.by).exists():
        raise NOT_FOUND()
    there = {item.id for item in at_place(order.scope_id, order.building_id, order.unit_id)}
    if item_id is not None and item_id not in there:
        raise refusals.NOT_THERE()
    order.equipment_id = item_id
    order.save(update_fields=["equipment_id"])
    touched = tuple(("equipment", i) for i in (before, item_id) if i is not None)
    links = (("flow_case", order.case_id), *touched)
    act.trace("workorder", order.id, links=links, number=order.case.number, equipment=item_id, before=before)
    return order
