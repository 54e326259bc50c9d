"""What runs again and again: asking after orders and refunds, fetching statements.

Each function takes an organization and opens its own short transactions: claim rows, talk to the gateway with no
transaction open, write the answer. A claim is a later ``next_check_at``, so whoever dies in between loses nothing.
Times are wall times: a gateway knows no drill clock.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from anju.foundation.db import SqlFile, fetch, org_scope
from anju.foundation.payments.accounts import all_opened, opened_by_id
from anju.foundation.payments.actions import (
    block_refund,
    close_order,
    load_statement,
    reconcile,
    report_not_posted,
    settle_payment,
    settle_refund,
)
from anju.foundation.payments.actions.orders import notify_url
from anju.foundation.payments.gateways import GatewayError, GatewayUnsure, OrderNews, RefundAsk, RefundNews
from anju.foundation.payments.models import Difference, PaymentOrder
from anju.foundation.payments.policies import Payments
from anju.foundation.policy.store import in_force
from anju.kit import Actor, Money

CLAIM_ORDERS = SqlFile(__file__, "sql/claim_orders.sql")
CLAIM_REFUNDS = SqlFile(__file__, "sql/claim_refunds.sql")
GIVE_UP_AFTER = 3
"""Unanswered questions in a row after which a round ends: the gateway is down, and each costs a time-out."""
SYSTEM = Actor.system()
log = logging.getLogger(__name__)
Row = dict[str, Any]


def repair_open_orders(org_id: int, now: datetime, *, limit: int = 200) -> Counter[str]:
    """Ask the gateway about open orders whose callback is overdue; post what was paid, close what expired.

    Args:
        org_id: the organization.
        now: wall time, zone-aware.
        limit: at most this many orders in one round.

    Returns:
        Orders by outcome: ``paid``, ``closed``, ``failed``, ``waiting``, ``unsure`` (the gateway did not answer),
        ``not_posted`` (failed here, a problem is open), or a problem's kind.
    """
    with org_scope(org_id):
        terms = in_force(Payments).value
        most = terms.check_minutes_at_most * 60
        claimed = fetch(CLAIM_ORDERS, {"now": now, "limit": limit, "first": terms.first_check_seconds, "most": most})
    return _each(org_id, claimed, lambda row: _repair(org_id, row, now))


def _repair(org_id: int, row: Row, now: datetime) -> str:
    gateway = opened_by_id(row["gateway"], row["account_id"], org_id=org_id).gateway
    told = gateway.query(row["number"])
    expired = now > row["expires_at"]
    if told.state == "unpaid" and expired and not gateway.close(row["number"]):
        told = gateway.query(row["number"])  # paid between question and closing
    with org_scope(org_id):
        return write_answer(row["id"], row["gateway"], row["account_id"], told, expired=expired)


def write_answer(order_id: int, gateway: str, account_id: int, told: OrderNews, *, expired: bool) -> str:
    """Write what a query said of an order; the scope is open."""
    if told.payment is not None:
        verdict = settle_payment(SYSTEM, gateway=gateway, account_id=account_id, payment=told.payment)
        return "paid" if verdict in ("accepted", "repeated") else verdict
    if told.state in ("unpaid", "missing") and not expired:
        return "waiting"
    close_order(SYSTEM, order_id=order_id, failed=told.state == "failed")
    return "failed" if told.state == "failed" else "closed"


def check_order(number: str) -> str:
    """Ask about one open order now, because its payer came back; for the page, inside its scope.

    Whoever else is asking about it at this moment is not waited for. Returns the order's state.
    """
    order = (
        PaymentOrder.objects.select_for_update(skip_locked=True)
        .filter(number=number, state=PaymentOrder.State.PREPARED)
        .first()
    )
    if order is not None:
        try:
            told = opened_by_id(order.gateway, order.account_id).gateway.query(number)
            write_answer(order.id, order.gateway, order.account_id, told, expired=False)
        except GatewayError:
            pass  # the callback or the next round will tell
    return str(PaymentOrder.objects.values_list("state", flat=True).get(number=number))


def send_refunds(org_id: int, now: datetime, *, limit: int = 100) -> Counter[str]:
    """Send refunds that were asked for, and ask after those under way.

    A refund that may have been sent is asked after first; only if the gateway never heard of it, it is sent again
    with the same number.

    Args:
        org_id: the organization.
        now: wall time, zone-aware.
        limit: at most this many in one round.

    Returns:
        Refunds by outcome: the gateway's state, ``repeated``, ``blocked``, ``unsure``, ``not_posted``,
        or a problem's kind.
    """
    with org_scope(org_id):
        claimed = fetch(CLAIM_REFUNDS, {"now": now, "limit": limit})
    return _each(org_id, claimed, lambda row: _send_refund(org_id, row))


def _send_refund(org_id: int, row: Row) -> str:
    with org_scope(org_id):
        account, notify = opened_by_id(row["gateway"], row["account_id"]), notify_url(row["gateway"])
    told: RefundNews | None = None
    if row["attempts"] > 1 or row["state"] == "processing":
        told = account.gateway.query_refund(row["number"])
    if told is None:
        ask = RefundAsk(
            number=row["number"],
            order_number=row["order_number"],
            amount=Money(row["amount"]),
            total=Money(row["total"]),
            reason=row["reason"],
            notify_url=notify,
        )
        try:
            told = account.gateway.refund(ask)
        except GatewayUnsure:
            raise
        except GatewayError as error:
            with org_scope(org_id):
                block_refund(SYSTEM, refund_id=row["id"], gateway=row["gateway"], code=error.code)
            return "blocked"
    with org_scope(org_id):
        verdict = settle_refund(SYSTEM, gateway=row["gateway"], account_id=account.id, told=told)
    return told.state if verdict == "accepted" else verdict


def load_day(org_id: int, gateway: str, day: date, now: datetime) -> int:
    """Fetch a day's statements, reconcile them, repair what only missed its callback, reconcile again.

    Args:
        org_id: the organization.
        gateway: the gateway's key.
        day: the gateway's day (Beijing); its statement is there from 10:00 the next day.
        now: wall time.

    Returns:
        Differences left open. Raises GatewayUnsure if the gateway could not be asked.
    """
    left = 0
    for account in all_opened(gateway, org_id=org_id):
        lines = account.gateway.statement(day)
        with org_scope(org_id):
            statement = load_statement(SYSTEM, gateway=gateway, account_id=account.id, day=day, lines=lines)
            still_open = reconcile(SYSTEM, statement_id=statement.id)
            unpaid = _unpaid_here(statement.id) if still_open else []
        if unpaid:
            _each(org_id, unpaid, lambda row: _repair(org_id, row, now))
            with org_scope(org_id):
                still_open = reconcile(SYSTEM, statement_id=statement.id)
        left += still_open
    return left


def _unpaid_here(statement_id: int) -> list[Row]:
    orders = Difference.objects.filter(
        statement_id=statement_id, kind=Difference.Kind.UNPAID_HERE, settled_at=None
    ).values_list("order_id", flat=True)
    fields = ("id", "number", "gateway", "account_id", "expires_at")
    return [dict(row) for row in PaymentOrder.objects.filter(id__in=orders).order_by("id").values(*fields)]


def _each(org_id: int, rows: list[Row], one: Callable[[Row], str]) -> Counter[str]:
    """Work through claimed rows; a gateway that stays silent ends the round, one row that fails here does not."""
    tally: Counter[str] = Counter()
    silent = 0
    for row in rows:
        try:
            tally[one(row)] += 1
            silent = 0
        except GatewayError:
            tally["unsure"] += 1
            silent += 1
            if silent >= GIVE_UP_AFTER:
                break
        except Exception as error:
            tally["not_posted"] += 1
            log.error("%s not posted: %s", row["number"], type(error).__name__)
            with org_scope(org_id):
                word = type(error).__name__
                report_not_posted(SYSTEM, gateway=row["gateway"], reference=row["number"], error=word)
    return tally
