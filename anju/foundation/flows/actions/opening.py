"""Beginning a case."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from anju.foundation.actions import Act, action
from anju.foundation.db import Planned, clock, fetch
from anju.foundation.flows import clocks, who
from anju.foundation.flows.definitions import FlowDefinition, current
from anju.foundation.flows.effects import Done, run_effects
from anju.foundation.flows.entered import read_fields
from anju.foundation.flows.files import Upload, keep_photos
from anju.foundation.flows.models import FlowCase, FlowLimit
from anju.foundation.flows.permissions import OPEN
from anju.foundation.flows.refusals import NOT_YOURS, OPEN_ALREADY
from anju.kit import Actor

# The counter's row is locked from here until the transaction ends, so all that needs the number is one statement.
BEGIN = Planned(
    """
WITH counted AS (
    INSERT INTO flow_number (prefix, year, last) VALUES (%(prefix)s, %(year)s, 1)
    ON CONFLICT (org_id, prefix, year) DO UPDATE SET last = flow_number.last + 1 RETURNING last
),
begun AS (
    INSERT INTO flow_case (number, flow, version_id, stage, subject_kind, subject_id, scope_id, title, persons, team,
        escalated, priority, facts, photos, due_at, warn_at, pause_reason, dedupe, opened_by, opened_at, stage_at, rev)
    SELECT %(prefix)s || lpad((%(year)s %% 100)::text, 2, '0') || '-'
               || lpad(last::text, greatest(4, length(last::text)), '0'),
           %(flow)s, %(version_id)s, %(stage)s, %(subject_kind)s, %(subject_id)s, %(scope_id)s, %(title)s,
           %(persons)s::bigint[], %(team)s, '', %(priority)s, %(facts)s::jsonb, %(photos)s, %(due_at)s::timestamptz,
           %(warn_at)s::timestamptz, '', %(dedupe)s, %(opened_by)s, %(opened_at)s::timestamptz,
           %(opened_at)s::timestamptz, 1
    FROM counted RETURNING id, number
),
visited AS (
    INSERT INTO flow_visit (case_id, seq, stage, step, by, reason, entered_at)
    SELECT id, 1, %(stage)s, '', %(opened_by)s, '', %(opened_at)s::timestamptz FROM begun
),
limited AS (
    INSERT INTO flow_limit (case_id, key, started_at, warn_at, due_at, next_at, hours_id, cause, pending, state)
    SELECT b.id, l.key, %(opened_at)s::timestamptz, l.warn_at, l.due_at, coalesce(l.warn_at, l.due_at), l.hours_id,
           '', '', 'running'
    FROM begun b, unnest(%(keys)s::text[], %(warns)s::timestamptz[], %(dues)s::timestamptz[], %(hours)s::bigint[])
         WITH ORDINALITY AS l(key, warn_at, due_at, hours_id, n) ORDER BY l.n
)
SELECT id, number FROM begun
""",
    prefix="text",
    year="int",
    flow="text",
    version_id="bigint",
    stage="text",
    subject_kind="text",
    subject_id="bigint",
    scope_id="bigint",
    title="text",
    persons="bigint[]",
    team="text",
    priority="smallint",
    facts="jsonb",
    photos="int",
    due_at="timestamptz",
    warn_at="timestamptz",
    dedupe="text",
    opened_by="text",
    opened_at="timestamptz",
    keys="text[]",
    warns="timestamptz[]",
    dues="timestamptz[]",
    hours="bigint[]",
)


def can_open(by: Actor, *, flow: str, dedupe: str | None = None, **_: Any) -> None:
    """Those whom the definition names; one open case for one thing."""
    definition = current(flow).value
    if not who.may_open(by, definition):
        raise NOT_YOURS(step=definition.name.word, who=who.words(definition.opens))
    if dedupe is not None:
        known = FlowCase.objects.filter(flow=flow, dedupe=dedupe, closed_at__isnull=True).first()
        if known is not None:
            raise OPEN_ALREADY(number=known.number)


@action("flows.case.open", needs=OPEN, check=can_open)
def open_case(
    act: Act,
    *,
    flow: str,
    title: str = "",
    subject: tuple[str, int] = ("", 0),
    scope_id: int | None = None,
    persons: Sequence[int] = (),
    priority: int = 0,
    facts: Mapping[str, Any] | None = None,
    dedupe: str | None = None,
    links: tuple[tuple[str, int], ...] = (),
    photos: tuple[Upload, ...] = (),
) -> FlowCase:
    """Begin a case at its flow's start.

    Args:
        flow: the flow's name (``workorder``).
        title: one line of what it is about, without personal values.
        subject: what it is about, ``("lease", 7)``.
        scope_id: its row scope (project); None: visible to all staff.
        persons: the tenants it concerns.
        priority: its class, 0 the most urgent.
        facts: values of the definition's fields.
        dedupe: while an open case of this flow has the same, another is refused.
        links: further subjects whose timelines show its events.
        photos: pictures and short films that come with it.

    Raises:
        Refused: ``flow.not_yours``, ``flow.open_already``, ``flow.field_missing``, ``flow.field_wrong``;
            ``files.too_large``, ``files.wrong_kind``, ``files.empty``.
    """
    pinned = current(flow)
    definition, now = pinned.value, clock.now()
    start = definition.start
    given = read_fields(definition, definition.asks, (), facts or {})
    case = FlowCase(
        flow=flow, version_id=pinned.version_id, stage=start.key,
        subject_kind=subject[0], subject_id=subject[1], scope_id=scope_id, title=title, persons=list(persons),
        team=start.team, priority=priority, facts={**(facts or {}), **given}, dedupe=dedupe,
        photos=len(photos),
        opened_by=str(act.by), opened_at=now, stage_at=now,
    )  # fmt: skip
    _begin(case, definition, clocks.starting(case, definition, now))
    name = [definition.name.zh, definition.name.en or definition.name.zh]
    shown = (subject,) if subject[0] else ()
    act.trace("flow_case", case.id, links=(*shown, *links), version_id=pinned.version_id, flow=name,
              number=case.number, priority=priority)  # fmt: skip
    keep_photos(act, case.id, photos)
    run_effects((), Done(act, case, definition, "", "", dict(case.facts)))
    return case


def _begin(case: FlowCase, definition: FlowDefinition, limits: Sequence[FlowLimit]) -> None:
    """Write the case under the organization's next short number (``W26-0841``), its first stage, its limits."""
    case.due_at, case.warn_at = clocks.first_of(limits)
    params = {
        "prefix": definition.prefix, "year": case.opened_at.year, "flow": case.flow, "version_id": case.version_id,
        "stage": case.stage, "subject_kind": case.subject_kind, "subject_id": case.subject_id,
        "scope_id": case.scope_id, "title": case.title, "persons": case.persons, "team": case.team,
        "priority": case.priority, "facts": json.dumps(case.facts, ensure_ascii=False), "due_at": case.due_at,
        "warn_at": case.warn_at, "photos": case.photos,
        "dedupe": case.dedupe, "opened_by": case.opened_by, "opened_at": case.opened_at,
        "keys": [x.key for x in limits], "warns": [x.warn_at for x in limits], "dues": [x.due_at for x in limits],
        "hours": [x.hours_id for x in limits],
    }  # fmt: skip
    row = _inserted(case, params)
    case.id, case.number = row["id"], row["number"]
    case._state.adding, case._state.db = False, "default"


def named_number(definition: FlowDefinition, year: int, n: int) -> str:
    """A case's number from its place in the year: ``W26-0841``."""
    return f"{definition.prefix}{year % 100:02}-{n:04}"


def _inserted(case: FlowCase, params: dict[str, Any]) -> dict[str, Any]:
    if case.dedupe is None:
        return fetch(BEGIN, params)[0]
    try:
        with transaction.atomic():
            return fetch(BEGIN, params)[0]
    except IntegrityError as fault:
        if "one_open_case_for_a_thing" not in str(fault):
            raise
        known = FlowCase.objects.filter(flow=case.flow, dedupe=case.dedupe, closed_at__isnull=True).first()
        raise OPEN_ALREADY(number=known.number if known else "…") from None
