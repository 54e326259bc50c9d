"""Appending events and reading timelines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from anju.foundation.db import clock, fetch
from anju.foundation.trace.proof import canonical
from anju.kit import Actor

Subject = tuple[str, int]


@dataclass(frozen=True)
class Event:
    """One event to append. ``subject`` owns the chain; ``links`` are other timelines it shows on."""

    subject: Subject
    action: str
    body: dict[str, Any] = field(default_factory=dict)
    links: tuple[Subject, ...] = ()
    version_id: int | None = None
    run_id: int | None = None


# One statement for any number of events; the array's order is the order in which chains are locked.
APPEND = """
SELECT trace_append(e ->> 'kind', (e ->> 'id')::bigint, %(at)s, %(wall)s, %(actor)s, e ->> 'action',
                    (e ->> 'version')::bigint, (e ->> 'run')::bigint, e ->> 'body',
                    ARRAY(SELECT jsonb_array_elements_text(e -> 'link_kinds')),
                    ARRAY(SELECT jsonb_array_elements_text(e -> 'link_ids')::bigint)) AS id
FROM jsonb_array_elements(%(events)s::jsonb) AS e
"""


def append(by: Actor, events: Iterable[Event]) -> list[int]:
    """Append events, each to its subject's chain, locking the chains in stream order.

    Returns the event ids in the order the chains were locked. Bodies hold ids and amounts, never personal values.
    """
    rows = [_row(event) for event in sorted(events, key=lambda e: e.subject)]
    if not rows:
        return []
    params = {"at": clock.now(), "wall": clock.wall(), "actor": str(by), "events": json.dumps(rows, ensure_ascii=False)}
    return [row["id"] for row in fetch(APPEND, params)]


def _row(event: Event) -> dict[str, Any]:
    return {
        "kind": event.subject[0],
        "id": event.subject[1],
        "action": event.action,
        "version": event.version_id,
        "run": event.run_id,
        "body": canonical(event.body),
        "link_kinds": [kind for kind, _ in event.links],
        "link_ids": [id for _, id in event.links],
    }


TIMELINE = """
SELECT id, stream_kind, stream_id, at, wall_at, actor, action, version_id, run_id, body FROM trace_event e
WHERE id IN (
    SELECT id FROM trace_event WHERE stream_kind = %(kind)s AND stream_id = %(id)s
    UNION ALL
    SELECT event_id FROM trace_link WHERE subject_kind = %(kind)s AND subject_id = %(id)s)
  AND (%(before)s::bigint IS NULL OR id < %(before)s)
ORDER BY id DESC LIMIT %(limit)s
"""


def timeline(subject: Subject, *, limit: int = 50, before: int | None = None) -> list[dict[str, Any]]:
    """Events on a subject's own chain and those linked to it, newest first.

    Args:
        subject: ``(kind, id)``.
        limit: at most this many.
        before: only events with a smaller id, for the next page.
    """
    return fetch(TIMELINE, {"kind": subject[0], "id": subject[1], "limit": limit, "before": before})
