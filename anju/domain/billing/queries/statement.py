"""A tenant's statement: everything charged and paid in a time, with the balance carried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from anju.domain.billing.models import Charge, Credit
from anju.foundation.db import fetch, fetch_one
from anju.kit import ZERO, Money

LINES = """
SELECT * FROM (
    SELECT c.issued_on AS day, 1 AS place, c.id, c.kind, c.name AS label, b.number AS reference, c.period_from,
           c.period_to, c.due_on, c.amount AS charged, 0::numeric AS paid
    FROM charge c LEFT JOIN bill b ON b.id = c.bill_id WHERE c.lease_id = %(lease)s
    UNION ALL
    SELECT (k.at AT TIME ZONE 'Asia/Shanghai')::date, 2, k.id, k.kind, coalesce(y.method, ''), y.number,
           NULL, NULL, NULL, 0, k.amount
    FROM credit k LEFT JOIN payment y ON y.id = k.payment_id WHERE k.lease_id = %(lease)s AND k.kind <> 'reversal'
    UNION ALL
    SELECT (o.at AT TIME ZONE 'Asia/Shanghai')::date, 3, o.id, 'payout', o.kind, NULL, NULL, NULL, NULL, o.amount, 0
    FROM payout o WHERE o.lease_id = %(lease)s AND o.state <> 'failed'
) line WHERE day <= %(until)s ORDER BY day, place, id
"""
BOOKED = f"SELECT min(day) AS first, max(day) AS last FROM ({LINES}) booked"
KINDS = {**dict(Charge.Kind.choices), **dict(Credit.Kind.choices)}


@dataclass(frozen=True)
class Statement:
    """Lines with a running ``balance`` (positive: owed), the balance before the first day and at the end."""

    before: Money
    lines: list[dict[str, Any]]
    charged: Money
    paid: Money
    after: Money


def statement(lease_id: int, first: date, until: date) -> Statement:
    """What was charged and paid from ``first`` to ``until`` (both included), the balance carried from before.

    The caller has made sure that the viewer may see this lease's money.
    """
    balance, before = ZERO, ZERO
    lines = []
    for row in fetch(LINES, {"lease": lease_id, "until": until}):
        charged, paid = Money(row["charged"]), Money(row["paid"])
        balance += charged - paid
        if row["day"] < first:
            before = balance
        else:
            lines.append({**row, "charged": charged, "paid": paid, "balance": balance})
    return Statement(
        before,
        lines,
        Money.sum(line["charged"] for line in lines),
        Money.sum(line["paid"] for line in lines),
        balance,
    )


def booked_days(lease_id: int, until: date) -> tuple[date | None, date | None]:
    """The first and the last day up to ``until`` on which something was charged, paid or paid out."""
    row = fetch_one(BOOKED, {"lease": lease_id, "until": until})
    return (row["first"], row["last"]) if row else (None, None)
