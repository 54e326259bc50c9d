"""The terms of a lease as the contract states them (C-11), and what may not be agreed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from anju.kit import Money
from anju.kit.period import add_months
from anju.kit.refusal import sentence

MOST_YEARS = 20  # 民法典 705

ENDS_BEFORE_START = sentence(
    "lease.ends_before_start", "合同结束日必须晚于开始日，请核对起止日期。", "A lease must end after it starts."
)
TOO_LONG = sentence(
    "lease.too_long",
    "租赁期限不得超过二十年（民法典第七百零五条），请缩短租期。",
    "A lease may last at most twenty years (Civil Code 705).",
)
NEEDS_AREA = sentence(
    "lease.needs_area",
    "按面积计价的合同需要填写计租面积（m²）。",
    "A price per square metre needs the let area (m²).",
)
DEPOSIT_TWICE = sentence(
    "lease.deposit_twice",
    "押金只能填金额或填几个月租金，不能两个都填。",
    "State the deposit as an amount or in months of rent, not both.",
)
STEP_UNCLEAR = sentence(
    "lease.step_unclear",
    "第 {month} 个月起的调价需要填写百分比或新单价，且只填一个；各次调价须按月份先后排列。",
    "The step from month {month} needs either a percentage or a new price, and steps must be in order.",
)
FREE_OUTSIDE = sentence(
    "lease.free_outside_term",
    "免租期 {start} 至 {end} 不在租期之内，请核对。",
    "The rent-free period {start} to {end} lies outside the lease.",
)
FEE_OUTSIDE = sentence(
    "lease.fee_outside_term",
    "费用“{name}”的起止日期不在租期之内，请核对。",
    "The dates of the fee {name} lie outside the lease.",
)
NIGHTS_BY_DAY = sentence(
    "lease.nights_by_day",
    "按晚计价的合同只能按实际天数计费。",
    "A nightly price is charged by actual days only.",
)

Price = Decimal


class Part(BaseModel):
    """Base of everything inside terms: immutable, nothing unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FreeRent(Part):
    """Days without rent: from ``from_on`` until the day before ``to_on``."""

    from_on: date
    to_on: date


class Step(Part):
    """A change of the price from the n-th month of the lease on (13 = the second year).

    ``percent`` changes the price before it (5 = +5 %), so steps compound; ``price`` replaces it, in the terms' unit.
    """

    from_month: int = Field(ge=2, le=MOST_YEARS * 12)
    percent: Decimal | None = Field(None, ge=-100, le=1000)
    price: Price | None = Field(None, ge=0, max_digits=14, decimal_places=4)


class Fee(Part):
    """A charge besides rent: ``amount`` (¥) each month, or once. Without dates it runs with the lease."""

    kind: Literal["property", "internet", "cleaning", "utility_prepay", "service", "parking", "other"]
    name: str = Field(min_length=1, max_length=60)
    per: Literal["month", "once"] = "month"
    amount: Decimal = Field(ge=0, max_digits=14, decimal_places=4)
    from_on: date | None = None
    to_on: date | None = None


class LeaseTerms(Part):
    """What landlord and tenant agreed.

    ``price`` is ¥ per ``price_unit``; ``area`` m² is needed for prices per m². ``anchor`` says where periods begin:
    on the lease's own day, or on the first of a calendar month. ``proration`` prices part of a month: by its actual
    days, by thirtieths, or by the year's 365 days. Rent is due ``due_offset_days`` after a period's first day
    (negative: before).
    """

    start_on: date
    end_on: date
    cycle_months: int = Field(1, ge=1, le=MOST_YEARS * 12)
    anchor: Literal["start", "calendar_month"] = "start"
    price: Price = Field(ge=0, max_digits=14, decimal_places=4)
    price_unit: Literal["month", "m2_month", "m2_day", "year", "night"] = "month"
    area: Decimal | None = Field(None, gt=0, max_digits=10, decimal_places=2)
    free: tuple[FreeRent, ...] = ()
    free_first_days: int = Field(0, ge=0, le=3650)
    steps: tuple[Step, ...] = ()
    proration: Literal["actual_days", "thirty", "year365"] = "actual_days"
    deposit_amount: Money | None = None
    deposit_months: Decimal | None = Field(None, ge=0, le=36)
    fees: tuple[Fee, ...] = ()
    due_offset_days: int = Field(0, ge=-15, le=15)


def check_terms(terms: LeaseTerms) -> None:
    """Refuse terms that contradict themselves or the law.

    Raises:
        Refused: ends before it starts; longer than 20 years (民法典 705); price per m² without area; deposit stated
            twice; unclear steps; free rent or fees outside the lease; a nightly price not charged by days.
    """
    if terms.end_on <= terms.start_on:
        raise ENDS_BEFORE_START()
    if terms.end_on > add_months(terms.start_on, MOST_YEARS * 12):
        raise TOO_LONG()
    if terms.price_unit in ("m2_month", "m2_day") and terms.area is None:
        raise NEEDS_AREA()
    if terms.deposit_amount is not None and terms.deposit_months is not None:
        raise DEPOSIT_TWICE()
    if terms.price_unit == "night" and terms.proration != "actual_days":
        raise NIGHTS_BY_DAY()
    _check_steps(terms)
    _check_inside(terms)


def _check_steps(terms: LeaseTerms) -> None:
    before = 1
    for step in terms.steps:
        if (step.percent is None) == (step.price is None) or step.from_month <= before:
            raise STEP_UNCLEAR(month=step.from_month)
        before = step.from_month


def _check_inside(terms: LeaseTerms) -> None:
    for free in terms.free:
        if not terms.start_on <= free.from_on < free.to_on <= terms.end_on:
            raise FREE_OUTSIDE(start=free.from_on, end=free.to_on)
    for fee in terms.fees:
        if not terms.start_on <= (fee.from_on or terms.start_on) < (fee.to_on or terms.end_on) <= terms.end_on:
            raise FEE_OUTSIDE(name=fee.name)
