"""A gateway's statements, and where they and our orders disagree."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from anju.foundation.actions import Act, action
from anju.foundation.db import SqlFile, clock, fetch_one, fetch_value, run_sql
from anju.foundation.payments.gateways import Line
from anju.foundation.payments.models import Difference, GatewayProblem, Statement
from anju.foundation.payments.notices import raise_problem
from anju.foundation.payments.permissions import RECONCILE, RESOLVE
from anju.kit.refusal import NOT_FOUND

LINES = SqlFile(__file__, "../sql/statement_lines.sql")
RECONCILED = SqlFile(__file__, "../sql/reconcile.sql")
BATCH = 5000


@action("payments.statement.load", needs=RECONCILE)
def load_statement(act: Act, *, gateway: str, account_id: int, day: date, lines: Iterable[Line] | None) -> Statement:
    """Write a day's statement once; loaded again it stays as it is, unless the first answer was "nothing that day".

    Args:
        gateway: the gateway's key.
        account_id: the merchant account.
        day: the gateway's day, Beijing time.
        lines: its lines, streamed; None where the gateway has no statement.
    """
    statement, _new = Statement.objects.get_or_create(
        account_id=account_id,
        day=day,
        defaults={"gateway": gateway, "state": Statement.State.EMPTY, "lines": 0, "fetched_at": clock.wall()},
    )
    statement = Statement.objects.select_for_update().get(id=statement.id)
    if statement.state == Statement.State.LOADED or lines is None:
        act.nothing_changed()
        return statement
    written = 0
    for batch in _batches(lines):
        written += run_sql(LINES, {"statement": statement.id, "first": written} | _columns(batch))
    statement.state, statement.lines, statement.fetched_at = Statement.State.LOADED, written, clock.wall()
    statement.save(update_fields=["state", "lines", "fetched_at"])
    act.trace("payment_statement", statement.id, gateway=gateway, day=day.isoformat(), lines=written)
    return statement


@action("payments.statement.reconcile", needs=RECONCILE)
def reconcile(act: Act, *, statement_id: int) -> int:
    """Compare a statement with our orders and refunds: every disagreement is a row; one that holds no more is settled.

    Payments are compared by the gateway's day; a refund may stand in the statement of the day it was asked or done.

    Returns:
        How many differences are open for this statement; if any, a problem is open for the day.
    """
    statement = Statement.objects.select_for_update().get(id=statement_id)
    start = datetime.combine(statement.day, time(), clock.SHANGHAI)
    tally = fetch_one(
        RECONCILED,
        {
            "statement": statement.id,
            "account": statement.account_id,
            "day": statement.day,
            "start": start,
            "end": start + timedelta(days=1),
            "now": clock.wall(),
        },
    )
    assert tally is not None
    Statement.objects.filter(id=statement.id).update(reconciled_at=clock.wall())
    still_open = Difference.objects.filter(statement_id=statement.id, settled_at=None).count()
    act.trace("payment_statement", statement.id, found=tally["found"], settled=tally["settled"], open=still_open)
    if still_open:
        day = statement.day.isoformat()
        kind = GatewayProblem.Kind.DIFFERENCE
        raise_problem(act, gateway=statement.gateway, kind=kind, reference=day, statement=statement.id, open=still_open)
    return still_open


@action("payments.difference.settle", needs=RESOLVE)
def settle_difference(act: Act, *, difference_id: int, note: str) -> None:
    """A person explains a difference. Refused: ``not_found`` if it is not open.

    Args:
        difference_id: the difference.
        note: the explanation, at most 200 characters, kept with the row.
    """
    open_ones = Difference.objects.filter(id=difference_id, settled_at=None)
    if not open_ones.update(settled_at=clock.wall(), note=note[:200] or "-"):
        raise NOT_FOUND()
    statement = fetch_value("SELECT statement_id FROM payment_difference WHERE id = %(id)s", {"id": difference_id})
    act.trace("payment_statement", statement, difference=difference_id)


def _batches(lines: Iterable[Line]) -> Iterable[list[Line]]:
    batch: list[Line] = []
    for line in lines:
        batch.append(line)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _columns(batch: list[Line]) -> dict[str, list[Any]]:
    return {
        "kinds": [x.kind for x in batch],
        "ats": [x.at for x in batch],
        "transactions": [x.transaction for x in batch],
        "numbers": [x.number for x in batch],
        "amounts": [x.amount.yuan for x in batch],
        "refunds": [x.refund_number for x in batch],
        "refund_amounts": [x.refund_amount.yuan for x in batch],
        "fees": [x.fee.yuan for x in batch],
    }
