"""Settling accounts some days after a tenant left: what is owed comes out of the deposit, the rest goes back."""

from __future__ import annotations

from datetime import date, timedelta

from anju.domain.billing.actions import offset_deposit, pay_back, return_deposit
from anju.domain.billing.models import Credit
from anju.domain.billing.queries.balances import Balance, balances
from anju.domain.leases.models import Lease
from anju.foundation.staffing.queries import all_staff
from anju.kit import ZERO, Actor, Money
from anju.surface.demo.company import CASHIER
from anju.surface.demo.plan import Plan

AFTER = timedelta(days=3)


def settle(plan: Plan, day: date) -> None:
    """Settle the leases whose tenants left three days ago and did not sign again; done once, it finds nothing left."""
    gone = [plan.numbers[id(stay)] for stay in plan.leaving.get(day - AFTER, ()) if not plan.renewed(stay)]
    leases = list(
        Lease.objects.filter(number__in=gone, status=Lease.Status.ENDED).order_by("id").values_list("id", flat=True)
    )
    if not leases:
        return
    by = Actor.staff(next(member.id for member in all_staff() if member.name == CASHIER))
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
