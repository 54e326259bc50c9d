"""Appending events and reading timelines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from anju.foundation.db import Planned, clock, fetch, planned
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
APPEND = Planned(
    """
SELECT trace_append(e ->> 'kind', (e ->> 'id')::bigint, %(at)s, %(wall)s, %(actor)s, e ->> 'action',
                    (e ->> 'version')::bigint, (e ->> 'run')::bigint, e ->> 'body',
                    ARRAY(SELECT jsonb_array_elements_text(e -> 'link_kinds')),
                    ARRAY(SELECT jsonb_array_elements_text(e -> 'link_ids')::bigint)) AS id
FROM jsonb_array_elements(%(events)s::jsonb) AS e
""",
    at="timestamptz",
    wall="timestamptz",
    actor="text",
    events="jsonb",
)


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
WITH wanted AS (SELECT * FROM unnest(%(kinds)s::text[], %(ids)s::bigint[]) AS w(kind, id))
SELECT e.id, e.stream_kind, e.stream_id, e.at, e.wall_at, e.actor, e.action, e.version_id, e.run_id, e.body
FROM trace_event e
WHERE e.id IN (
    SELECT x.id FROM wanted w JOIN trace_event x ON x.stream_kind = w.kind AND x.stream_id = w.id
    UNION ALL
    SELECT l.event_id FROM wanted w JOIN trace_link l ON l.subject_kind = w.kind AND l.subject_id = w.id)
  AND (%(before)s::bigint IS NULL OR e.id < %(before)s::bigint)
  AND (%(actions)s::text[] IS NULL OR e.action = ANY(%(actions)s::text[])
       OR '*.' || substring(e.action FROM '[a-z_]+$') = ANY(%(actions)s::text[]))
ORDER BY e.id DESC LIMIT %(limit)s::int
"""


def timeline(subject: Subject, *, limit: int = 50, before: int | None = None) -> list[dict[str, Any]]:
    """Events on a subject's own chain and those linked to it, newest first.

    Args:
        subject: ``(kind, id)``.
        limit: at most this many.
        before: only events with a smaller id, for the next page.
    """
    return timeline_of([subject], limit=limit, before=before)


def timeline_of(
    subjects: Sequence[Subject], *, limit: int = 50, before: int | None = None, actions: Sequence[str] | None = None
) -> list[dict[str, Any]]:
    """Events on the chains of several subjects and those linked to them, newest first, each once.

    Args:
        subjects: ``(kind, id)``: a person and their leases.
        limit: at most this many.
        before: only events with a smaller id.
        actions: only events of these names; ``*.suffix`` stands for whatever action.
    """
    params = {
        "kinds": [kind for kind, _ in subjects],
        "ids": [id for _, id in subjects],
        "limit": limit,
        "before": before,
        "actions": None if actions is None else _array(tuple(actions)),
    }
    return fetch(planned(TIMELINE), params)


@lru_cache(maxsize=256)
def _array(actions: tuple[str, ...]) -> str:
    """Names of events as the server reads an array; some hundred, always the same, so written once."""
    return "{" + ",".join(actions) + "}"  # they are words, dots and stars


LATEST = """
SELECT id, stream_kind, stream_id, at, wall_at, actor, action, version_id, run_id, body FROM trace_event
WHERE (action = ANY(%(actions)s) OR '*.' || substring(action FROM '[a-z_]+$') = ANY(%(actions)s::text[]))
  AND id > (SELECT coalesce(max(id), 0) FROM trace_event) - %(reach)s
ORDER BY id DESC LIMIT %(limit)s
"""
REACH = 20_000


def latest(actions: Sequence[str], *, limit: int = 20) -> list[dict[str, Any]]:
    """The newest events of these names in the whole organization, among the last 20,000 of all."""
    return fetch(LATEST, {"actions": list(actions), "limit": limit, "reach": REACH})
