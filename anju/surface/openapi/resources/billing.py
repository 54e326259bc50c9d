"""Money: reading it, charging, recording what came in."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Status

from anju.domain.billing import actions, queries
from anju.domain.billing.models import Charge
from anju.domain.leases.models import Lease
from anju.domain.tenants.models import Person
from anju.foundation.access import restrict
from anju.foundation.db import clock
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND, sentence
from anju.surface.openapi.operations import Call, reads, writes
from anju.surface.openapi.resources.money import (
    ArrearsAsked,
    ArrearsOut,
    BalanceOut,
    BillOut,
    BillsAsked,
    ChargeIn,
    ChargeOut,
    ChargesAsked,
    PaymentIn,
    PaymentOut,
    PaymentsAsked,
    Reversed,
    ReverseIn,
    StatementAsked,
    StatementOut,
)
from anju.surface.openapi.resources.portfolio import OnDay
from anju.surface.openapi.scopes import BILLING_READ, BILLING_WRITE
from anju.surface.openapi.wire import Id, Page, more, page, place

router = Router(tags=[_("账务")])
REFERENCE_USED = sentence(
    "api.reference_used",
    "凭据 {reference} 已经登记过另一笔收款（合同或金额不同），请核对。",
    "The reference {reference} was recorded for another payment (other lease or amount); check it.",
)


def own_lease(actor: Actor, lease_id: int) -> None:
    """Refuse a lease outside the key's organization and projects."""
    if not restrict(Lease.objects.filter(id=lease_id), actor).exists():
        raise NOT_FOUND()


def own_person(actor: Actor, person_id: int) -> None:
    """Refuse a person the organization does not have."""
    if not restrict(Person.objects.filter(id=person_id), actor).exists():
        raise NOT_FOUND()


@reads(
    router,
    "/bills",
    needs=BILLING_READ,
    answers=Page[BillOut],
    summary=_("账单列表"),
    description=_("新的在前，附已付、未付和逾期天数。"),
)
def list_bills(request: Call, asked: Query[BillsAsked]) -> Any:
    """Bills, newest first."""
    after = place(asked.cursor, "bills")
    wanted = queries.BillFilter(**asked.model_dump(exclude={"cursor", "limit"}))
    found = queries.bills(request.actor, clock.today(), wanted, after=after[0] if after else None, limit=asked.limit)
    rows, another = more(found, asked.limit)
    return page(rows, rows[-1]["id"] if another else None, "bills")


@reads(
    router,
    "/bills/{bill_id}",
    needs=BILLING_READ,
    answers=BillOut,
    summary=_("一张账单"),
    description=_("按编号读取账单；明细见费用列表的 bill_id。"),
)
def get_bill(request: Call, bill_id: Id) -> Any:
    """One bill."""
    return queries.bill(request.actor, clock.today(), bill_id)


@reads(
    router,
    "/charges",
    needs=BILLING_READ,
    answers=Page[ChargeOut],
    summary=_("费用列表"),
    description=_("每一笔应付，新的在前；负数是冲正。"),
)
def list_charges(request: Call, asked: Query[ChargesAsked]) -> Any:
    """Charges, newest first."""
    after = place(asked.cursor, "charges")
    wanted = asked.model_dump(exclude={"cursor", "limit"})
    found = queries.charges(request.actor, **wanted, after=after[0] if after else None, limit=asked.limit)
    rows, another = more(found, asked.limit)
    return page(rows, rows[-1]["id"] if another else None, "charges")


@writes(
    router,
    "/charges",
    needs=BILLING_WRITE,
    answers=ChargeOut,
    status=201,
    summary=_("新增费用"),
    description=_("给合同记一笔费用；合同有预存余额时立即抵扣。"),
)
def issue_charge(request: Call, asked: ChargeIn) -> Any:
    """Charge a lease for one thing."""
    own_lease(request.actor, asked.lease_id)
    made = actions.issue_charge(request.actor, **dict(asked))
    return Status(201, _charge(request.actor, asked.lease_id, made))


def _charge(actor: Actor, lease_id: int, charge_id: int) -> dict[str, Any]:
    """The charge as the key may see it."""
    rows = queries.charges(actor, lease_id=lease_id, after=charge_id + 1, limit=1)
    return rows[0]


@writes(
    router,
    "/charges/{charge_id}/reverse",
    needs=BILLING_WRITE,
    answers=Reversed,
    summary=_("冲正费用"),
    description=_("加一笔负数取消这笔费用；已付的部分转为余额。"),
)
def reverse_charge(request: Call, charge_id: Id, asked: ReverseIn) -> Any:
    """Take a charge back."""
    if not restrict(Charge.objects.filter(id=charge_id), request.actor).exists():
        raise NOT_FOUND()
    actions.reverse_charge(request.actor, charge_id=charge_id, reason=asked.reason)
    return {"id": charge_id, "reversed_by": Charge.objects.get(reverses_id=charge_id).id}


@reads(
    router,
    "/payments",
    needs=BILLING_READ,
    answers=Page[PaymentOut],
    summary=_("收款列表"),
    description=_("新的在前；可按合同，或按方式加凭据查一笔。"),
)
def list_payments(request: Call, asked: Query[PaymentsAsked]) -> Any:
    """Payments, newest first."""
    after = place(asked.cursor, "payments")
    source = f"{asked.method}:{asked.reference}" if asked.method and asked.reference else None
    found = queries.payments(
        request.actor,
        lease_id=asked.lease_id,
        source=source,
        after=after[0] if after else None,
        limit=asked.limit,
    )
    rows, another = more(found, asked.limit)
    return page(rows, rows[-1]["id"] if another else None, "payments")


@writes(
    router,
    "/payments",
    needs=BILLING_WRITE,
    answers=PaymentOut,
    status=201,
    summary=_("登记收款"),
    description=_("登记一笔线下收款，按规则抵扣未付费用，余下的留作预存。同一方式下凭据相同的只记一次。"),
)
def record_payment(request: Call, asked: PaymentIn) -> Any:
    """Record money that came in."""
    own_lease(request.actor, asked.lease_id)
    if asked.payer_id is not None:
        own_person(request.actor, asked.payer_id)
    source = f"{asked.method}:{asked.reference}"
    given = {name: value for name, value in asked if name != "reference"}
    made = actions.record_payment(request.actor, **given, source=source)
    if (made.lease_id, made.amount) != (asked.lease_id, asked.amount.yuan):
        raise REFERENCE_USED(reference=asked.reference)
    return Status(201, queries.payments(request.actor, source=source, limit=1)[0])


@reads(
    router,
    "/leases/{lease_id}/balance",
    needs=BILLING_READ,
    answers=BalanceOut,
    summary=_("合同的余额"),
    description=_("某一天看的未付、逾期、预存和在管押金。"),
)
def get_balance(request: Call, lease_id: Id, asked: Query[OnDay]) -> Any:
    """A lease's account."""
    own_lease(request.actor, lease_id)
    as_of = asked.as_of or clock.today()
    return {"lease_id": lease_id, "as_of": as_of, **vars(queries.balances([lease_id], as_of)[lease_id])}


@reads(
    router,
    "/leases/{lease_id}/statement",
    needs=BILLING_READ,
    answers=StatementOut,
    summary=_("对账单"),
    description=_("一段时间内的应付和已付，逐行带余额；默认最近十二个月。"),
)
def get_statement(request: Call, lease_id: Id, asked: Query[StatementAsked]) -> Any:
    """A lease's statement."""
    own_lease(request.actor, lease_id)
    until = asked.until or clock.today()
    first = asked.first or date(until.year - 1, until.month, 1)
    return {"first": first, "until": until, **vars(queries.statement(lease_id, first, until))}


@reads(
    router,
    "/arrears",
    needs=BILLING_READ,
    answers=Page[ArrearsOut],
    summary=_("欠款列表"),
    description=_("过了应付日的合同，最急的在前，附上次联系的结果。"),
)
def list_arrears(request: Call, asked: Query[ArrearsAsked]) -> Any:
    """Leases past due."""
    (offset,) = place(asked.cursor, "arrears") or (0,)
    wanted = queries.ArrearsFilter(**asked.model_dump(exclude={"cursor", "limit"}))
    found = queries.arrears(request.actor, clock.today(), wanted, offset=offset, limit=asked.limit)
    rows, another = more(found, asked.limit)
    return page(rows, offset + asked.limit if another else None, "arrears")
