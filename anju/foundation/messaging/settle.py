"""Writing down what happened to a batch: states, retries, the red dot, the channel's health, one provable event."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from anju.foundation.actions import Act, action
from anju.foundation.db import clock, fetch, run_sql
from anju.foundation.messaging.channels.base import Letter, Result
from anju.foundation.messaging.claim import RUN, Claim
from anju.foundation.messaging.codes import find as meaning_of
from anju.foundation.messaging.policies import Messaging
from anju.foundation.messaging.rechecks import Outcome, tell
from anju.foundation.policy.store import in_force
from anju.foundation.trace.proof import leaf_hash, merkle_root

ASK_AGAIN = timedelta(minutes=1)
REVIEW_WAIT = timedelta(minutes=10)
TROUBLE_WAIT = timedelta(minutes=10)

ATTEMPTS = """
UPDATE message_attempt a SET
    outcome = CASE WHEN a.outcome IN ('started', 'unknown') THEN v.o ELSE a.outcome END,
    code = v.c, provider_id = CASE WHEN v.p <> '' THEN v.p ELSE a.provider_id END, ended_at = %(wall)s
FROM unnest(%(ids)s::bigint[], %(outcomes)s::text[], %(codes)s::text[], %(providers)s::text[]) AS v(i, o, c, p)
WHERE a.id = v.i
"""
MESSAGES = """
UPDATE message m SET
    state = v.s, reason = v.r, retry_at = v.t, lease_until = v.l, tries = m.tries - v.back,
    sent_at = CASE WHEN v.s IN ('sent', 'delivered') THEN coalesce(m.sent_at, %(now)s) ELSE m.sent_at END,
    delivered_at = CASE WHEN v.s = 'delivered' THEN %(now)s ELSE m.delivered_at END
FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(reasons)s::text[], %(retries)s::timestamptz[],
            %(leases)s::timestamptz[], %(backs)s::smallint[]) AS v(i, s, r, t, l, back)
WHERE m.id = v.i AND m.batch_id = %(batch)s AND m.state = 'sending'
RETURNING m.id, m.to_person, m.state
"""
RED_DOT = """
INSERT INTO message_thread AS t (person_id, unread, last_message_at)
SELECT p, count(*), %(now)s FROM unnest(%(people)s::bigint[]) AS u(p) GROUP BY p ORDER BY p
ON CONFLICT (org_id, person_id) DO UPDATE
SET unread = t.unread + excluded.unread, last_message_at = excluded.last_message_at
"""
LEAVES = """
SELECT id, message_id, n, channel, contact_id, out_id, provider_id, code FROM message_attempt
WHERE batch_id = %(batch)s AND outcome NOT IN ('started', 'unknown') ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a result means for its message. ``back`` takes a try back that did not count."""

    state: str
    reason: str
    outcome: str
    retry_at: datetime | None = None
    lease_until: datetime | None = None
    back: int = 0


Judged = tuple[Letter, Result, Verdict]


def judge(result: Result, *, tries: int, retry_minutes: Sequence[int], wall: datetime) -> Verdict:
    """What to do after a result.

    Args:
        result: what the channel said.
        tries: how often the message was tried, this time included.
        retry_minutes: how long to wait after the first, second … try; used up means failed.
        wall: now.
    """
    if result.kind in ("accepted", "delivered"):
        return Verdict("sent" if result.kind == "accepted" else "delivered", "", result.kind)
    if result.kind == "unknown":
        return Verdict("sending", result.code, "unknown", lease_until=wall + ASK_AGAIN)
    if result.kind == "wait":
        return Verdict("queued", result.code, "not_sent", retry_at=wall + REVIEW_WAIT, back=1)
    if result.kind == "not_sent":
        return Verdict("queued", result.code, "not_sent", back=1)
    fault = meaning_of(result.code).fault
    if result.kind == "undelivered" or fault in ("address", "message"):
        return Verdict("failed", result.code, "undelivered" if result.kind == "undelivered" else "refused")
    if fault == "channel":
        return Verdict("queued", result.code, "refused", back=1)
    if tries > len(retry_minutes):
        return Verdict("failed", result.code, "refused")
    return Verdict("queued", result.code, "refused", retry_at=wall + timedelta(minutes=retry_minutes[tries - 1]))


@action("messaging.batch.settle", needs=RUN)
def settle_batch(act: Act, *, claim: Claim, results: list[Result]) -> Counter[str]:
    """Record a batch's results; messages another worker took over meanwhile are left to it."""
    now, wall = clock.now(), clock.wall()
    judged = _judged(claim, results, in_force(Messaging, now).value.retry_minutes, wall)
    settled = _write(claim.batch_id, judged, now, wall)
    people = [s["to_person"] for s in settled if s["state"] == "delivered" and s["to_person"] is not None]
    if claim.account.channel == "inapp" and people:
        run_sql(RED_DOT, {"now": now, "people": people})
    _health(claim, results, wall)
    tally = Counter(s["state"] for s in settled)
    root = batch_root(claim.batch_id)
    run_sql(
        "UPDATE message_batch SET settled_at = %(now)s, tally = %(tally)s, root = %(root)s WHERE id = %(id)s",
        {"now": now, "tally": json.dumps(dict(claim.tally + tally)), "root": root, "id": claim.batch_id},
    )
    codes = dict(Counter(r.code for r in results if r.code))
    act.trace(
        "message_batch", claim.batch_id, channel=claim.account.channel, root=root.hex(), codes=codes, tally=dict(tally)
    )
    ours = {s["id"] for s in settled}
    tell([_outcome(claim, x, r, v) for x, r, v in judged if x.message_id in ours and v.state in _NEWS and x.person_id])
    return tally


def _judged(claim: Claim, results: Sequence[Result], retry_minutes: Sequence[int], wall: datetime) -> list[Judged]:
    letters = {letter.attempt_id: letter for letter in claim.letters}
    judged = []
    for result in results:
        letter = letters[result.attempt_id]
        tries = claim.rows[letter.message_id]["tries"]
        judged.append((letter, result, judge(result, tries=tries, retry_minutes=retry_minutes, wall=wall)))
    return judged


def _write(batch_id: int, judged: Sequence[Judged], now: datetime, wall: datetime) -> list[dict[str, Any]]:
    """Two statements for the whole batch; returns the messages this batch still held."""
    verdicts = [v for _, _, v in judged]
    run_sql(
        ATTEMPTS,
        {"wall": wall, "ids": [r.attempt_id for _, r, _ in judged], "outcomes": [v.outcome for v in verdicts],
         "codes": [r.code for _, r, _ in judged], "providers": [r.provider_id for _, r, _ in judged]},
    )  # fmt: skip
    return fetch(
        MESSAGES,
        {"now": now, "batch": batch_id, "ids": [x.message_id for x, _, _ in judged],
         "states": [v.state for v in verdicts], "reasons": [v.reason for v in verdicts],
         "retries": [v.retry_at for v in verdicts], "leases": [v.lease_until for v in verdicts],
         "backs": [v.back for v in verdicts]},
    )  # fmt: skip


_NEWS = {"sent": "sent", "delivered": "delivered", "failed": "failed"}


def _outcome(claim: Claim, letter: Letter, result: Result, verdict: Verdict) -> Outcome:
    said = "undelivered" if result.kind == "undelivered" else _NEWS[verdict.state]
    dead = meaning_of(result.code).dead if result.code else False
    kind = claim.rows[letter.message_id].get("kind", "")
    return Outcome(
        letter.message_id, letter.person_id, letter.contact_id, claim.account.channel, kind, said, result.code, dead
    )


def batch_root(batch_id: int) -> bytes:
    """The Merkle root over a batch's finished attempts: their columns that never change afterwards."""
    return merkle_root(
        [leaf_hash("|".join(str(v) for v in row.values())) for row in fetch(LEAVES, {"batch": batch_id})]
    )


def _health(claim: Claim, results: Sequence[Result], wall: datetime) -> None:
    """Count parts off the balance, give unused quota back, note or clear trouble of the whole channel."""
    trouble = next((m for r in results if r.code and (m := meaning_of(r.code)).fault == "channel"), None)
    accepted = [r for r in results if r.kind in ("accepted", "delivered")]
    run_sql(
        "UPDATE channel_setting SET balance = greatest(0, balance - %(parts)s), used = greatest(0, used - %(unused)s)"
        " WHERE channel = %(channel)s AND (balance IS NOT NULL OR daily_quota IS NOT NULL)",
        {"parts": sum(r.parts for r in accepted), "channel": claim.account.channel,
         "unused": sum(r.kind in ("refused", "wait", "not_sent") for r in results)},
    )  # fmt: skip
    if trouble is not None:
        until = wall + TROUBLE_WAIT
        if trouble.code == "channel.day_limit":
            until = (wall.astimezone(clock.SHANGHAI) + timedelta(days=1)).replace(hour=0, minute=5, second=0)
        run_sql(
            "UPDATE channel_setting SET trouble_code = %(code)s, trouble_at = %(wall)s, retry_after = %(until)s"
            " WHERE channel = %(channel)s",
            {"code": trouble.code, "wall": wall, "until": until, "channel": claim.account.channel},
        )
    elif accepted:
        run_sql(
            "UPDATE channel_setting SET trouble_code = '', trouble_at = NULL, retry_after = NULL"
            " WHERE channel = %(channel)s AND trouble_code <> ''",
            {"channel": claim.account.channel},
        )
