"""Chains and roots recomputed from the documented text of an event and a decision, with arithmetic of our own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

AT_ONCE = 5000  # rows in memory
CHAINS = """
SELECT org_id, stream_kind, stream_id, seq, at, wall_at, actor, action, version_id, run_id, body, prev, hash
FROM trace_event ORDER BY stream_kind, stream_id, seq
"""
BODIES = "SELECT id, action, body FROM trace_event WHERE body <> '' ORDER BY id"
HEADS = """
SELECT h.stream_kind, h.stream_id FROM trace_head h
LEFT JOIN trace_event e ON e.stream_kind = h.stream_kind AND e.stream_id = h.stream_id AND e.seq = h.seq
WHERE h.seq > 0 AND e.hash IS DISTINCT FROM h.hash
"""
BATCHES = """
SELECT b.run_id, r.as_of, b.n, b.lo, b.hi, b.root FROM sweep_batch b JOIN sweep_run r ON r.id = b.run_id
WHERE b.state = 'done' ORDER BY b.run_id, b.n
"""
DECISIONS = """
SELECT as_of, run_id, subject_id, code, version_id, effect_id, detail FROM decision
WHERE as_of = %(as_of)s AND run_id = %(run)s AND subject_id BETWEEN %(lo)s AND %(hi)s ORDER BY subject_id
"""
ROOTS = """
SELECT body FROM trace_event WHERE stream_kind = 'sweep_run' AND stream_id = %(run)s AND body LIKE '%%"root"%%'
"""


def rows(sql: str, params: dict[str, Any] | None = None) -> Iterator[dict[str, Any]]:
    """Rows one by one, some thousand in memory, read by a cursor of the server."""
    with connection.chunked_cursor() as opened:
        cursor: Any = opened
        cursor.itersize = AT_ONCE
        cursor.execute(sql, params)
        names: list[str] = []
        for row in cursor:
            names = names or [c.name for c in cursor.description or ()]
            yield dict(zip(names, row, strict=True))


def broken_chains() -> Iterator[str]:
    """Events whose number, predecessor or hash is not what their chain makes it; heads that point elsewhere."""
    for (kind, stream), events in groupby(rows(CHAINS), key=itemgetter("stream_kind", "stream_id")):
        before = b""
        for number, event in enumerate(events, 1):
            own = hashlib.sha256(before + text_of(event).encode()).digest()
            if event["seq"] != number or bytes(event["prev"]) != before or bytes(event["hash"]) != own:
                yield f"{kind} {stream} event {event['seq']}"
                break
            before = own
    for head in rows(HEADS):
        yield f"{head['stream_kind']} {head['stream_id']} head"


def unreadable() -> Iterator[str]:
    """Events whose body is no JSON. Read here, not by the server, which knows how only from version 16 on."""
    for event in rows(BODIES):
        try:
            json.loads(event["body"])
        except ValueError:
            yield f"event {event['id']}: {event['action']}"


def text_of(event: dict[str, Any]) -> str:
    """An event's lines: organization, subject, number, both times in UTC, actor, action, version, run, body."""
    return "\n".join(
        [
            str(event["org_id"]), event["stream_kind"], str(event["stream_id"]), str(event["seq"]), utc(event["at"]),
            utc(event["wall_at"]), event["actor"], event["action"], dash(event["version_id"]), dash(event["run_id"]),
            event["body"],
        ]
    )  # fmt: skip


def broken_batches() -> Iterator[str]:
    """Batches whose decisions do not give the root that the batch and its event hold."""
    for run, batches in groupby(list(rows(BATCHES)), key=itemgetter("run_id")):
        told = {json.loads(r["body"]).get("batch"): json.loads(r["body"])["root"] for r in rows(ROOTS, {"run": run})}
        for b in batches:
            asked = {"as_of": b["as_of"], "run": run, "lo": b["lo"], "hi": b["hi"]}
            root = tree(hashlib.sha256(b"\x00" + line(d).encode()).digest() for d in rows(DECISIONS, asked))
            if root != bytes(b["root"] or b"") or told.get(b["n"]) != root.hex():
                yield f"run {run} batch {b['n']}"


def line(decision: dict[str, Any]) -> str:
    """A decision's text: its columns in order between bars, a dash for nothing."""
    order = ("as_of", "run_id", "subject_id", "code", "version_id", "effect_id", "detail")
    return "|".join(dash(decision[c]) for c in order)


def tree(leaves: Iterator[bytes]) -> bytes:
    """The root over leaves, kept as one node a level: memory grows with the tree's height only.

    An odd node moves up unchanged, as the batches are built.
    """
    levels: list[bytes | None] = []
    for leaf in leaves:
        node: bytes | None = leaf
        for depth, waiting in enumerate(levels):
            if waiting is None:
                levels[depth], node = node, None
                break
            levels[depth], node = None, joined(waiting, node or b"")
        if node is not None:
            levels.append(node)
    root: bytes | None = None
    for waiting in levels:
        if waiting is not None:
            root = waiting if root is None else joined(waiting, root)
    return root if root is not None else hashlib.sha256(b"").digest()


def joined(left: bytes, right: bytes) -> bytes:
    """A node over two."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def utc(at: datetime) -> str:
    """A moment as the envelope writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def dash(value: Any) -> str:
    """A value as text, a dash for nothing."""
    return "-" if value is None else str(value)
