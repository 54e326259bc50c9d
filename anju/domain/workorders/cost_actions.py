"""What a repair cost: entered with the payer that the rule names, charged to the tenant's lease, withdrawn."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from anju.domain.billing.actions.charges import issue_charge, reverse_charge
from anju.domain.billing.models import Charge
from anju.domain.workorders import queries, refusals
from anju.domain.workorders.models import WorkOrder, WorkOrderCost, WorkOrderReport
from anju.domain.workorders.permissions import COST, COST_ANY
from anju.domain.workorders.policies import WorkOrders
from anju.foundation.access import allows, restrict
from anju.foundation.actions import Act, action
from anju.foundation.db import clock, fetch_value
from anju.foundation.flows.definitions import kept
from anju.foundation.policy.store import in_force
from anju.kit import Actor, Money
from anju.kit.refusal import NOT_FOUND

LONGEST, SHORTEST, SHORTEST_WHY, LONGEST_WHY = 60, 2, 2, 200
MOST = Decimal(1_000_000)
FEN = Decimal("0.01")
WHATS = dict(WorkOrderCost.What.choices)


def can_add(by: Actor, *, order_id: int, **_: Any) -> None:
    """The office, or whoever holds the order; not after it is void."""
    order = queries.within(by, order_id)
    _may(by, order)
    if is_void(order):
        raise refusals.VOID(number=order.case.number)


def _may(by: Actor, order: WorkOrder) -> None:
    held = by.kind == "staff" and order.case.assignee == by.id
    if not held and not allows(by, COST_ANY):
        raise refusals.NOT_YOUR_ORDER()


def is_void(order: WorkOrder) -> bool:
    """Whether it came to nothing, by its own definition."""
    stage = kept(order.case.flow, order.case.version_id).stage(order.case.stage)
    return stage is not None and stage.kind == "void"


def checked_amount(amount: Decimal) -> Decimal:
    """An amount in yuan that can be a cost; refused if it is not positive, too much or finer than a fen."""
    if not amount.is_finite() or not 0 < amount <= MOST:
        raise refusals.COST_AMOUNT(most=f"{MOST:,}")
    if amount != amount.quantize(FEN):
        raise refusals.COST_FINE()
    return amount.quantize(FEN)


@action("workorders.cost.add", needs=COST, check=can_add)
def add_cost(
    act: Act, *, order_id: int, what: str, text: str, amount: Decimal, misuse: bool = False, key: str = ""
) -> WorkOrderCost:
    """Enter a cost of a repair. Who bears it is the rule's matter; a tenant's becomes a charge on the reporter's lease.

    Args:
        order_id: the order.
        what: a ``WorkOrderCost.What``.
        text: what for, as the tenant reads it on the bill; 2 to 60 characters.
        amount: in yuan, more than 0, at most two decimals.
        misuse: whether somebody broke it (人为损坏).
        key: makes it unique within the order: a second call with the same key gives the cost that is there already.

    Raises:
        Refused: ``not_found``, ``workorders.not_your_order``, ``workorders.void``, ``workorders.cost_what``,
            ``workorders.cost_text``, ``workorders.cost_amount``, ``workorders.cost_fine``,
            ``workorders.cost_no_lease``, ``billing.no_account``.
    """
    told, exact = " ".join(text.split()), checked_amount(amount)
    if what not in WHATS:
        raise refusals.COST_WHAT()
    if not SHORTEST <= len(told) <= LONGEST:
        raise refusals.COST_TEXT(n=LONGEST)
    order = queries.within(act.by, order_id, lock=True)
    once = key[:40] or uuid4().hex
    known = WorkOrderCost.objects.filter(order=order, key=once).first()
    if known is not None:
        act.nothing_changed()
        return known
    pinned, warranty = in_force(WorkOrders), under_warranty(order)
    payer = pinned.value.payer_of(order.kind, order.spot, exact, misuse=misuse, warranty=warranty)
    cost = WorkOrderCost(
        id=fetch_value("SELECT nextval('work_order_cost_id_seq')"), order=order, scope_id=order.scope_id, what=what,
        text=told, amount=exact, misuse=misuse, warranty=warranty, payer=payer, key=once, by=str(act.by),
        at=clock.now(),
    )  # fmt: skip
    if payer == "tenant":
        cost.charge_id = _charge(order, cost, within=pinned.value.tenant_pays_within)
    cost.save(force_insert=True)
    _trace(act, cost, version_id=pinned.version_id, misuse=misuse, warranty=warranty)
    return cost


def under_warranty(order: WorkOrder) -> bool:
    """Whether the order's equipment was under warranty on the day it was reported."""
    reported = order.opened_at.astimezone(clock.SHANGHAI).date()
    return order.equipment is not None and order.equipment.under_warranty(reported)


def _charge(order: WorkOrder, cost: WorkOrderCost, *, within: int) -> int:
    """The tenant's part, on the lease of who reported it first. The rule charges, not the colleague's own right."""
    first = WorkOrderReport.objects.filter(order=order).order_by("id").first()
    if first is None:
        raise refusals.COST_NO_LEASE()
    made: int = issue_charge(
        Actor.system(),
        lease_id=first.lease_id,
        kind=Charge.Kind.DAMAGE if cost.misuse else Charge.Kind.OTHER,
        amount=Money(cost.amount),
        due_on=clock.today() + timedelta(days=within),
        name=f"{order.case.number} {cost.text}"[:LONGEST],
        key=f"workorder-cost:{cost.id}",
    )
    return made


def _trace(act: Act, cost: WorkOrderCost, *, version_id: int | None = None, **more: Any) -> None:
    order = cost.order
    links: list[tuple[str, int]] = [("flow_case", order.case_id)]
    if order.equipment_id is not None:
        links.append(("equipment", order.equipment_id))
    if cost.charge is not None:
        links.append(("lease", cost.charge.lease_id))
    act.trace(
        "workorder", order.id, links=tuple(links), version_id=version_id, number=order.case.number, cost=cost.id,
        what=cost.what, amount=str(cost.amount), payer=cost.payer, charge=cost.charge_id, **more,
    )  # fmt: skip


def can_withdraw(by: Actor, *, cost_id: int, **_: Any) -> None:
    """Once, by who may enter it."""
    cost = _cost(by, cost_id)
    _may(by, cost.order)
    if cost.withdrawn_at is not None:
        raise refusals.WITHDRAWN()


def _cost(by: Actor, cost_id: int, *, lock: bool = False) -> WorkOrderCost:
    rows = WorkOrderCost.objects.select_related("order__case", "charge")
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = restrict(rows.filter(id=cost_id), by).first()
    if found is None:
        raise NOT_FOUND()
    return found


@action("workorders.cost.withdraw", needs=COST, check=can_withdraw)
def withdraw_cost(act: Act, *, cost_id: int, reason: str) -> None:
    """Take a cost back; a tenant's charge is reversed, what was paid of it becomes credit.

    Args:
        cost_id: which.
        reason: why; 2 to 200 characters, without personal values.

    Raises:
        Refused: ``not_found``, ``workorders.not_your_order``, ``workorders.withdrawn``, ``workorders.why_withdrawn``.
    """
    why = " ".join(reason.split())[:LONGEST_WHY]
    if len(why) < SHORTEST_WHY:
        raise refusals.WHY_WITHDRAWN()
    cost = _cost(act.by, cost_id, lock=True)
    if cost.withdrawn_at is not None:
        raise refusals.WITHDRAWN()
    cost.withdrawn_at, cost.withdrawn_by, cost.withdrawn_why = clock.now(), str(act.by), why
    cost.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    # Finance may have reversed the charge already; it is not reversed twice.
    if cost.charge_id is not None and not Charge.objects.filter(reverses_id=cost.charge_id).exists():
        reverse_charge(Actor.system(), charge_id=cost.charge_id, reason=f"{cost.order.case.number} {why}")
    _trace(act, cost, reason=why)
