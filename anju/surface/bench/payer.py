"""A process that pays: ``python -m anju.surface.bench.payer work|floor ORG``; reads the leases, says when it paid.

Work is the action that staff, imports and callbacks use. The floor writes the same rows (payment, credit, allocation,
open amounts, kept sums, trace) by one prepared call of the server.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from typing import Any

AMOUNT = "1000.00"
FLOOR = """
SELECT pg_temp.bench_post_order(ROW(o.*)::payment_order, now(), now(), now())
FROM (SELECT set_config('anju.org', %s, true)) s,
     jsonb_populate_record(NULL::payment_order, jsonb_build_object(
         'id', nextval('payment_order_id_seq'), 'gateway', 'wechat', 'subject_kind', 'lease', 'subject_id', %s::bigint,
         'amount', %s::numeric)) o
"""


def main(how: str, org: int) -> None:
    """Get ready, say so, read the leases, pay, print the moments of begin and end."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anju.config.settings")
    import django

    django.setup()
    pay = {"work": by_action, "floor": by_one_call}[how]
    pay(org, [])
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    leases = json.loads(sys.stdin.readline())
    begin = time.time()
    pay(org, leases)
    sys.stdout.write(json.dumps([begin, time.time()]))


def by_action(org: int, leases: Sequence[int]) -> None:
    """A transaction and an action for each payment."""
    from anju.domain.billing.actions import NewPayment, record_payments
    from anju.foundation.db import clock, org_scope
    from anju.kit import Actor, Money

    by, amount = Actor.system(), Money(AMOUNT)
    for lease in leases:
        with org_scope(org):
            record_payments(by, payments=[NewPayment(lease, amount, "bank", clock.wall(), f"bank:{lease}")])


def by_one_call(org: int, leases: Sequence[int]) -> None:
    """One prepared call for each payment."""
    from django.db import connection

    from anju.foundation.db import SqlFile

    connection.ensure_connection()
    driver: Any = connection.connection
    driver.execute(SqlFile(__file__, "sql/floor_payment.sql").text)
    for lease in leases:
        driver.execute(FLOOR, [str(org), lease, AMOUNT], prepare=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
