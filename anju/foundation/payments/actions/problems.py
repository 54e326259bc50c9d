"""Callbacks that were not believed, and problems a person settled."""

from __future__ import annotations

from anju.foundation.actions import Act, action
from anju.foundation.db import clock
from anju.foundation.payments.models import GatewayProblem
from anju.foundation.payments.notices import KEEP_UNVERIFIED, Receipt, note_notice, raise_problem
from anju.foundation.payments.permissions import POST, RESOLVE
from anju.kit.refusal import NOT_FOUND


@action("payments.notice.refuse", needs=POST)
def refuse_notice(act: Act, *, gateway: str, kind: str, receipt: Receipt) -> None:
    """Keep what an unverified callback was, and open a problem of its kind.

    Args:
        gateway: the gateway's key.
        kind: why it was not believed (a ``GatewayProblem.Kind``).
        receipt: without notification id, since nothing in it is proved.
    """
    if raise_problem(act, gateway=gateway, kind=kind) <= KEEP_UNVERIFIED:
        note_notice(gateway, receipt, verdict=kind)


@action("payments.notice.ignore", needs=POST)
def ignore_notice(act: Act, *, gateway: str, receipt: Receipt) -> None:
    """Keep the row of a verified callback about an event we do not act on."""
    note_notice(gateway, receipt, verdict="ignored")
    act.nothing_changed()


@action("payments.notice.report", needs=POST)
def report_not_posted(act: Act, *, gateway: str, reference: str, error: str) -> None:
    """A verified callback could not be posted: nothing was written, the gateway will repeat it, a person should look.

    Args:
        gateway: the gateway's key.
        reference: the order's or refund's number.
        error: the exception's class, not its text, which may hold values.
    """
    raise_problem(act, gateway=gateway, kind=GatewayProblem.Kind.NOT_POSTED, reference=reference, error=error)


@action("payments.problem.close", needs=RESOLVE)
def close_problem(act: Act, *, problem_id: int, note: str) -> None:
    """Close a problem that a person settled; a repetition opens a new one. Refused: ``not_found``."""
    closed = GatewayProblem.objects.filter(id=problem_id, closed_at=None).update(
        closed_at=clock.wall(), closed_by=str(act.by), note=note[:200]
    )
    if not closed:
        raise NOT_FOUND()
    act.trace("gateway_problem", problem_id)
