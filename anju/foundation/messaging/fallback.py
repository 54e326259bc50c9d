"""The next channel when the last one did not reach the person in time (R-08)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from anju.foundation.actions import Act, action
from anju.foundation.db import fetch, run_sql, scoped_org
from anju.foundation.messaging.channels.base import known
from anju.foundation.messaging.claim import RUN
from anju.foundation.messaging.contacts import contact_source
from anju.foundation.messaging.policies import Messaging
from anju.foundation.policy.store import in_force

LIMIT = 2000
# Opening the link in an SMS or e-mail counts as reading it. Begins with the words of the index message_fallback_ix.
WAITING = """m.fell_back_at IS NULL AND m.next_channels <> '{}' AND m.state IN ('queued', 'sent', 'delivered', 'failed')
  AND (m.state = 'failed' OR (m.state IN ('sent', 'delivered') AND m.sent_at <= %(before)s)
       OR (m.state = 'queued' AND m.due_at <= %(before)s))
  AND NOT EXISTS (SELECT 1 FROM short_link l WHERE l.org_id = %(org)s AND l.message_id = m.id AND l.opened > 0)"""
# The inner query keeps to that index; ordered by id in one query, every message would be looked at.
UNREACHED = f"""
SELECT m.id, m.to_person, m.next_channels, m.state FROM message m
WHERE m.fell_back_at IS NULL AND m.id IN (SELECT m.id FROM message m WHERE {WAITING} LIMIT %(limit)s)
ORDER BY m.id FOR UPDATE OF m SKIP LOCKED
"""
PASSED_ON = """
UPDATE message SET fell_back_at = %(now)s,
    state = CASE WHEN state = 'queued' AND id = ANY(%(followed)s) THEN 'cancelled' ELSE state END,
    reason = CASE WHEN state = 'queued' AND id = ANY(%(followed)s) THEN 'cancelled.superseded' ELSE reason END
WHERE id = ANY(%(ids)s)
"""
NOT_SET = """
UPDATE message SET state = 'failed', reason = 'channel.not_set'
WHERE state = 'queued' AND due_at <= %(now)s AND channel <> 'inapp'
  AND channel NOT IN (SELECT s.channel FROM channel_setting s WHERE s.enabled)
"""
FOLLOW = """
INSERT INTO message (dedupe, to_person, contact_id, channel, kind, template, version_id, vars, sealed_vars,
subject_kind,
    subject_id, scope_id, run_id, valid_if, next_channels, link_kind, link_id, priority, created_at, due_at)
SELECT m.dedupe || '>' || v.channel, m.to_person, v.contact, v.channel, m.kind, m.template, m.version_id, m.vars,
    m.sealed_vars, m.subject_kind, m.subject_id, m.scope_id, m.run_id, m.valid_if,
    m.next_channels[array_position(m.next_channels, v.channel::varchar) + 1:], m.link_kind, m.link_id, m.priority,
    %(now)s, %(now)s
FROM unnest(%(ids)s::bigint[], %(channels)s::text[], %(contacts)s::bigint[]) AS v(id, channel, contact)
JOIN message m ON m.id = v.id
ON CONFLICT (org_id, dedupe) DO NOTHING
"""


@action("messaging.fallback.give_up", needs=RUN)
def give_up(act: Act, *, now: datetime) -> int:
    """Fail what is due on a channel nobody has set up, so that its next channel takes over. Returns how many."""
    count = run_sql(NOT_SET, {"now": now})
    if count:
        act.trace("messaging", scoped_org(), failed=count)
    else:
        act.nothing_changed()
    return count


@action("messaging.fallback.advance", needs=RUN)
def advance(act: Act, *, now: datetime) -> int:
    """Queue the next channel of messages that failed, did not go or were not read in the policy's hours.

    A person without an address for a channel is passed on to the one after it. The new message is rechecked like any.
    Returns how many were queued.
    """
    before = now - timedelta(hours=in_force(Messaging, now).value.wait_hours)
    rows = fetch(UNREACHED, {"before": before, "org": scoped_org(), "limit": LIMIT})
    if not rows:
        act.nothing_changed()
        return 0
    chosen = _choose(rows)
    run_sql(PASSED_ON, {"now": now, "ids": [r["id"] for r in rows], "followed": [i for i, _, _ in chosen]})
    count = 0
    if chosen:
        ids, channels, contacts = (list(column) for column in zip(*chosen, strict=True))
        count = run_sql(FOLLOW, {"now": now, "ids": ids, "channels": channels, "contacts": contacts})
    act.trace("messaging", scoped_org(), candidates=len(rows), queued=count)
    return count


def _choose(rows: list[dict[str, Any]]) -> list[tuple[int, str, int | None]]:
    """Message, next channel and contact; one query per channel."""
    source = contact_source()
    wanted: dict[str, set[int]] = {}
    for row in rows:
        for channel in row["next_channels"]:
            wanted.setdefault(channel, set()).add(row["to_person"])
    usable = {
        channel: source.preferred(sorted(people), channel) if known(channel).needs_address else None
        for channel, people in wanted.items()
    }
    chosen: list[tuple[int, str, int | None]] = []
    for row in rows:
        for channel in row["next_channels"]:
            contacts = usable[channel]
            if contacts is None or row["to_person"] in contacts:
                chosen.append((row["id"], channel, contacts[row["to_person"]] if contacts is not None else None))
                break
    return chosen
