"""Beginning many cases of one flow at once, for sweeps: a few statements whatever their number."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from anju.foundation.actions import Act, action
from anju.foundation.db import clock, fetch, fetch_value
from anju.foundation.flows import clocks
from anju.foundation.flows.actions.opening import can_open, named_number
from anju.foundation.flows.definitions import FlowDefinition, current
from anju.foundation.flows.entered import read_fields
from anju.foundation.flows.permissions import OPEN
from anju.kit import Actor


@dataclass(frozen=True)
class NewCase:
    """A case to begin; what its parts mean, :func:`open_case` says. ``id`` was drawn beforehand by the sweep."""

    id: int
    title: str
    subject_kind: str
    subject_id: int
    scope_id: int | None
    persons: Sequence[int]
    dedupe: str | None
    priority: int = 0
    assignee: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


NUMBERS = """
INSERT INTO flow_number (prefix, year, last) VALUES (%(prefix)s, %(year)s, %(n)s)
ON CONFLICT (org_id, prefix, year) DO UPDATE SET last = flow_number.last + %(n)s RETURNING last
"""
# What has an open case already keeps that one: the key that makes it unique decides, whoever is first.
BEGIN = """
WITH made AS (
    INSERT INTO flow_case (id, number, flow, version_id, stage, subject_kind, subject_id, scope_id, title, persons,
        assignee, team, escalated, priority, facts, photos, due_at, warn_at, pause_reason, dedupe, opened_by, opened_at,
        stage_at, rev)
    SELECT n.id, n.number, %(flow)s, %(version)s, %(stage)s, n.subject_kind, n.subject_id, n.scope_id, n.title,
           n.persons, n.assignee, %(team)s, '', n.priority, n.facts, 0, n.due_at, n.warn_at, '', n.dedupe, %(by)s,
           %(now)s, %(now)s, 1
    FROM jsonb_to_recordset(%(cases)s::jsonb) AS n(id bigint, number text, subject_kind text, subject_id bigint,
        scope_id bigint, title text, persons bigint[], assignee bigint, priority smallint, facts jsonb,
        due_at timestamptz, warn_at timestamptz, dedupe text)
    ON CONFLICT DO NOTHING RETURNING id
),
visited AS (
    INSERT INTO flow_visit (case_id, seq, stage, step, by, reason, entered_at)
    SELECT id, 1, %(stage)s, '', %(by)s, '', %(now)s FROM made RETURNING case_id
),
counting AS (
    INSERT INTO flow_limit (case_id, key, started_at, warn_at, due_at, next_at, hours_id, cause, pending, state)
    SELECT m.id, x.key, x.started_at, x.warn_at, x.due_at, x.next_at, x.hours_id, '', '', 'running'
    FROM made m JOIN jsonb_to_recordset(%(limits)s::jsonb) AS x(case_id bigint, key text, started_at timestamptz,
        warn_at timestamptz, due_at timestamptz, next_at timestamptz, hours_id bigint) ON x.case_id = m.id
    RETURNING case_id
)
SELECT m.id, (SELECT count(*) FROM visited) + (SELECT count(*) FROM counting) AS parts FROM made m ORDER BY m.id
"""


def can_open_many(by: Actor, *, flow: str, cases: Sequence[NewCase]) -> None:
    """Those whom the definition names."""
    can_open(by, flow=flow)


@action("flows.case.open_many", needs=OPEN, check=can_open_many)
def open_many(act: Act, *, flow: str, cases: Sequence[NewCase]) -> list[int]:
    """Begin cases at their flow's start; what has an open case of the same ``dedupe`` is left out. Returns the new ids.

    The flow's listeners are not told: the slice that calls this owns the flow.

    Args:
        flow: the flow's name.
        cases: what to begin.

    Raises:
        Refused: ``flow.not_yours``, ``flow.field_missing``, ``flow.field_wrong``.
    """
    if not cases:
        act.nothing_changed()
        return []
    pinned, now = current(flow), clock.now()
    definition = pinned.value
    rows, limits = _rows(definition, cases, now)
    start = definition.start
    made = fetch(
        BEGIN,
        {
            "flow": flow, "version": pinned.version_id, "stage": start.key, "team": start.team, "by": str(act.by),
            "now": now, "cases": json.dumps(rows), "limits": json.dumps(limits),
        },
    )  # fmt: skip
    ids = [row["id"] for row in made]
    numbers = {row["id"]: row for row in rows}
    name = [definition.name.zh, definition.name.en or definition.name.zh]
    for case_id in ids:
        row = numbers[case_id]
        links = ((row["subject_kind"], row["subject_id"]),) if row["subject_kind"] else ()
        act.trace(
            "flow_case", case_id, links=links, version_id=pinned.version_id, flow=name, number=row["number"],
            priority=row["priority"],
        )  # fmt: skip
    if not ids:
        act.nothing_changed()
    return ids


def _rows(
    definition: FlowDefinition, cases: Sequence[NewCase], now: datetime
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The cases and their limits as JSON, a number given to each."""
    last = fetch_value(NUMBERS, {"prefix": definition.prefix, "year": now.year, "n": len(cases)})
    begun = {p: _limits(definition, p, now) for p in {c.priority for c in cases}}
    rows, limits = [], []
    for n, c in enumerate(cases, last - len(cases) + 1):
        given = read_fields(definition, definition.asks, (), c.facts)
        first = min(begun[c.priority], key=lambda x: x["due_at"], default=None)
        due = {"due_at": first["due_at"], "warn_at": first["warn_at"]} if first else {"due_at": None, "warn_at": None}
        number = named_number(definition, now.year, n)
        rows.append({**asdict(c), "persons": list(c.persons), "facts": {**c.facts, **given}, "number": number, **due})
        limits += [{"case_id": c.id, **x} for x in begun[c.priority]]
    return rows, limits


def _limits(definition: FlowDefinition, priority: int, now: datetime) -> list[dict[str, Any]]:
    found = [
        clocks.new_limit(limit, minutes, now)
        for limit in definition.limits
        if definition.start.key in limit.starts and (minutes := limit.minutes_of(priority))
    ]
    return [{k: v.isoformat() if isinstance(v, datetime) else v for k, v in row.items()} for row in found]
