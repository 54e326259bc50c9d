"""A deposit is held money: neither income nor receivable."""

from __future__ import annotations

from anju.domain.billing import posting
from anju.domain.billing.actions.payments import pay_out
from anju.domain.billing.models import Credit
from anju.domain.billing.reach import reached
from anju.foundation.access import permission
from anju.foundation.actions import Act, action
from anju.foundation.db import clock, fetch_value
from anju.kit import Actor, Money
from anju.kit.refusal import sentence

OFFSET = permission("billing.deposit.offset", zh="押金抵扣", en="Offset from the deposit", roles=("manager", "finance"))
RETURN = permission("billing.deposit.return", zh="退还押金", en="Return the deposit", roles=("manager", "finance"))

LESS_HELD = sentence(
    "billing.less_held",
    "在管押金只有 ¥{held}，不能动用 ¥{asked}。",
    "Only ¥{held} of deposit is held, not ¥{asked}.",
)

HELD = """
SELECT coalesce((SELECT sum(a.amount) FROM charge c JOIN allocation a ON a.charge_id = c.id
                 JOIN credit k ON k.id = a.credit_id AND k.kind NOT IN ('reversal', 'write_off')
                 WHERE c.lease_id = %(lease)s AND c.kind = 'deposit'
                   AND NOT EXISTS (SELECT FROM charge r WHERE r.reverses_id = c.id)), 0)
     - coalesce((SELECT sum(amount) FROM credit WHERE lease_id = %(lease)s AND kind = 'deposit_release'), 0)
"""


def held(lease_id: int) -> Money:
    """The deposit held for a lease: what was paid towards it, less what was released."""
    return Money(fetch_value(HELD, {"lease": lease_id}))


def _release(lease_id: int, amount: Money) -> int:
    fetch_value("SELECT id FROM lease_account WHERE lease_id = %(lease)s FOR UPDATE", {"lease": lease_id})
    have = held(lease_id)
    if amount <= Money(0) or amount > have:
        raise LESS_HELD(held=have, asked=amount)
    credit = Credit.objects.create(
        lease_id=lease_id, kind="deposit_release", amount=amount.yuan, open=amount.yuan, at=clock.now()
    )
    return credit.id


def can_use(by: Actor, *, lease_id: int, amount: Money, reason: str) -> None:
    """No more than is held, of a lease within the actor's projects."""
    reached([lease_id], by)
    have = held(lease_id)
    if amount > have or amount <= Money(0):
        raise LESS_HELD(held=have, asked=amount)


@action("billing.deposit.offset", needs=OFFSET, check=can_use)
def offset_deposit(act: Act, *, lease_id: int, amount: Money, reason: str) -> None:
    """Settle what is open from the held deposit."""
    credit_id = _release(lease_id, amount)
    settled = posting.allocate([lease_id], clock.now())
    act.trace(
        "lease",
        lease_id,
        credit=credit_id,
        amount=str(amount),
        reason=reason,
        settled=[[s["charge_id"], str(s["amount"])] for s in settled],
    )


@action("billing.deposit.return", needs=RETURN, check=can_use)
def return_deposit(act: Act, *, lease_id: int, amount: Money, reason: str) -> None:
    """Give held deposit back to the tenant."""
    credit_id = _release(lease_id, amount)
    made = pay_out(credit_id, amount, "deposit", f"deposit:{credit_id}")
    act.trace("payout", made["id"], links=(("lease", lease_id),), amount=str(amount), reason=reason)
