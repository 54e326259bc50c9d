"""Recomputing what the trace claims, from nothing but its own bytes: what ``anju verify`` runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from anju.foundation.trace.proof import Envelope

ROWS_AT_A_TIME = 5000


@dataclass(frozen=True)
class Broken:
    """A place where a chain does not hold. ``why``: gap, previous, hash, head, missing, root."""

    stream_kind: str
    stream_id: int
    seq: int
    why: str


@dataclass
class Tally:
    """How much was walked."""

    events: int = 0
    chains: int = 0


Evidence = Callable[[Tally], Iterator[Broken]]
_evidence: dict[str, Evidence] = {}


def evidence(name: str) -> Callable[[Evidence], Evidence]:
    """Register a further check of ``anju verify`` inside one organization's scope (a sweep's batch roots do so).

    Args:
        name: what is checked, for the report.
    """

    def register(check: Evidence) -> Evidence:
        _evidence[name] = check
        return check

    return register


def all_evidence() -> dict[str, Evidence]:
    """The chains first, then what other slices registered."""
    return {"chains": lambda tally: broken_chains(tally=tally), **_evidence}


CHAINS = """
SELECT e.org_id, e.stream_kind, e.stream_id, e.seq, e.at, e.wall_at, e.actor, e.action, e.version_id, e.run_id, e.body,
       e.prev, e.hash, h.seq AS head_seq, h.hash AS head_hash
FROM trace_event e
LEFT JOIN trace_head h ON h.org_id = e.org_id AND h.stream_kind = e.stream_kind AND h.stream_id = e.stream_id
WHERE (%(kind)s::text IS NULL OR e.stream_kind = %(kind)s) AND (%(stream)s::bigint IS NULL OR e.stream_id = %(stream)s)
ORDER BY e.stream_kind, e.stream_id, e.seq
"""

HEADS_WITHOUT_EVENTS = """
SELECT h.stream_kind, h.stream_id, h.seq FROM trace_head h
WHERE (%(kind)s::text IS NULL OR h.stream_kind = %(kind)s) AND (%(stream)s::bigint IS NULL OR h.stream_id = %(stream)s)
  AND NOT EXISTS (SELECT FROM trace_event e WHERE e.stream_kind = h.stream_kind AND e.stream_id = h.stream_id)
ORDER BY h.stream_kind, h.stream_id
"""


def broken_chains(
    kind: str | None = None, stream_id: int | None = None, tally: Tally | None = None
) -> Iterator[Broken]:
    """Walk chains in order and yield every break: a changed event, a gap, a head that does not match, a lost chain.

    Memory stays constant: rows stream from a server-side cursor. Needs an open organization scope.
    """
    params = {"kind": kind, "stream": stream_id}
    tally = tally or Tally()
    chain: _Chain | None = None
    for row in _stream(CHAINS, params):
        if chain is None or chain.stream != (row[1], row[2]):
            if chain is not None:
                yield from chain.end()
            chain = _Chain((row[1], row[2]), head=(row[13], row[14]))
            tally.chains += 1
        yield from chain.take(row)
        tally.events += 1
    if chain is not None:
        yield from chain.end()
    for kind_, id_, seq in _stream(HEADS_WITHOUT_EVENTS, params):
        yield Broken(kind_, id_, seq, "missing")


class _Chain:
    """One chain as it is walked."""

    def __init__(self, stream: tuple[str, int], head: tuple[int | None, bytes | None]) -> None:
        self.stream, self.head = stream, head
        self.seq, self.last = 0, b""

    def take(self, row: tuple[Any, ...]) -> Iterator[Broken]:
        envelope, prev, stored = Envelope(*row[:11]), bytes(row[11]), bytes(row[12])
        if envelope.seq != self.seq + 1:
            yield Broken(*self.stream, self.seq + 1, "gap")
        elif prev != self.last:
            yield Broken(*self.stream, envelope.seq, "previous")
        if envelope.hash(prev) != stored:
            yield Broken(*self.stream, envelope.seq, "hash")
        self.seq, self.last = envelope.seq, stored

    def end(self) -> Iterator[Broken]:
        seq, hash_ = self.head
        if seq != self.seq or hash_ is None or bytes(hash_) != self.last:
            yield Broken(*self.stream, self.seq, "head")


def _stream(sql: str, params: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while rows := cursor.fetchmany(ROWS_AT_A_TIME):
            yield from rows
