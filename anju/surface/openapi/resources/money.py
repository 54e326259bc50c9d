"""Money as it travels: bills, charges, payments, balances, statements, arrears."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from django.utils.translation import gettext_noop as _
from pydantic import ConfigDict, Field

from anju.surface.openapi.wire import (
    Amount,
    Asked,
    Body,
    BodyId,
    Day,
    Id,
    Moment,
    MoneyOut,
    Out,
    Paged,
    Price,
    one_line,
)

ChargeKind = Literal[
    "rent",
    "deposit",
    "property",
    "internet",
    "cleaning",
    "utility_prepay",
    "utility",
    "service",
    "parking",
    "late_fee",
    "damage",
    "other",
]
Method = Literal["wechat", "alipay", "bank", "cash"]


class Who(Out):
    """Whose money it is. Names need the scope tenants:read."""

    lease_id: int
    lease: str
    person_id: int
    name: str | None = Field(None, description=_("需要 tenants:read"))
    phone_tail: str | None = Field(None, description=_("需要 tenants:read"))
    room: str | None
    scope_id: int
    project: str | None
    building: str | None


class BillsAsked(Paged):
    """Which bills."""

    project_id: Id | None = None
    lease_id: Id | None = None
    due_from: Day | None = None
    due_to: Day | None = None
    state: Literal["open", "late", "settled", "part"] | None = Field(
        None, description=_("未付、逾期、付清、付了一部分")
    )


class BillOut(Who):
    """A bill: the charges of one lease for one period."""

    id: int
    number: str
    period_from: date
    period_to: date
    due_on: date
    issued_on: date
    run_id: int | None
    amount: MoneyOut
    settled: MoneyOut
    open: MoneyOut
    state: str
    days_late: int
    settled_at: datetime | None


class ChargesAsked(Paged):
    """Which charges."""

    bill_id: Id | None = None
    lease_id: Id | None = None
    only_open: bool = False


class ChargeOut(Who):
    """An amount owed for one thing; negative ones are reversals."""

    id: int
    bill_id: int | None
    bill: str | None
    kind: str
    label: str
    period_from: date
    period_to: date
    due_on: date
    issued_on: date
    source: str
    revision: int
    reverses_id: int | None
    reversed_by: int | None
    amount: MoneyOut
    open: MoneyOut


class ChargeIn(Body):
    """A charge for one thing."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"lease_id": 4096, "kind": "utility", "amount": "86.40", "due_on": "2026-02-17", "name": "1 月电费"}
            ]
        }
    )
    lease_id: BodyId
    kind: ChargeKind
    amount: Amount
    due_on: Day
    name: Annotated[str, one_line(60)] = Field("", description=_("租客在账单上看到的名称"))
    key: Annotated[str, one_line(60, 1)] = Field("1", description=_("同一天有几笔同类费用时，用来区分"))


class ReverseIn(Body):
    """Why a charge is reversed."""

    reason: Annotated[str, one_line(200, 1)]


class Reversed(Out):
    """A charge and the one that takes it back."""

    id: int
    reversed_by: int


class PaymentsAsked(Paged):
    """Which payments."""

    lease_id: Id | None = None
    method: Method | None = Field(None, description=_("与 reference 一起用"))
    reference: Annotated[str, one_line(60)] = ""


class PaymentOut(Who):
    """Money received."""

    id: int
    number: str
    amount: MoneyOut
    method: str
    received_at: datetime
    source: str
    unused: MoneyOut | None = Field(description=_("还没有抵扣费用的余额"))


class PaymentIn(Body):
    """Money that came in outside the product."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "lease_id": 4096,
                    "amount": "2280.00",
                    "method": "bank",
                    "received_at": "2026-01-15T10:30:00+08:00",
                    "reference": "20260115-000127",
                }
            ]
        }
    )
    lease_id: BodyId
    amount: Amount
    method: Method
    received_at: Moment
    reference: Annotated[str, one_line(60, 1)] = Field(description=_("银行流水号、收据号等，同一方式下唯一"))
    payer_id: BodyId | None = Field(None, description=_("实际付款的租客，不填则为合同付款人"))


class BalanceOut(Out):
    """A lease's account on a day."""

    lease_id: int
    as_of: date
    owed: MoneyOut = Field(description=_("全部未付"))
    late: MoneyOut = Field(description=_("其中已过应付日"))
    credit: MoneyOut = Field(description=_("预存余额"))
    held: MoneyOut = Field(description=_("在管押金"))
    oldest: date | None
    next_due: date | None
    late_bills: int


class StatementAsked(Asked):
    """From which day to which; both included. Without them, the last twelve months."""

    first: Day | None = None
    until: Day | None = None


class StatementLine(Out):
    """One thing that was charged or paid, with the balance after it."""

    day: date
    kind: str
    label: str
    reference: str | None
    period_from: date | None
    period_to: date | None
    due_on: date | None
    charged: MoneyOut
    paid: MoneyOut
    balance: MoneyOut


class StatementOut(Out):
    """What was charged and paid; a positive balance is owed."""

    first: date
    until: date
    before: MoneyOut
    lines: list[StatementLine]
    charged: MoneyOut
    paid: MoneyOut
    after: MoneyOut


class ArrearsAsked(Paged):
    """Which leases past due."""

    project_id: Id | None = None
    building_id: Id | None = None
    lease_id: Id | None = None
    min_days: int = Field(1, ge=0, le=100_000, description=_("至少逾期几天"))
    max_days: int | None = Field(None, ge=0, le=100_000)
    min_owed: Price = Field(Decimal(0), description=_("至少欠多少"))
    sort: Literal["urgency", "amount"] = "urgency"


class ArrearsOut(Who):
    """A lease past due."""

    owed: MoneyOut
    oldest_due_on: date
    bills: int
    days_late: int
    phone_mask: str | None = None
    last_channel: str | None
    last_state: str | None
    last_at: datetime | None
