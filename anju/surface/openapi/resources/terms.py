"""A lease's terms as they travel. Days are half-open: every end is the day after the last day."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.utils.translation import gettext_noop as _
from pydantic import ConfigDict, Field

from anju.domain.leases.new import NewLease
from anju.domain.leases.rules import LeaseTerms
from anju.surface.openapi.wire import Amount, Area, Body, BodyId, Day, Percent, Price, one_line

AFTER_LAST = _("最后一天的次日")
TERMS: dict[str, Any] = {
    "start_on": "2026-01-17",
    "end_on": "2027-01-17",
    "cycle_months": 1,
    "price": "2280.00",
    "deposit_months": "1",
    "fees": [{"kind": "property", "name": "物业费", "per": "month", "amount": "120.00"}],
}


class FreeIn(Body):
    """Days without rent."""

    from_on: Day
    to_on: Day = Field(description=AFTER_LAST)


class StepIn(Body):
    """A change of the price from the n-th month on; either a percentage or a new price."""

    from_month: int = Field(ge=2, le=240)
    percent: Percent | None = None
    price: Price | None = None


class FeeIn(Body):
    """A charge besides rent."""

    kind: Literal["property", "internet", "cleaning", "utility_prepay", "service", "parking", "other"]
    name: Annotated[str, one_line(60, 1)]
    per: Literal["month", "once"] = "month"
    amount: Price
    from_on: Day | None = Field(None, description=_("不填则与合同同始"))
    to_on: Day | None = Field(None, description=AFTER_LAST)


class TermsIn(Body):
    """What was agreed."""

    model_config = ConfigDict(json_schema_extra={"examples": [TERMS]})
    start_on: Day
    end_on: Day = Field(description=AFTER_LAST)
    cycle_months: int = Field(1, ge=1, le=240, description=_("几个月一付"))
    anchor: Literal["start", "calendar_month"] = Field("start", description=_("账期从合同日起，还是从自然月起"))
    price: Price = Field(description=_("按 price_unit 计的价格"))
    price_unit: Literal["month", "m2_month", "m2_day", "year", "night"] = "month"
    area: Area | None = Field(None, description=_("计租面积 m²，按面积计价时必填"))
    free: list[FreeIn] = Field([], max_length=60)
    free_first_days: int = Field(0, ge=0, le=3650)
    steps: list[StepIn] = Field([], max_length=60)
    proration: Literal["actual_days", "thirty", "year365"] = Field("actual_days", description=_("不足一月怎样折算"))
    deposit_amount: Amount | None = None
    deposit_months: Percent | None = Field(None, description=_("押几个月；与金额二选一"))
    fees: list[FeeIn] = Field([], max_length=60)
    due_offset_days: int = Field(0, ge=-15, le=15, description=_("账期首日之后几天应付，负数为之前"))

    def read(self) -> LeaseTerms:
        """As the leases slice takes them."""
        return LeaseTerms.model_validate(self.model_dump())


class LeaseIn(Body):
    """A lease. Without a number it gets the next of its project."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"payer_id": 1024, "unit_ids": [2048], "terms": TERMS, "number": ""}]}
    )
    payer_id: BodyId = Field(description=_("付款人，租客编号"))
    unit_ids: list[BodyId] = Field(min_length=1, max_length=200)
    terms: TermsIn
    number: Annotated[str, one_line(40)] = Field("", description=_("合同编号，不填则自动编号"))
    tenant_ids: list[BodyId] = Field([], max_length=50, description=_("承租人，不填则为付款人"))
    occupant_ids: list[BodyId] = Field([], max_length=50, description=_("同住人"))
    signed_on: Day | None = None
    auto_renew: bool = False

    def read(self, **more: Any) -> NewLease:
        """As the leases slice takes it."""
        return NewLease.model_validate({**self.model_dump(exclude={"terms"}), "terms": self.terms.read(), **more})


class PastLeaseIn(LeaseIn):
    """A lease that may be over already."""

    ended_on: Day | None = Field(None, description=_("历史合同实际退租的次日"))

    def read(self, **more: Any) -> NewLease:
        """As the leases slice takes it."""
        own = self.model_dump(exclude={"terms"})
        return NewLease.model_validate({**own, "terms": self.terms.read(), **more})
