"""Taking due messages out of the queue: whose turn it is, whether they still hold, and their words."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from anju.foundation.access.permissions import permission
from anju.foundation.actions import Act, action
from anju.foundation.db import clock, fetch, fetch_value, run_sql, scoped_org
from anju.foundation.messaging import compose
from anju.foundation.messaging.channels.base import Account, Letter, account_of
from anju.foundation.messaging.codes import find as meaning_of
from anju.foundation.messaging.models import ChannelSetting
from anju.foundation.messaging.pauses import hold_paused
from anju.foundation.messaging.policies import Messaging
from anju.foundation.messaging.rechecks import Outcome, find_recheck, tell
from anju.foundation.policy.store import in_force

RUN = permission("messaging.run", zh="运行消息发送", en="Run the dispatch of messages", roles=())
BUDGET = timedelta(minutes=4)
LEASE = timedelta(minutes=6)  # longer than the budget plus the slowest provider call begun at its end

DUE = """state = 'queued' AND channel = %(channel)s AND due_at <= %(now)s
      AND (retry_at IS NULL OR retry_at <= %(wall)s) AND (%(open)s OR priority = 0)"""
CLAIM = f"""
WITH due AS (
    SELECT id FROM message
    WHERE {DUE}
    ORDER BY priority, due_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
UPDATE message m SET state = 'sending', batch_id = %(batch)s, lease_until = %(lease)s, tries = m.tries + 1, reason = ''
FROM due WHERE m.id = due.id RETURNING m.*
"""
LOST = """
WITH lost AS (
    SELECT id FROM message WHERE state = 'sending' AND channel = %(channel)s AND lease_until < %(wall)s
    ORDER BY lease_until LIMIT %(limit)s FOR UPDATE SKIP LOCKED),
taken AS (
    UPDATE message m SET batch_id = %(batch)s, lease_until = %(lease)s FROM lost WHERE m.id = lost.id
    RETURNING m.id, m.to_person, m.to_staff, m.kind, m.text, m.tries),
latest AS (
    SELECT DISTINCT ON (a.message_id) a.* FROM message_attempt a JOIN taken t ON t.id = a.message_id
    ORDER BY a.message_id, a.n DESC),
moved AS (
    UPDATE message_attempt a SET batch_id = %(batch)s FROM latest WHERE a.id = latest.id RETURNING a.id)
SELECT t.*, l.id AS attempt_id, l.out_id, l.started_at, l.contact_id FROM taken t JOIN latest l ON l.message_id = t.id
ORDER BY t.id
"""
STOP = """
UPDATE message m SET state = v.s, reason = v.r, lease_until = NULL
FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(reasons)s::text[]) AS v(i, s, r) WHERE m.id = v.i
"""


@dataclass
class Claim:
    """A batch in hand: letters to deliver, and what was decided without a provider."""

    batch_id: int
    account: Account
    letters: list[Letter]
    rows: dict[int, dict[str, Any]]
    tally: Counter[str] = field(default_factory=Counter)


def open_channels() -> list[str]:
    """Channels that may be used now; in-app messages need no setting."""
    ready = ChannelSetting.objects.filter(enabled=True).exclude(retry_after__gt=clock.wall())
    return ["inapp", *ready.exclude(channel="inapp").order_by("channel").values_list("channel", flat=True)]


@action("messaging.batch.claim", needs=RUN)
def claim_batch(act: Act, *, channel: str, limit: int, now: datetime) -> Claim | None:
    """Claim due messages of a channel; None when there are none.

    Messages that no longer hold are cancelled, those without address or text fail, the rest become letters with an
    attempt written before anything is sent.
    """
    policy = in_force(Messaging, now).value
    account, limit = _account(channel, limit, file_texts=policy.file_texts)
    hold_paused(channel, now)
    wall = clock.wall()
    is_open = not policy.must_wait(channel, now)
    args = {"channel": channel, "now": now, "wall": wall, "open": is_open, "limit": limit, "lease": wall + LEASE}
    if limit < 1 or fetch_value(f"SELECT 1 FROM message WHERE {DUE} LIMIT 1", args) is None:
        act.nothing_changed()
        return None
    batch_id = _batch(channel, now)
    rows = fetch(CLAIM, {**args, "batch": batch_id})
    if not rows:  # other workers hold them all
        act.nothing_changed()
        return None
    valid, cancelled = _recheck([_loaded(row) for row in rows])
    reached, unreachable = compose.reach(valid, channel)
    signature = str(account.config.get("sign_name", ""))
    expires_at = compose.link_expiry(policy.link_days)
    drafts, wordless = compose.draft(reached, channel, signature=signature, expires_at=expires_at)
    stopped = [(r, "cancelled", c) for r, c in cancelled] + [(r, "failed", c) for r, c in unreachable + wordless]
    _stop(stopped, channel)
    letters = compose.start(drafts, batch_id=batch_id, channel=channel)
    _use_quota(channel, len(letters))
    tally = Counter({"claimed": len(rows), **Counter(state for _, state, _ in stopped)})
    reasons = dict(Counter(code for _, _, code in stopped))
    act.trace("message_batch", batch_id, channel=channel, stopped=reasons, tally=dict(tally))
    return Claim(batch_id, account, letters, {r["id"]: r for r in rows}, tally)


@action("messaging.batch.recover", needs=RUN)
def claim_lost(act: Act, *, channel: str, limit: int) -> Claim | None:
    """Take over messages whose lease ran out, to ask the provider what became of them; None when there are none."""
    wall = clock.wall()
    args = {"channel": channel, "wall": wall, "limit": limit, "lease": wall + LEASE}
    waiting = (
        "SELECT 1 FROM message WHERE state = 'sending' AND channel = %(channel)s AND lease_until < %(wall)s LIMIT 1"
    )
    if fetch_value(waiting, args) is None:
        act.nothing_changed()
        return None
    account, _ = _account(channel, limit, file_texts=False)
    batch_id = _batch(channel, clock.now())
    rows = fetch(LOST, {**args, "batch": batch_id})
    if not rows:
        act.nothing_changed()
        return None
    act.trace("message_batch", batch_id, channel=channel, count=len(rows))
    return Claim(batch_id, account, compose.again(rows, account), {r["id"]: r for r in rows})


def _account(channel: str, limit: int, *, file_texts: bool) -> tuple[Account, int]:
    drill = clock.drill_clock() is not None
    setting = ChannelSetting.objects.filter(channel=channel).first()
    if setting is None:
        return Account(scoped_org(), channel, "", {}, {}, drill), limit
    if setting.daily_quota is not None:
        setting = ChannelSetting.objects.select_for_update().get(id=setting.id)
        today = clock.wall().astimezone(clock.SHANGHAI).date()
        used = setting.used if setting.used_on == today else 0
        limit = min(limit, max(0, (setting.daily_quota or 0) - used))
    setting.config = {"file_texts": file_texts, **setting.config}
    return account_of(setting, drill=drill), limit


def _use_quota(channel: str, count: int) -> None:
    run_sql(
        "UPDATE channel_setting SET used = CASE WHEN used_on = %(today)s THEN used ELSE 0 END + %(count)s,"
        " used_on = %(today)s WHERE channel = %(channel)s AND daily_quota IS NOT NULL",
        {"today": clock.wall().astimezone(clock.SHANGHAI).date(), "count": count, "channel": channel},
    )


def _batch(channel: str, now: datetime) -> int:
    return int(
        fetch_value(
            "INSERT INTO message_batch (channel, claimed_at, wall_at) VALUES (%(c)s, %(now)s, %(wall)s) RETURNING id",
            {"c": channel, "now": now, "wall": clock.wall()},
        )
    )


def _loaded(row: dict[str, Any]) -> dict[str, Any]:
    """jsonb comes as text on a plain cursor."""
    return {**row, "vars": json.loads(row["vars"]) if isinstance(row["vars"], str) else row["vars"]}


def _recheck(rows: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[tuple[dict[str, Any], str]]]:
    """Ask each registered recheck once about all its messages; fresh variables replace old ones."""
    fresh: dict[int, dict[str, Any]] = {r["id"]: {} for r in rows if not r["valid_if"]}
    reasons: dict[str, str] = {}
    for key in {r["valid_if"] for r in rows if r["valid_if"]}:
        check = find_recheck(key)
        reasons[key] = check.reason if check else "recheck.unknown"
        if check is not None:
            fresh |= check.run([r["id"] for r in rows if r["valid_if"] == key])
    good, gone = [], []
    for row in rows:
        if row["id"] in fresh:
            good.append({**row, "vars": {**row["vars"], **fresh[row["id"]]}})
        else:
            gone.append((row, reasons[row["valid_if"]]))
    return good, gone


def _stop(stopped: list[tuple[dict[str, Any], str, str]], channel: str) -> None:
    if not stopped:
        return
    ids, states, reasons = [r["id"] for r, _, _ in stopped], [s for _, s, _ in stopped], [c for _, _, c in stopped]
    run_sql(STOP, {"ids": ids, "states": states, "reasons": reasons})
    tell(
        [
            Outcome(r["id"], r["to_person"], r["contact_id"], channel, r["kind"], "failed", c, meaning_of(c).dead)
            for r, s, c in stopped
            if s == "failed" and r["to_person"] is not None
        ]
    )
