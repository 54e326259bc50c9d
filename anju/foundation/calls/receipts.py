"""What the provider reports of calls: read, checked, counted once, in any order."""

from __future__ import annotations

import hmac
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anju.foundation.actions import Act, action
from anju.foundation.calls.dypls import MOMENT
from anju.foundation.calls.permissions import RUN
from anju.foundation.db import clock, fetch, org_scope
from anju.kit import Actor
from anju.kit.refusal import sentence

UNREADABLE = sentence("calls.report.unreadable", "通话回执无法识别。", "The call report cannot be read.")
TO_PEER, FROM_PEER, BLOCKED = "0", "1", "4"
LONGEST_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Report:
    """One receipt: a call that begins (``seconds`` None) or is over. ``at`` is the provider's time."""

    out_id: str
    subs_id: str
    call_id: str
    by_staff: bool
    at: datetime
    seconds: int | None
    result: str


def read_aliyun(body: bytes) -> list[Report]:
    """SecretStartReport and SecretReport: ``[{call_id, sub_id, out_id, call_type, call_time, …}]``, Beijing time.

    Phones in it are not read at all.

    Raises:
        Refused: ``calls.report.unreadable``; a row that lacks something, or is about an SMS, is left out instead.
    """
    try:
        rows = json.loads(body)
    except ValueError as error:
        raise UNREADABLE() from error
    if not isinstance(rows, list):
        raise UNREADABLE()
    return [report for row in rows if isinstance(row, dict) and (report := _row(row))]


def _row(row: dict[str, Any]) -> Report | None:
    try:
        kind, at = str(row["call_type"]), _moment(row["call_time"])
        out_id, subs_id, call_id = str(row["out_id"]), str(row["sub_id"]), str(row["call_id"])
        # A call that never got through may lack the moment it was answered at.
        over, answered = row.get("release_time"), row.get("start_time") or row.get("release_time")
        seconds = int((_moment(over) - _moment(answered)).total_seconds()) if over else None
    except (KeyError, ValueError):
        return None
    if kind not in (TO_PEER, FROM_PEER, BLOCKED) or not 0 < len(call_id) <= 100:
        return None
    if seconds is not None and not 0 <= seconds <= LONGEST_DAY:
        return None
    blocked = kind == BLOCKED or str(row.get("unconnected_cause") or "0") != "0"
    result = "calling" if seconds is None else "connected" if seconds else "unanswered"
    return Report(out_id, subs_id, call_id, kind != FROM_PEER, at, seconds, "blocked" if blocked else result)


def _moment(text: Any) -> datetime:
    return datetime.strptime(str(text), MOMENT).replace(tzinfo=clock.SHANGHAI)


def receive(org_id: int, reports: Sequence[Report]) -> Counter[str]:
    """Record receipts for an organization; those that are not ours change nothing.

    Returns:
        how many ``changed`` something, were ``repeated`` or ``foreign``.
    """
    with org_scope(org_id):
        try:
            return record_calls(Actor.system(), reports=reports) if reports else Counter()
        except LookupError:  # no such organization
            return Counter(foreign=len(reports))


# Receipts of one number are written one after the other, whoever brings them.
LOCK = """
SELECT id, out_id, subs_id, case_id, person_id FROM call_binding WHERE out_id = ANY(%(outs)s) ORDER BY id FOR UPDATE
"""
KNOWN = "SELECT call_id, result FROM call_record WHERE call_id = ANY(%(calls)s)"
# A call that is over does not begin again, and belongs to the number it began on.
WRITE = """
INSERT INTO call_record AS r (binding_id, call_id, by_staff, started_at, seconds, result, receipts)
SELECT * FROM unnest(%(bindings)s::bigint[], %(calls)s::text[], %(by)s::boolean[], %(at)s::timestamptz[],
                     %(seconds)s::integer[], %(results)s::text[], %(times)s::smallint[])
ON CONFLICT (org_id, call_id) DO UPDATE SET receipts = least(r.receipts + EXCLUDED.receipts, 9999),
    seconds = CASE WHEN r.result = 'calling' THEN EXCLUDED.seconds ELSE r.seconds END,
    result = CASE WHEN r.result = 'calling' THEN EXCLUDED.result ELSE r.result END
WHERE r.binding_id = EXCLUDED.binding_id
RETURNING r.id, r.call_id, r.binding_id, r.result, r.seconds, r.by_staff
"""


@action("calls.receipt.record", needs=RUN)
def record_calls(act: Act, *, reports: Sequence[Report]) -> Counter[str]:
    """Write receipts down. A receipt is ours only with the secret id that travelled with the number and the provider's
    own id of it; a repeat changes only the count.
    """
    bindings = {row["out_id"]: row for row in fetch(LOCK, {"outs": sorted({r.out_id for r in reports})})}
    ours = [r for r in reports if _is_ours(r, bindings.get(r.out_id))]
    best: dict[str, Report] = {}
    for report in ours:
        if report.call_id not in best or best[report.call_id].result == "calling":
            best[report.call_id] = report
    before = {row["call_id"]: row["result"] for row in fetch(KNOWN, {"calls": sorted(best)})} if best else {}
    written = _write(best, Counter(r.call_id for r in ours), bindings) if best else []
    by_id = {row["id"]: row for row in bindings.values()}
    changed = [row for row in written if before.get(row["call_id"]) != row["result"]]
    for row in changed:
        binding = by_id[row["binding_id"]]
        act.trace("flow_case", binding["case_id"], links=(("person", binding["person_id"]),), call=row["id"],
                  result=row["result"], seconds=row["seconds"] or 0, by_staff=row["by_staff"])  # fmt: skip
    if not changed:
        act.nothing_changed()
    return Counter(changed=len(changed), repeated=len(written) - len(changed), foreign=len(reports) - len(ours))


def _is_ours(report: Report, binding: dict[str, Any] | None) -> bool:
    return binding is not None and hmac.compare_digest(report.subs_id.encode(), str(binding["subs_id"]).encode())


def _write(best: dict[str, Report], times: Counter[str], bindings: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    # The provider lives in wall time; a drill organization's day may be another.
    ahead, rows = clock.now() - clock.wall(), list(best.values())
    return fetch(
        WRITE,
        {"bindings": [bindings[r.out_id]["id"] for r in rows], "calls": [r.call_id for r in rows],
         "by": [r.by_staff for r in rows], "at": [r.at + ahead for r in rows], "seconds": [r.seconds for r in rows],
         "results": [r.result for r in rows], "times": [times[r.call_id] for r in rows]},
    )  # fmt: skip
