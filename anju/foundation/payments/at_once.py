"""Plain payments and plain repetitions of one, settled by one call of the server; the action does everything else.

It is the action ``payments.order.settle`` in the form of one statement: what it may do is the system's right to post,
its transaction is the call's own, its trace is written inside. Callbacks of one organization that are here at the same
time go in one call.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Any

from django.db import DatabaseError, connection

from anju.foundation.db import clock
from anju.foundation.payments import news
from anju.foundation.payments.gateways import Payment
from anju.foundation.payments.notices import Receipt
from anju.kit.together import Together
from anju.kit.turns import give_turn_back

log = logging.getLogger(__name__)
CALL = "SELECT n, word FROM payment_callbacks(%s, %s, %s, %s)"
DONE = ("accepted", "repeated")
MOST = 32  # callbacks in one call: their rows are locked together


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
    told = {
        "gateway": gateway,
        "account": account_id,
        "number": payment.number,
        "transaction": payment.transaction,
        "amount": str(payment.amount.yuan),
        "paid_at": payment.paid_at.isoformat(),
        "headers": json.loads(receipt.headers),
        "notice": receipt.notification_id,
        "event": receipt.event,
        "body_sha256": receipt.body_sha256,
    }
    give_turn_back()  # the rest is the database's, and waiting for it
    try:
        return _together(org)(told) in DONE
    except DatabaseError as error:
        # The action meets the same trouble, says so and leaves a problem; nothing stands of this call.
        log.warning("callback %s not settled at once: %s", payment.number, type(error).__name__)
        return False


@lru_cache(maxsize=256)
def _together(org: int) -> Together[dict[str, Any], str]:
    return Together(partial(_settle, org), MOST)


def _settle(org: int, told: Sequence[dict[str, Any]]) -> list[str]:
    """What became of each; when the call fails, of none."""
    rows = json.dumps([{**one, "n": n} for n, one in enumerate(told)], ensure_ascii=False)
    with connection.cursor() as cursor:
        cursor.execute(CALL, [org, clock.wall(), json.dumps(news.posting()), rows])
        return [word for _, word in sorted(cursor.fetchall())]
