"""A plain payment or a plain repetition of one, settled by one call of the server; the action does everything else.

It is the action ``payments.order.settle`` in the form of one statement: what it may do is the system's right to post,
its transaction is the call's own, its trace is written inside.
"""

from __future__ import annotations

import json
import logging
from typing import Any

from django.db import DatabaseError, connection

from anju.foundation.db import clock
from anju.foundation.payments import news
from anju.foundation.payments.gateways import Payment
from anju.foundation.payments.notices import Receipt

log = logging.getLogger(__name__)
CALL = "SELECT payment_callback(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
DONE = ("accepted", "repeated")


def settled_at_once(org: int, gateway: str, account_id: int, payment: Payment, receipt: Receipt) -> bool:
    """Whether the callback was settled, now or before; False leaves it to the action, and nothing was written.

    Args:
        org: whose callback; no scope is open.
        gateway: the gateway's key.
        account_id: the merchant account that verified it.
        payment: what was paid.
        receipt: of the callback.
    """
    if receipt.notification_id is None or connection.in_atomic_block:
        return False
    values: list[Any] = [
        org,
        gateway,
        account_id,
        payment.number,
        payment.transaction,
        payment.amount.yuan,
        payment.paid_at,
        clock.wall(),
        receipt.notification_id,
        receipt.event,
        receipt.body_sha256,
        receipt.headers,
        json.dumps(news.posting()),
    ]
    try:
        with connection.cursor() as cursor:
            cursor.execute(CALL, values)
            row = cursor.fetchone()
    except DatabaseError as error:
        # The action meets the same trouble, says so and leaves a problem; nothing stands of this call.
        log.warning("callback %s not settled at once: %s", payment.number, type(error).__name__)
        return False
    return row is not None and row[0] in DONE
