"""What must still hold when a message about a bill is sent: the bill is owed, and the amount is today's."""

from __future__ import annotations

from anju.foundation.messaging.rechecks import recheck
from anju.kit.refusal import sentence

PAID_MEANWHILE = sentence("billing.paid_meanwhile", "账单已付清，不再发送。", "The bill is paid; not sent.")

STILL_OWED = recheck(
    "billing.still_owed",
    sql="""
    SELECT m.id, jsonb_build_object('amount', sum(c.open)) AS vars
    FROM message m JOIN charge c ON c.bill_id = m.subject_id AND c.open > 0
    WHERE m.id = ANY(%(ids)s) AND m.subject_kind = 'bill' GROUP BY m.id
    """,
    reason="billing.paid_meanwhile",
)
