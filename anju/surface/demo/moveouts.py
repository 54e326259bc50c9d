"""Settling accounts some days after a tenant left: what is owed comes out of the deposit, the rest goes back."""

from __future__ import annotations

from datetime import date, timedelta

from anju.domain.billing.actions import offset_deposit, pay_back, return_deposit, write_off
from anju.domain.billing.models import Credit
from anju.domain.billing.queries.balances import Balance, balances
from anju.domain.leases.models import Lease
from anju.foundation.db import fetch
from anju.foundation.staffing.queries import all_staff
from anju.kit import ZERO, Actor, Money
from anju.surface.demo.company import CASHIER, MANAGER
from anju.surface.demo.plan import Plan

AFTER, GIVEN_UP_AFTER = timedelta(days=3), timedelta(days=60)
LOST = """
SELECT c.id FROM charge c JOIN lease l ON l.id = c.lease_id
WHERE c.open > 0 AND l.status = 'ended' AND l.actual_end_on <= %(before)s ORDER BY c.id
"""


def settle(plan: Plan, day: date) -> None:
    """Settle the leases whose tenants left three days ago and did not sign again; done once, it finds nothing left."""
    gone = [plan.numbers[id(stay)] for stay in plan.leaving.get(day - AFTER, ()) if not plan.renewed(stay)]
    leases = list(
        Lease.objects.filter(number__in=gone, status=Lease.Status.ENDED).order_by("id").values_list("id", flat=True)
    )
    if not leases:
        return
    by = _named(CASHIER)
    for lease_id, account in balances(leases, day).items():
        _settle(by, lease_id, account)


def _settle(by: Actor, lease_id: int, account: Balance) -> None:
    taken = min(account.owed, account.held)
    if taken > ZERO:
        offset_deposit(by, lease_id=lease_id, amount=taken, reason="退租结算")
    if account.held > taken:
        return_deposit(by, lease_id=lease_id, amount=account.held - taken, reason="退租结算")
    if account.credit > ZERO:
        for credit in Credit.objects.filter(lease_id=lease_id, open__gt=0).order_by("id"):
            pay_back(
                by, credit_id=credit.id, amount=Money(credit.open), source=f"moveout:{credit.id}", reason="退租结算"
            )


def give_up(day: date) -> None:
    """Write off what tenants still owe two months after they left: the manager gave the case up."""
    lost = fetch(LOST, {"before": day - GIVEN_UP_AFTER})
    if not lost:
        return
    by = _named(MANAGER)
    for charge in lost:
        write_off(by, charge_id=charge["id"], reason="退租两个月，三次催缴无果，押金已抵扣")


def _named(name: str) -> Actor:
    return Actor.staff(next(member.id for member in all_staff() if member.name == name))
