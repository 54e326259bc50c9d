"""Charges by hand, corrections by adding."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from anju.domain.billing import posting
from anju.domain.billing.models import Charge
from anju.domain.billing.reach import reached
from anju.foundation.access import permission, restrict
from anju.foundation.actions import Act, action
from anju.foundation.db import clock, fetch, fetch_value
from anju.kit import Actor, Money
from anju.kit.refusal import NOT_FOUND, sentence

ISSUE = permission("billing.charge.issue", zh="新增费用", en="Add a charge", roles=("manager", "finance"))
REVERSE = permission("billing.charge.reverse", zh="冲正费用", en="Reverse a charge", roles=("manager", "finance"))
WRITE_OFF = permission("billing.charge.write_off", zh="核销坏账", en="Write off a charge", roles=("manager",))

NOT_POSITIVE = sentence(
    "billing.not_positive", "金额要大于 0，请重新填写。", "The amount must be more than 0; enter it again."
)
NO_ACCOUNT = sentence(
    "billing.no_account",
    "合同 {lease} 还没有生效，不能记账；请先让合同生效。",
    "Lease {lease} is not in force yet; activate it before charging.",
)
REVERSED = sentence("billing.already_reversed", "这笔费用已经冲正过了。", "This charge is reversed already.")
SETTLED = sentence("billing.nothing_open", "这笔费用已经结清，没有可核销的金额。", "Nothing of this charge is open.")
TWICE = sentence(
    "billing.charged_twice",
    "这份合同在 {day} 已有一笔同样的{what}，没有重复记。",
    "This lease already has the same {what} on {day}.",
)


def can_issue(
    by: Actor, *, lease_id: int, kind: str, amount: Money, due_on: date, name: str = "", key: str = "1"
) -> None:
    """A charge needs an account, a positive amount, and may not be there already."""
    if amount <= Money(0):
        raise NOT_POSITIVE()
    number = reached([lease_id], by)[0]
    if fetch_value("SELECT 1 FROM lease_account WHERE lease_id = %(id)s", {"id": lease_id}) is None:
        raise NO_ACCOUNT(lease=number)
    same = Charge.objects.filter(lease_id=lease_id, kind=kind, period_from=due_on, source=f"manual:{key}")
    if same.exists():
        raise TWICE(day=due_on, what=Charge.Kind(kind).label)


@action("billing.charge.issue", needs=ISSUE, check=can_issue)
def issue_charge(
    act: Act, *, lease_id: int, kind: str, amount: Money, due_on: date, name: str = "", key: str = "1"
) -> int:
    """Charge a lease for one thing; open credit settles it at once.

    Args:
        lease_id: the lease.
        kind: a ``Charge.Kind``.
        amount: more than 0.
        due_on: when it must be paid.
        name: what it is, as the tenant reads it.
        key: makes it unique: a second call with the same key changes nothing.

    Returns the charge's id. Refused: not positive, no account, charged twice.
    """
    row = {
        "lease_id": lease_id,
        "bill_id": None,
        "kind": kind,
        "name": name,
        "period_from": due_on,
        "period_to": date.fromordinal(due_on.toordinal() + 1),
        "due_on": due_on,
        "amount": amount.yuan,
        "source": f"manual:{key}",
        "revision": 0,
    }
    made = posting.issue([row], clock.today())[0]
    posting.allocate([lease_id], clock.now())
    act.trace(
        "charge", made["id"], links=(("lease", lease_id),), kind=kind, amount=str(amount), due_on=due_on.isoformat()
    )
    return int(made["id"])


def can_reverse(by: Actor, *, charge_id: int, reason: str) -> None:
    """A charge is reversed once; a reversal is not reversed."""
    charge = restrict(Charge.objects.filter(id=charge_id), by).first()
    if charge is None:
        raise NOT_FOUND()
    if charge.amount < 0 or Charge.objects.filter(reverses_id=charge_id).exists():
        raise REVERSED()


@action("billing.charge.reverse", needs=REVERSE, check=can_reverse)
def reverse_charge(act: Act, *, charge_id: int, reason: str) -> None:
    """Reverse a charge by adding a negative one; what was paid becomes credit and settles what else is open."""
    at = clock.now()
    done = posting.reverse([charge_id], clock.today(), at)[0]
    posting.allocate([done["lease_id"]], at)
    act.trace(
        "charge", charge_id, links=(("lease", done["lease_id"]),), amount=str(Money(done["amount"])), reason=reason
    )


WRITE_OFF_SQL = """
WITH locked AS (SELECT id, lease_id, kind, due_on, scope_id, building_id, open FROM charge
                WHERE id = %(id)s AND open > 0 FOR UPDATE),
new_credit AS (INSERT INTO credit (lease_id, kind, charge_id, amount, open, at)
               SELECT lease_id, 'write_off', id, open, 0, %(at)s FROM locked RETURNING id, charge_id, amount),
settled AS (INSERT INTO allocation (credit_id, charge_id, amount, at)
            SELECT id, charge_id, amount, %(at)s FROM new_credit),
closed AS (UPDATE charge SET open = 0 FROM locked WHERE charge.id = locked.id),
month_sum AS (
    INSERT INTO billing_month AS b (month, scope_id, building_id, due, settled)
    SELECT date_trunc('month', due_on)::date, scope_id, coalesce(building_id, 0), 0, open FROM locked
    WHERE kind <> 'deposit'
    ON CONFLICT (org_id, month, scope_id, building_id) DO UPDATE SET settled = b.settled + excluded.settled)
SELECT lease_id, open AS amount FROM locked
"""


def can_write_off(by: Actor, *, charge_id: int, reason: str) -> None:
    """Only what is open can be written off."""
    charge = restrict(Charge.objects.filter(id=charge_id), by).first()
    if charge is None:
        raise NOT_FOUND()
    if charge.open <= Decimal(0):
        raise SETTLED()


@action("billing.charge.write_off", needs=WRITE_OFF, check=can_write_off)
def write_off(act: Act, *, charge_id: int, reason: str) -> None:
    """Give up what is open of a charge; the reason is kept."""
    rows = fetch(WRITE_OFF_SQL, {"id": charge_id, "at": clock.now()})
    if not rows:
        raise SETTLED()
    act.trace(
        "charge",
        charge_id,
        links=(("lease", rows[0]["lease_id"]),),
        amount=str(Money(rows[0]["amount"])),
        reason=reason,
    )
