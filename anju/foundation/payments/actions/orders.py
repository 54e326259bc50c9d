"""Orders: asked for, paid, closed."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from anju.foundation.actions import Act, action
from anju.foundation.db import SqlFile, clock, fetch_one, fetch_value, scoped_org
from anju.foundation.payments import news
from anju.foundation.payments.accounts import UNREACHABLE, Opened, opened, opened_by_id
from anju.foundation.payments.gateways import (
    Ask,
    GatewayError,
    GatewayUnsure,
    Method,
    Payment,
    gateway_kind,
    gateway_kinds,
)
from anju.foundation.payments.models import OPEN, PaymentOrder
from anju.foundation.payments.notices import NO_RECEIPT, Receipt, raise_problem
from anju.foundation.payments.permissions import PAY, POST
from anju.foundation.payments.policies import Payments
from anju.foundation.policy.store import in_force
from anju.foundation.trace.events import Subject
from anju.kit import Actor, Money
from anju.kit.refusal import sentence

OPEN_ORDER = SqlFile(__file__, "../sql/open_order.sql")
SETTLE = SqlFile(__file__, "../sql/settle.sql")
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing that is misread aloud
SHORTEST_LIFE = timedelta(minutes=2)
"""An order about to expire is not handed out again: the payer would meet a closed wallet page."""

REJECTED = sentence(
    "payments.rejected",
    "{gateway}没有接受这笔订单（{reason}）。请联系客服。",
    "{gateway} did not accept this order ({reason}). Please contact service.",
)
NOT_PAYABLE = sentence(
    "payments.not_payable", "这一项不能在线支付。请联系客服。", "This cannot be paid online. Please contact service."
)
NO_AMOUNT = sentence("payments.no_amount", "没有需要支付的金额。", "There is nothing to pay.")
NO_METHOD = sentence(
    "payments.no_method", "这种支付方式现在不可用，请换一种。", "This way of paying is not available; choose another."
)
NO_PAYER_TOKEN = sentence(
    "payments.no_payer_token",
    "请在微信里打开这个页面再支付，或换用其他支付方式。",
    "Open this page inside WeChat to pay, or choose another way.",
)


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays: ``ref`` as the subject's slice knows them; ``token`` as the wallet does (openid), never stored."""

    ref: str = ""
    token: str = ""
    ip: str = "127.0.0.1"


ANYBODY = Payer()


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to pay, and through which account."""

    subject: Subject
    payer: str
    amount: Money
    method: Method
    description: str
    gateway: str
    account: Opened

    def key(self) -> dict[str, Any]:
        """What one open order is allowed for."""
        return {"subject_kind": self.subject[0], "subject_id": self.subject[1], "payer": self.payer}

    def fits(self, order: PaymentOrder) -> bool:
        """Whether an open order asks for the same and lives long enough."""
        same = (order.amount, order.method, order.description, order.account_id) == (
            self.amount.yuan,
            self.method,
            self.description,
            self.account.id,
        )
        return same and order.expires_at - clock.wall() > SHORTEST_LIFE

    def row(self) -> dict[str, Any]:
        """As a new order."""
        terms, now = in_force(Payments).value, clock.wall().replace(microsecond=0)
        return {
            "number": order_number(now),
            "account": self.account.id,
            "gateway": self.gateway,
            "method": self.method,
            "kind": self.subject[0],
            "id": self.subject[1],
            "payer": self.payer,
            "description": self.description,
            "amount": self.amount.yuan,
            "now": now,
            "expires": now + timedelta(minutes=terms.order_minutes),
            "check": now + timedelta(seconds=terms.first_check_seconds),
        }


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a pay page needs. ``state``: ``prepared``, and one of the three ways is set; ``paid``: show the receipt."""

    number: str
    state: str
    method: Method
    amount: Money
    expires_at: datetime
    redirect_url: str | None = None
    code_url: str | None = None
    jsapi: dict[str, str] | None = None


def notify_url(gateway: str) -> str:
    """Where the gateway reports for the organization in scope."""
    return f"{settings.BASE_URL.rstrip('/')}/pay/notify/{gateway}/{scoped_org()}"


def order_number(now: datetime) -> str:
    """A new number, 22 characters: never reused, not even after a restored backup."""
    return f"AJ{now.astimezone(clock.SHANGHAI):%Y%m%d}" + "".join(secrets.choice(ALPHABET) for _ in range(12))


def can_start(
    by: Actor,
    *,
    subject: Subject,
    amount: Money,
    method: Method,
    return_url: str,
    description: str,
    gateway: str = "wechat",
    payer: Payer = ANYBODY,
) -> None:
    """Whether a payment could be started now; raises Refused."""
    if not news.payable(subject[0]):
        raise NOT_PAYABLE()
    if amount.in_fen < 1:
        raise NO_AMOUNT()
    if not any(kind.key == gateway and method in kind.methods for kind in gateway_kinds()):
        raise NO_METHOD()
    if method == "jsapi" and not payer.token and not opened(gateway).gateway.drill:
        raise NO_PAYER_TOKEN()


@action("payments.order.start", needs=PAY, check=can_start)
def start_payment(
    act: Act,
    *,
    subject: Subject,
    amount: Money,
    method: Method,
    return_url: str,
    description: str,
    gateway: str = "wechat",
    payer: Payer = ANYBODY,
) -> Prepared:
    """Prepare a payment; asked again for the same, the same order comes back.

    A payer has one open order per subject: asked for another amount or method, the former is closed at the gateway
    first, and if it turns out to be paid already, that is the answer.

    Args:
        subject: ``(kind, id)`` of what is paid; its slice registered ``on_paid(kind)``.
        amount: to be paid, at least one fen.
        method: ``jsapi`` inside the wallet's browser, ``h5`` in a phone's, ``native`` as a code to scan.
        return_url: where the payer's browser goes afterwards (our page, absolute).
        description: shown in the wallet, at most 127 characters, no personal values.
        gateway: its key.
        payer: who pays, where not the actor; the wallet's own name of the payer; the payer's address.

    Refused: ``payments.*``.
    """
    wish = Wish(subject, payer.ref or str(act.by), amount, method, description[:127], gateway, opened(gateway))
    act.nothing_changed()
    try:
        order = _prepared_order(act, wish, payer)
    except GatewayUnsure as error:
        raise UNREACHABLE(gateway=gateway_kind(gateway).zh) from error
    except GatewayError as error:
        raise REJECTED(gateway=gateway_kind(gateway).zh, reason=error.code) from error
    told = Prepared(order.number, order.state, method, Money(order.amount), order.expires_at)
    if order.state != PaymentOrder.State.PREPARED:
        return told
    way = wish.account.gateway.hand_over(method, order.prepay, return_url)
    return replace(told, redirect_url=way.redirect_url, code_url=way.code_url, jsapi=way.jsapi)


def _prepared_order(act: Act, wish: Wish, payer: Payer) -> PaymentOrder:
    """The order to hand out: new, renewed as it was, or already paid."""
    for _attempt in range(3):
        order, reused = _open_order(act, wish)
        if order.state not in OPEN or not _needs_preparing(order, wish, payer):
            return order
        try:
            _prepare(act, order, wish, payer)
        except GatewayUnsure:
            raise
        except GatewayError:
            # The gateway no longer takes this number (closed there, or another openid): find out, then begin anew.
            if not reused:
                raise
            if not _retire(act, order):
                return order
            continue
        return order
    raise GatewayUnsure("BUSY")


def _open_order(act: Act, wish: Wish) -> tuple[PaymentOrder, bool]:
    """Insert an order, or take the payer's open one for the subject; the table allows one."""
    for _attempt in range(3):
        new_id = fetch_value(OPEN_ORDER, wish.row())
        if new_id is not None:
            return PaymentOrder.objects.get(id=new_id), False
        order = PaymentOrder.objects.select_for_update().filter(state__in=OPEN, **wish.key()).order_by("id").first()
        if order is None:
            continue  # it was closed or paid between the two statements
        if wish.fits(order) or not _retire(act, order):
            return order, True
    raise GatewayUnsure("BUSY")


def _needs_preparing(order: PaymentOrder, wish: Wish, payer: Payer) -> bool:
    # A prepared order opens only for the openid it was asked for, which we do not keep: asked again with the same one
    # the gateway gives the same order, with another it refuses and a new order is made.
    if order.prepared_at is None or payer.token:
        return True
    return clock.wall() - order.prepared_at > timedelta(seconds=wish.account.gateway.prepay_lives[wish.method])


def _prepare(act: Act, order: PaymentOrder, wish: Wish, payer: Payer) -> None:
    ask = Ask(
        number=order.number,
        method=wish.method,
        amount=wish.amount,
        description=order.description,
        expires_at=order.expires_at.astimezone(clock.SHANGHAI),
        notify_url=notify_url(wish.gateway),
        payer_token=payer.token or "drill",
        client_ip=payer.ip,
    )
    order.prepay = wish.account.gateway.prepare(ask)
    order.prepared_at, order.state = clock.wall(), PaymentOrder.State.PREPARED
    order.save(update_fields=["prepay", "prepared_at", "state"])
    act.trace(
        "payment_order",
        order.id,
        links=(wish.subject,),
        number=order.number,
        gateway=wish.gateway,
        method=wish.method,
        amount=str(wish.amount),
    )


def _retire(act: Act, order: PaymentOrder) -> bool:
    """Close an order at the gateway and here; False if it was paid meanwhile, and then it is settled."""
    account = opened_by_id(order.gateway, order.account_id)
    if account.gateway.close(order.number):
        close_order(Actor.system(), order_id=order.id)
        return True
    told = account.gateway.query(order.number)
    if told.payment is None:
        raise GatewayUnsure("PAID_BUT_UNPAID")
    settle_payment(Actor.system(), gateway=order.gateway, account_id=account.id, payment=told.payment)
    order.refresh_from_db()
    return False


@action("payments.order.settle", needs=POST)
def settle_payment(act: Act, *, gateway: str, account_id: int, payment: Payment, receipt: Receipt | None = None) -> str:
    """Post a payment the gateway vouched for, once, whatever comes in whatever order.

    Args:
        gateway: the gateway's key.
        account_id: the merchant account that verified it.
        payment: what was paid.
        receipt: of the callback; None when we asked the gateway ourselves.

    Returns:
        ``accepted``, ``repeated``, or a ``GatewayProblem.Kind`` (then a problem is open and nothing was posted).
    """
    kept = NO_RECEIPT if receipt is None else receipt.params()
    asked = {
        "gateway": gateway,
        "account": account_id,
        "number": payment.number,
        "transaction": payment.transaction,
        "amount": payment.amount.yuan,
        "paid_at": payment.paid_at,
        "now": clock.wall(),
    }
    row = fetch_one(SETTLE, kept | asked)
    assert row is not None
    verdict = str(row["word"])
    if verdict == "accepted":
        _post(act, row, payment, gateway)
    elif verdict == "repeated":
        act.nothing_changed()
    else:
        facts = {"told": str(payment.amount), "asked": str(row["amount"]), "transaction": payment.transaction}
        raise_problem(act, gateway=gateway, kind=verdict, reference=payment.number, **facts)
    return verdict


def _post(act: Act, row: dict[str, Any], payment: Payment, gateway: str) -> None:
    subject = (row["subject_kind"], row["subject_id"])
    news.publish_paid(
        news.Paid(
            order_id=row["id"],
            number=payment.number,
            gateway=gateway,
            method=row["method"],
            transaction=payment.transaction,
            subject_kind=subject[0],
            subject_id=subject[1],
            payer=row["payer"],
            amount=payment.amount,
            at=clock.now() if row["drill"] else payment.paid_at.astimezone(clock.SHANGHAI),
        )
    )
    act.trace(
        "payment_order",
        row["id"],
        links=(subject,),
        amount=str(payment.amount),
        gateway=gateway,
        transaction=payment.transaction,
    )


@action("payments.order.close", needs=POST)
def close_order(act: Act, *, order_id: int, failed: bool = False) -> bool:
    """Close an order that can no longer be paid at the gateway; False if it was no longer open.

    Args:
        order_id: the order.
        failed: the gateway says the payment failed, rather than that nobody paid.
    """
    state = PaymentOrder.State.FAILED if failed else PaymentOrder.State.CLOSED
    if not PaymentOrder.objects.filter(id=order_id, state__in=OPEN).update(state=state):
        act.nothing_changed()
        return False
    act.trace("payment_order", order_id, state=str(state))
    return True
