"""Sending what is due: claim a batch, hand it over, settle. Any process may be killed between the three.

A claim commits before anything leaves the house; a batch whose lease ran out is looked up at the provider by ``out_id``
before it may go again. A settlement counts only as long as its batch still holds the message.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from anju.foundation.db import clock, org_scope, scope_is_open
from anju.foundation.messaging import fallback
from anju.foundation.messaging.channels.base import Channel, Letter, Result, open_channel
from anju.foundation.messaging.claim import BUDGET, Claim, claim_batch, claim_lost, open_channels
from anju.foundation.messaging.settle import settle_batch
from anju.kit import Actor, Refused

SYSTEM = Actor.system()


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
        tally["failed"] += fallback.give_up(SYSTEM, now=moment)
        tally["fell_back"] += fallback.advance(SYSTEM, now=moment)
        channels = open_channels()
    for channel in channels:
        tally += _lost(org_id, channel, limit)
        tally += _fresh(org_id, channel, limit, moment)
    return +tally


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
