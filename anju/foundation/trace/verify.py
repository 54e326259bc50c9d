"""Recomputing chains: what ``anju verify`` runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from anju.foundation.trace.models import TraceEvent, TraceHead
from anju.foundation.trace.proof import Envelope


@dataclass(frozen=True)
class Broken:
    """A place where a chain does not hold."""

    stream_kind: str
    stream_id: int
    seq: int
    why: str


def broken_chains(kind: str | None = None, stream_id: int | None = None) -> Iterator[Broken]:
    """Walk chains in order and yield every break: a wrong hash, a gap, a head that does not match.

    Constant memory: rows stream from a server-side cursor.
    """
    events = TraceEvent.objects.order_by("stream_kind", "stream_id", "seq")
    if kind is not None:
        events = events.filter(stream_kind=kind)
    if stream_id is not None:
        events = events.filter(stream_id=stream_id)
    stream: tuple[str, int] | None = None
    seq, prev = 0, b""
    for e in events.iterator(chunk_size=2000):
        here = (e.stream_kind, e.stream_id)
        if here != stream:
            if stream is not None:
                yield from _head(stream, seq, prev)
            stream, seq, prev = here, 0, b""
        seq += 1
        envelope = Envelope(
            e.org_id, e.stream_kind, e.stream_id, e.seq, e.at, e.wall_at, e.actor, e.action, e.version_id, e.run_id, e.body
        )
        if e.seq != seq:
            yield Broken(*here, e.seq, "gap")
            seq = e.seq
        elif bytes(e.prev) != prev:
            yield Broken(*here, e.seq, "previous hash")
        if envelope.hash(bytes(e.prev)) != bytes(e.hash):
            yield Broken(*here, e.seq, "hash")
        prev = bytes(e.hash)
    if stream is not None:
        yield from _head(stream, seq, prev)


def _head(stream: tuple[str, int], seq: int, last: bytes) -> Iterator[Broken]:
    head = TraceHead.objects.filter(stream_kind=stream[0], stream_id=stream[1]).first()
    if head is None or head.seq != seq or bytes(head.hash) != last:
        yield Broken(*stream, seq, "head")
