"""Beginning a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from anju.foundation.actions import Act, action
from anju.foundation.db import clock, fetch_value
from anju.foundation.flows import clocks, who
from anju.foundation.flows.definitions import FlowDefinition, current
from anju.foundation.flows.effects import Done, run_effects
from anju.foundation.flows.entered import read_fields
from anju.foundation.flows.models import FlowCase, FlowVisit
from anju.foundation.flows.permissions import OPEN
from anju.foundation.flows.refusals import NOT_YOURS, OPEN_ALREADY
from anju.kit import Actor

NEXT_NUMBER = """
INSERT INTO flow_number (prefix, year, last) VALUES (%(prefix)s, %(year)s, 1)
ON CONFLICT (org_id, prefix, year) DO UPDATE SET last = flow_number.last + 1 RETURNING last
"""


def can_open(by: Actor, *, flow: str, dedupe: str | None = None, **_: Any) -> None:
    """Those whom the definition names; one open case for one thing."""
    definition = current(flow).value
    if not who.may_open(by, definition):
        raise NOT_YOURS(step=definition.name.zh, who=who.words(definition.opens))
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

    Raises:
        Refused: ``flow.not_yours``, ``flow.open_already``, ``flow.field_missing``, ``flow.field_wrong``.
    """
    pinned = current(flow)
    definition, now = pinned.value, clock.now()
    start = definition.start
    given = read_fields(definition, definition.asks, (), facts or {})
    case = _insert(
        FlowCase(
            number=next_number(definition, now.year), flow=flow, version_id=pinned.version_id, stage=start.key,
            subject_kind=subject[0], subject_id=subject[1], scope_id=scope_id, title=title, persons=list(persons),
            team=start.team, priority=priority, facts={**(facts or {}), **given}, dedupe=dedupe,
            opened_by=str(act.by), opened_at=now, stage_at=now,
        )
    )  # fmt: skip
    FlowVisit.objects.create(case=case, seq=1, stage=start.key, by=str(act.by), entered_at=now)
    clocks.entered(case, definition, now)
    case.due_at, case.warn_at = clocks.pressing(case)
    case.save(update_fields=["due_at", "warn_at"])
    name = [definition.name.zh, definition.name.en or definition.name.zh]
    shown = (subject,) if subject[0] else ()
    act.trace("flow_case", case.id, links=(*shown, *links), version_id=pinned.version_id, flow=name,
              number=case.number, priority=priority)  # fmt: skip
    run_effects((), Done(act, case, definition, "", "", dict(case.facts)))
    return case


def next_number(definition: FlowDefinition, year: int) -> str:
    """The next short number of the organization: ``W26-0841``."""
    last = fetch_value(NEXT_NUMBER, {"prefix": definition.prefix, "year": year})
    return named_number(definition, year, last)


def named_number(definition: FlowDefinition, year: int, n: int) -> str:
    """A case's number from its place in the year."""
    return f"{definition.prefix}{year % 100:02}-{n:04}"


def _insert(case: FlowCase) -> FlowCase:
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError as fault:
        if "one_open_case_for_a_thing" not in str(fault):
            raise
        known = FlowCase.objects.filter(flow=case.flow, dedupe=case.dedupe, closed_at__isnull=True).first()
        raise OPEN_ALREADY(number=known.number if known else "…") from None
    return case
