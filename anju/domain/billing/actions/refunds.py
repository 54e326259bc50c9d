"""Giving money back by the way it came: the credit is taken at once, the gateway's answer confirms or returns it."""

from __future__ import annotations

from anju.domain.billing.actions.payments import NOT_POSITIVE, PAY_BACK, TOO_MUCH, pay_out
from anju.domain.billing.models import Credit, Payment, PayoutState
from anju.foundation.access import restrict
from anju.foundation.actions import Act, action
from anju.foundation.db import fetch
from anju.foundation.payments.actions import ask_refund
from anju.foundation.payments.news import RefundDone, on_refunded
from anju.kit import Actor, Money
from anju.kit.refusal import NOT_FOUND, sentence

BY_HAND = sentence(
    "billing.refund_by_hand",
    "这笔钱不是在线付的，请用原来的方式退还后，用“退回预收款”登记。",
    "This money did not come through a gateway; return it the way it came and record that.",
)
ORDER = "order:"


def can_refund(by: Actor, *, payment_id: int, amount: Money, reason: str) -> None:
    """An online payment of which that much is not used yet, and that the gateway still gives back."""
    credit = Credit.objects.filter(payment_id=payment_id).first()
    payment = restrict(Payment.objects.filter(id=payment_id), by).first()
    if payment is None or credit is None:
        raise NOT_FOUND()
    if not payment.source.startswith(ORDER):
        raise BY_HAND()
    if amount <= Money(0):
        raise NOT_POSITIVE()
    if amount > Money(credit.open):
        raise TOO_MUCH(left=Money(credit.open), asked=amount)
    refused = ask_refund.refusal(
        Actor.system(), order_id=int(payment.source.removeprefix(ORDER)), amount=amount, reason=reason
    )
    if refused is not None:
        raise refused


@action("billing.payment.refund", needs=PAY_BACK, check=can_refund)
def refund_payment(act: Act, *, payment_id: int, amount: Money, reason: str) -> int:
    """Refund what an online payment still holds as credit, by the original channel.

    Args:
        payment_id: the payment.
        amount: at most its unused credit.
        reason: the payer reads it in the wallet.

    Returns the payout's id; it is done when the gateway says so. Refused: unknown, not online, more than is unused,
    and whatever the gateway's own limits refuse.
    """
    payment = Payment.objects.get(id=payment_id)
    credit = Credit.objects.get(payment_id=payment_id)
    asked = ask_refund(Actor.system(), order_id=int(payment.source.removeprefix(ORDER)), amount=amount, reason=reason)
    made = pay_out(credit.id, amount, "refund", f"refund:{asked.id}", state=PayoutState.ASKED)
    act.trace(
        "payout",
        made["id"],
        links=(("lease", payment.lease_id), ("payment", payment_id)),
        amount=str(amount),
        reason=reason,
        refund=asked.id,
    )
    return int(made["id"])


RETURN_CREDIT = """
WITH failed AS (UPDATE payout SET state = 'failed' WHERE source = %(source)s AND state = 'asked'
                RETURNING id, credit_id, lease_id, amount)
UPDATE credit SET open = credit.open + failed.amount FROM failed WHERE credit.id = failed.credit_id
RETURNING failed.id, failed.lease_id
"""


@action("billing.refund.settle", needs=PAY_BACK)
def settle_refund(act: Act, *, refund_id: int, state: str) -> None:
    """The gateway's last word on a refund: ``succeeded`` makes the payout final, ``closed`` gives the credit back.

    ``abnormal`` leaves it asked: the money is stuck at the gateway, and a gateway problem says so to finance.
    """
    source = f"refund:{refund_id}"
    if state == "closed":
        rows = fetch(RETURN_CREDIT, {"source": source})
    elif state == "succeeded":
        rows = fetch(
            "UPDATE payout SET state = 'done' WHERE source = %(source)s AND state = 'asked' RETURNING id, lease_id",
            {"source": source},
        )
    else:
        rows = []
    for row in rows:
        act.trace("payout", row["id"], links=(("lease", row["lease_id"]),), refund=refund_id, state=state)
    if not rows:
        act.nothing_changed()


@on_refunded("lease")
@on_refunded("bill")
def refund_done(done: RefundDone) -> None:
    """Payments tells how a refund ended."""
    settle_refund(Actor.system(), refund_id=done.refund_id, state=done.state)
