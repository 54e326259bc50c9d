"""Money back by the original channel. Asking writes a row; sending it is a job's work, outside any transaction."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from anju.foundation.actions import Act, action
from anju.foundation.db import SqlFile, clock, fetch_one, run_sql
from anju.foundation.payments import news
from anju.foundation.payments.actions.orders import ALPHABET
from anju.foundation.payments.gateways import RefundNews
from anju.foundation.payments.models import GatewayProblem, PaymentOrder, Refund
from anju.foundation.payments.notices import Receipt, note_notice, raise_problem
from anju.foundation.payments.permissions import POST, REFUND
from anju.kit import Actor, Money
from anju.kit.refusal import NOT_FOUND, sentence

LOCK = SqlFile(__file__, "../sql/lock_refunded_order.sql")
SETTLE_REFUND = SqlFile(__file__, "../sql/settle_refund.sql")
AFTER_REFUND = SqlFile(__file__, "../sql/order_after_refund.sql")
REFUNDABLE_DAYS = 365
PARTS = 50

NOT_PAID = sentence("payments.refund.not_paid", "这笔订单没有付款，不能退款。", "This order was not paid.")
TOO_MUCH = sentence(
    "payments.refund.too_much",
    "这笔订单最多还能退 ¥{left}。请改金额。",
    "At most ¥{left} of this order can still be refunded.",
)
TOO_OLD = sentence(
    "payments.refund.too_old",
    "付款已超过 {days} 天，支付平台不再受理原路退款。请改用转账退款。",
    "Paid more than {days} days ago: the gateway no longer refunds; pay it out by transfer.",
)
TOO_MANY = sentence(
    "payments.refund.too_many",
    "这笔订单已经退过 {parts} 次，不能再分次退款。请改用转账退款。",
    "This order was refunded {parts} times already; pay it out by transfer.",
)


def can_refund(by: Actor, *, order_id: int, amount: Money, reason: str) -> None:
    """Whether that much of an order could be refunded now; raises Refused."""
    order = PaymentOrder.objects.filter(id=order_id).first()
    if order is None:
        raise NOT_FOUND()
    if order.paid_at is None:
        raise NOT_PAID()
    left = Money(order.amount - order.refund_asked)
    if amount.in_fen < 1 or amount > left:
        raise TOO_MUCH(left=left)
    if clock.wall() - order.paid_at >= timedelta(days=REFUNDABLE_DAYS):
        raise TOO_OLD(days=REFUNDABLE_DAYS)
    if Refund.objects.filter(order_id=order_id).count() >= PARTS:
        raise TOO_MANY(parts=PARTS)


@action("payments.refund.ask", needs=REFUND, check=can_refund)
def ask_refund(act: Act, *, order_id: int, amount: Money, reason: str) -> Refund:
    """Reserve a refund and have it sent. Its number is fixed here, so that sending it twice refunds once.

    Args:
        order_id: the paid order.
        amount: at most what is left of it.
        reason: shown to the payer in the wallet, at most 80 characters.

    Refused: ``payments.refund.not_paid``, ``too_much``, ``too_old`` (365 days), ``too_many`` (50 parts).
    """
    order = PaymentOrder.objects.select_for_update().filter(id=order_id).first()
    can_refund(act.by, order_id=order_id, amount=amount, reason=reason)  # again, with the row locked
    assert order is not None
    now = clock.wall()
    number = f"RF{now.astimezone(clock.SHANGHAI):%Y%m%d}" + "".join(secrets.choice(ALPHABET) for _ in range(12))
    refund = Refund.objects.create(
        order=order,
        number=number,
        amount=amount.yuan,
        reason=reason[:80],
        asked_by=str(act.by),
        asked_at=now,
        next_check_at=now,
    )
    run_sql(AFTER_REFUND, {"order": order_id})
    subject = (order.subject_kind, order.subject_id)
    act.trace("payment_order", order.id, links=(subject,), refund=refund.id, number=number, amount=str(amount))
    return refund


@action("payments.refund.settle", needs=POST)
def settle_refund(act: Act, *, gateway: str, account_id: int, told: RefundNews, receipt: Receipt | None = None) -> str:
    """Write what the gateway says of a refund, once, whatever comes in whatever order.

    Args:
        gateway: the gateway's key.
        account_id: the merchant account that verified it.
        told: the refund as the gateway tells it.
        receipt: of the callback; None when we asked ourselves.

    Returns:
        ``accepted``, ``repeated``, or a ``GatewayProblem.Kind``.
    """
    asked: dict[str, Any] = {
        "number": told.number,
        "gateway": gateway,
        "account": account_id,
        "amount": told.amount.yuan,
        "state": told.state,
        "gateway_refund": told.gateway_refund,
        "done_at": told.done_at,
        "now": clock.wall(),
    }
    run_sql(LOCK, asked)
    row = fetch_one(SETTLE_REFUND, asked)
    assert row is not None
    verdict = str(row["word"])
    if receipt is not None:
        note_notice(gateway, receipt, verdict=verdict, reference=told.number)
    if verdict == "accepted":
        _settled(act, row, told, gateway)
    elif verdict == "repeated":
        act.nothing_changed()
    else:
        facts = {"told": str(told.amount), "asked": str(row["amount"])}
        raise_problem(act, gateway=gateway, kind=verdict, reference=told.number, **facts)
    return verdict


def _settled(act: Act, row: dict[str, Any], told: RefundNews, gateway: str) -> None:
    run_sql(AFTER_REFUND, {"order": row["order_id"]})
    subject = (row["subject_kind"], row["subject_id"])
    act.trace(
        "payment_order", row["order_id"], links=(subject,), refund=row["id"], state=told.state, amount=str(told.amount)
    )
    if told.state == "processing":
        return
    if told.state != "succeeded":
        raise_problem(
            act, gateway=gateway, kind=GatewayProblem.Kind.REFUND_FAILED, reference=told.number, state=told.state
        )
    at = clock.now() if row["drill"] or told.done_at is None else told.done_at.astimezone(clock.SHANGHAI)
    news.publish_refunded(
        news.RefundDone(
            refund_id=row["id"],
            number=told.number,
            order_id=row["order_id"],
            subject_kind=subject[0],
            subject_id=subject[1],
            payer=row["payer"],
            amount=told.amount,
            state=told.state,
            at=at,
        )
    )


@action("payments.refund.block", needs=POST)
def block_refund(act: Act, *, refund_id: int, gateway: str, code: str) -> None:
    """The gateway refused to take a refund, for certain: a person has to act (top up, pay out otherwise).

    The refund stays asked and is tried again with its number, more and more rarely.

    Args:
        refund_id: the refund.
        gateway: the gateway's key.
        code: the gateway's word (``NOT_ENOUGH``).
    """
    refund = Refund.objects.get(id=refund_id)
    Refund.objects.filter(id=refund_id).update(error=code[:64])
    raise_problem(act, gateway=gateway, kind=GatewayProblem.Kind.REFUND_BLOCKED, reference=refund.number, code=code)
