"""Sending what is due: claim a batch, hand it over, settle. Any process may be killed between the three.

A claim commits before anything leaves the house; a batch whose lease ran out is looked up at the provider by ``out_id``
before it may go again. A settlement counts only as long as its batch still holds the message.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from anju.foundation.db import clock, fetch_one, org_scope, scope_is_open, scoped_org
from anju.foundation.messaging import fallback
from anju.foundation.messaging.channels.base import Channel, Letter, Result, open_channel
from anju.foundation.messaging.claim import BUDGET, Claim, claim_batch, claim_lost, open_channels
from anju.foundation.messaging.policies import Messaging
from anju.foundation.messaging.settle import settle_batch
from anju.foundation.policy.store import in_force
from anju.kit import Actor, Refused

SYSTEM = Actor.system()

# Channels are found by leaping through the queue's index, so that a long queue costs no more than a short one.
LOOK = f"""
WITH RECURSIVE used AS (
    SELECT min(channel) AS channel FROM message WHERE state = 'queued'
    UNION ALL
    SELECT (SELECT min(m.channel) FROM message m WHERE m.state = 'queued' AND m.channel > used.channel)
    FROM used WHERE used.channel IS NOT NULL)
SELECT ARRAY(SELECT channel FROM used WHERE EXISTS (
           SELECT FROM message m WHERE m.state = 'queued' AND m.channel = used.channel AND m.due_at <= %(now)s
           AND (m.retry_at IS NULL OR m.retry_at <= %(wall)s))) AS fresh,
       ARRAY(SELECT DISTINCT channel FROM message WHERE state = 'sending' AND lease_until < %(wall)s) AS lost,
       EXISTS (SELECT FROM message m WHERE {fallback.WAITING}) AS unreached,
       ARRAY(SELECT channel FROM channel_setting WHERE enabled) AS enabled
"""


def dispatch_due(org_id: int, *, limit: int = 500, now: datetime | None = None) -> Counter[str]:
    """Send one batch per channel of what is due in an organization; call again while ``claimed`` is not 0.

    Args:
        org_id: the organization; no scope may be open, because providers are called between transactions.
        limit: messages per channel.
        now: business time; the organization's clock if left out.

    Returns:
        how many were ``claimed``, ``sent``, ``delivered``, ``failed``, ``cancelled``, ``queued`` (to be tried again) …
    """
    if scope_is_open():
        raise RuntimeError("dispatch_due talks to providers and must not run inside org_scope")
    tally: Counter[str] = Counter()
    with org_scope(org_id):
        moment = now or clock.now()
        waiting = look(moment)
        if waiting.unset:
            tally["failed"] += fallback.give_up(SYSTEM, now=moment)
        if waiting.unreached or tally["failed"]:
            tally["fell_back"] += fallback.advance(SYSTEM, now=moment)
            waiting = look(moment)
        ready = set(open_channels()) if waiting.fresh or waiting.lost else set()
    for channel in sorted(ready & (waiting.fresh | waiting.lost)):
        if channel in waiting.lost:
            tally += _lost(org_id, channel, limit)
        tally += _fresh(org_id, channel, limit, moment)
    return +tally


@dataclass(frozen=True)
class Waiting:
    """Channels with something due or lost; whether something is due on a channel nobody set up, or has to fall back."""

    fresh: set[str]
    lost: set[str]
    unset: bool
    unreached: bool


def look(now: datetime) -> Waiting:
    """What there is to do, in one query, so that a minute without messages costs next to nothing."""
    before = now - timedelta(hours=in_force(Messaging, now).value.wait_hours)
    args = {"now": now, "wall": clock.wall(), "before": before, "org": scoped_org()}
    row = fetch_one(LOOK, args)
    assert row is not None
    fresh = set(row["fresh"])
    unset = bool(fresh - {"inapp"} - set(row["enabled"]))
    return Waiting(fresh, set(row["lost"]), unset, row["unreached"])


def dispatch_all(org_id: int, *, limit: int = 500, now: datetime | None = None) -> Counter[str]:
    """Send everything that is due, batch after batch."""
    total: Counter[str] = Counter()
    while (tally := dispatch_due(org_id, limit=limit, now=now))["claimed"]:
        total += tally
    return total + tally


def _fresh(org_id: int, channel: str, limit: int, now: datetime) -> Counter[str]:
    with org_scope(org_id):
        claim = claim_batch(SYSTEM, channel=channel, limit=limit, now=now)
    if claim is None:
        return Counter()
    if not claim.letters:
        return claim.tally
    return claim.tally + _settle(org_id, claim, _deliver(claim))


def _lost(org_id: int, channel: str, limit: int) -> Counter[str]:
    """Batches that a dead process left behind, and letters a provider did not answer for."""
    with org_scope(org_id):
        claim = claim_lost(SYSTEM, channel=channel, limit=limit)
    if claim is None:
        return Counter()
    found = _with_channel(claim, lambda opened: opened.find(claim.letters))
    return _settle(org_id, claim, found)


def _deliver(claim: Claim) -> list[Result]:
    until = time.monotonic() + BUDGET.total_seconds()

    def hand_over(opened: Channel) -> list[Result]:
        opened.prepare(claim.letters)
        ready = [letter for letter in claim.letters if not letter.hold]
        return [_held(letter) for letter in claim.letters if letter.hold] + opened.deliver(ready, until)

    return _with_channel(claim, hand_over)


def _held(letter: Letter) -> Result:
    return Result(letter.attempt_id, "refused" if letter.hold == "text.refused" else "wait", letter.hold)


def _with_channel(claim: Claim, use: Callable[[Channel], list[Result]]) -> list[Result]:
    try:
        return use(open_channel(claim.account))
    except Refused as refused:
        return [Result(letter.attempt_id, "refused", refused.code) for letter in claim.letters]


def _settle(org_id: int, claim: Claim, results: list[Result]) -> Counter[str]:
    with org_scope(org_id):
        return settle_batch(SYSTEM, claim=claim, results=results)
