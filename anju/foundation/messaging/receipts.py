"""What providers report afterwards: read, checked, counted once, in any order."""

from __future__ import annotations

import hmac
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anju.foundation.actions import Act, action
from anju.foundation.db import clock, fetch, org_scope, run_sql
from anju.foundation.messaging.channels.sms import receipt_code
from anju.foundation.messaging.claim import RUN
from anju.foundation.messaging.codes import find as meaning_of
from anju.foundation.messaging.compose import out_id
from anju.foundation.messaging.rechecks import Outcome, tell
from anju.kit import Actor
from anju.kit.refusal import sentence

UNREADABLE = sentence("messaging.report.unreadable", "回执内容无法识别。", "The report cannot be read.")


@dataclass(frozen=True, slots=True)
class Report:
    """One receipt. ``at`` is the provider's time."""

    out_id: str
    delivered: bool
    code: str
    at: datetime


def read_aliyun(body: bytes) -> list[Report]:
    """SmsReport: ``[{phone_number, success, err_code, biz_id, out_id, report_time, …}]``, times in Beijing.

    Raises:
        Refused: ``messaging.report.unreadable``; a row that lacks something is left out instead.
    """
    try:
        rows = json.loads(body)
    except ValueError as error:
        raise UNREADABLE() from error
    if not isinstance(rows, list):
        raise UNREADABLE()
    return [report for row in rows if isinstance(row, dict) and (report := _aliyun_row(row))]


def _aliyun_row(row: dict[str, Any]) -> Report | None:
    try:
        at = datetime.strptime(str(row["report_time"]), "%Y-%m-%d %H:%M:%S").replace(tzinfo=clock.SHANGHAI)
        delivered = row["success"] is True or str(row["success"]).lower() == "true"
        code = "" if delivered else receipt_code(str(row.get("err_code") or ""))
        return Report(str(row["out_id"]), delivered, code, at)
    except (KeyError, ValueError):
        return None


def receive(org_id: int, reports: Sequence[Report]) -> Counter[str]:
    """Record receipts for an organization; those that are not ours change nothing.

    Returns:
        how many ``changed`` something, were ``repeated`` or ``foreign``.
    """
    with org_scope(org_id):
        try:
            ours = [r for r in reports if _is_ours(r.out_id)]
        except LookupError:  # no such organization
            return Counter(foreign=len(reports))
        tally = record_receipts(Actor.system(), reports=ours) if ours else Counter()
    return tally + Counter(foreign=len(reports) - len(ours))


def _is_ours(given: str) -> bool:
    message, _, rest = given.partition(".")
    n = rest.partition(".")[0]
    if not (message.isascii() and message.isdigit() and n.isascii() and n.isdigit() and len(given) <= 64):
        return False
    return hmac.compare_digest(given, out_id(int(message), int(n)))


LOCK = """
SELECT a.id, a.out_id, a.outcome, a.batch_id, a.n, m.id AS message_id, m.state, m.to_person, m.kind, m.channel,
a.contact_id,
       a.n = (SELECT max(n) FROM message_attempt x WHERE x.message_id = m.id) AS latest
FROM message_attempt a JOIN message m ON m.id = a.message_id
WHERE (a.message_id, a.out_id) IN (SELECT i, o FROM unnest(%(ids)s::bigint[], %(outs)s::text[]) AS u(i, o))
ORDER BY a.id FOR UPDATE OF a, m
"""
ATTEMPTS = """
UPDATE message_attempt a SET outcome = v.o, receipt_code = v.c, receipt_at = v.t, receipts = a.receipts + v.times
FROM unnest(%(ids)s::bigint[], %(outcomes)s::text[], %(codes)s::text[], %(times)s::timestamptz[],
%(counts)s::smallint[])
    AS v(i, o, c, t, times) WHERE a.id = v.i
"""
MESSAGES = """
UPDATE message m SET state = v.s, reason = v.r, sent_at = coalesce(m.sent_at, %(now)s), retry_at = NULL, lease_until =
NULL,
    delivered_at = CASE WHEN v.s = 'delivered' THEN %(now)s ELSE m.delivered_at END
FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(reasons)s::text[]) AS v(i, s, r) WHERE m.id = v.i
"""


@action("messaging.receipt.record", needs=RUN)
def record_receipts(act: Act, *, reports: Sequence[Report]) -> Counter[str]:
    """Write receipts down. A repeat changes only the count; "delivered" is never taken back by a later "not
    delivered".
    """
    counts = Counter(r.out_id for r in reports)
    best: dict[str, Report] = {}
    for report in reports:
        if report.out_id not in best or (report.delivered and not best[report.out_id].delivered):
            best[report.out_id] = report
    rows = fetch(LOCK, {"ids": [int(o.partition(".")[0]) for o in best], "outs": list(best)})
    pairs = [(row, best[row["out_id"]]) for row in rows]
    final = [
        (row, r, "delivered" if r.delivered or row["outcome"] == "delivered" else "undelivered") for row, r in pairs
    ]
    run_sql(
        ATTEMPTS,
        {"ids": [row["id"] for row, _, _ in final], "outcomes": [o for _, _, o in final],
         "codes": ["" if o == "delivered" else r.code for _, r, o in final], "times": [r.at for _, r, _ in final],
         "counts": [counts[r.out_id] for _, r, _ in final]},
    )  # fmt: skip
    changed = [(row, r, o) for row, r, o in final if row["outcome"] != o]
    _apply([(row, r, o) for row, r, o in changed if _moves(row, o)])
    for batch_id, n in sorted(Counter(row["batch_id"] for row, _, _ in changed).items()):
        said = Counter(o for row, _, o in changed if row["batch_id"] == batch_id)
        act.trace("message_batch", batch_id, changed=n, results=dict(said))
    if not changed:
        act.nothing_changed()
    return Counter(changed=len(changed), repeated=len(final) - len(changed))


def _moves(row: dict[str, Any], outcome: str) -> bool:
    """Whether a receipt changes its message: good news does unless it was read, bad news only about the latest try."""
    if outcome == "delivered":
        return row["state"] in ("sending", "sent", "queued", "failed")
    return bool(row["latest"]) and row["state"] in ("sending", "sent")


def _apply(moves: list[tuple[dict[str, Any], Report, str]]) -> None:
    if not moves:
        return
    now = clock.now()
    run_sql(
        MESSAGES,
        {"now": now, "ids": [row["message_id"] for row, _, _ in moves],
         "states": ["delivered" if o == "delivered" else "failed" for _, _, o in moves],
         "reasons": ["" if o == "delivered" else r.code for _, r, o in moves]},
    )  # fmt: skip
    tell(
        [
            Outcome(row["message_id"], row["to_person"], row["contact_id"], row["channel"], row["kind"], o,
                    "" if o == "delivered" else r.code, o != "delivered" and meaning_of(r.code).dead)
            for row, r, o in moves if row["to_person"] is not None
        ]
    )  # fmt: skip
