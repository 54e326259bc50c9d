"""A lease as forms, importers and the API hand it in, and what it comes to before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from anju.domain.leases.models import Lease
from anju.domain.leases.rules import (
    FeeLine,
    LeaseTerms,
    Rate,
    check_terms,
    deposit,
    extend,
    fee_lines,
    first_anchor,
    rates,
)
from anju.kit import Money, Period
from anju.kit.refusal import sentence

ENDED_BEFORE_START = sentence(
    "lease.ended_before_start",
    "实际退租日必须晚于合同开始日。",
    "A lease can not have ended before it started.",
)
ENDED_IN_FUTURE = sentence(
    "lease.ended_in_future",
    "实际退租日不能晚于今天。",
    "The day the tenant left can not lie in the future.",
)
NO_UNIT = sentence("lease.no_unit", "合同至少需要一个房源。", "A lease needs at least one unit.")


class NewLease(BaseModel):
    """What makes a lease.

    ``payer_id`` pays and, without ``tenant_ids``, is the tenant. ``ended_on`` is for history: the day after the
    tenant's last day. Without a ``number`` the next of its series is given.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    payer_id: int
    unit_ids: tuple[int, ...]
    terms: LeaseTerms
    number: str = Field("", max_length=40)
    tenant_ids: tuple[int, ...] = ()
    occupant_ids: tuple[int, ...] = ()
    signed_on: date | None = None
    auto_renew: bool = False
    ended_on: date | None = None

    @property
    def person_ids(self) -> set[int]:
        """Everybody who has a part in it."""
        return {self.payer_id, *self.tenant_ids, *self.occupant_ids}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A new lease worked out: what will be written."""

    new: NewLease
    holds: Period
    anchor_on: date
    status: Lease.Status
    rates: list[Rate]
    fees: list[FeeLine]
    deposit: Money


def prepare(new: NewLease, today: date) -> Prepared:
    """Work out schedule, fees, deposit and status.

    Args:
        new: the lease.
        today: the business day; a lease that starts later is awaited.

    Raises:
        Refused: terms that may not be agreed; no unit; an end before the start or in the future.
    """
    terms = new.terms
    check_terms(terms)
    if not new.unit_ids:
        raise NO_UNIT()
    if new.ended_on is not None and new.ended_on <= terms.start_on:
        raise ENDED_BEFORE_START()
    if new.ended_on is not None and (new.ended_on - today).days > 1:
        raise ENDED_IN_FUTURE()
    schedule = rates(terms)
    holds = Period(terms.start_on, new.ended_on or terms.end_on)
    status = Lease.Status.ACTIVE if terms.start_on <= today else Lease.Status.AWAITING
    return Prepared(
        new=new,
        holds=holds,
        anchor_on=first_anchor(terms.start_on, terms.anchor),
        status=Lease.Status.ENDED if new.ended_on else status,
        rates=extend(schedule, holds.end),
        fees=fee_lines(terms),
        deposit=deposit(terms, schedule),
    )
