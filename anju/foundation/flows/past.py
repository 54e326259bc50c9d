"""Cases of the time before: finished elsewhere, written down here as they went, with no clock and no message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anju.foundation.db import clock, fetch, run_sql
from anju.foundation.flows.definition import Stage
from anju.foundation.flows.definitions import FlowDefinition, current
from anju.foundation.flows.models import FlowCase
from anju.foundation.flows.refusals import NOT_ENDED
from anju.kit import Actor
from anju.kit.canonical import canonical

NEW_IDS = "SELECT nextval('flow_case_id_seq') AS id FROM generate_series(1, %(n)s)"
NUMBERS = """
INSERT INTO flow_number (prefix, year, last)
SELECT %(prefix)s, y, n FROM unnest(%(years)s::int[], %(counts)s::int[]) AS g(y, n) ORDER BY y
ON CONFLICT (org_id, prefix, year) DO UPDATE SET last = flow_number.last + excluded.last RETURNING year, last
"""

# As one text: a few thousand rows as parameters take longer to send than to write.
VISITS = """
INSERT INTO flow_visit (case_id, seq, stage, step, by, reason, entered_at, left_at)
SELECT * FROM jsonb_to_recordset(%(visits)s::jsonb) AS v(case_id bigint, seq int, stage text, step text, by text,
    reason text, entered_at timestamptz, left_at timestamptz)
"""


@dataclass(frozen=True)
class PastStage:
    """A stage a case reached: the step that led there, who took it, when."""

    stage: str
    step: str
    by: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True)
class PastCase:
    """A case that ended before it was written down.

    Args:
        title: one line without personal values.
        subject: what it is about, ``("workorder", 7)``.
        scope_id: its row scope.
        persons: the tenants it concerned.
        priority: its class; one beyond the definition's last counts as the last.
        assignee: the member of staff who did it, if known.
        facts: values of the definition's fields.
        went: the stages in their order, the last one an end; those the definition has not are left out.
    """

    title: str
    subject: tuple[str, int]
    scope_id: int
    persons: tuple[int, ...]
    priority: int
    assignee: int | None
    facts: dict[str, str]
    went: tuple[PastStage, ...]


def write_past(by: Actor, flow: str, cases: Sequence[PastCase]) -> list[FlowCase]:
    """Write ended cases in a fixed number of statements; whoever calls traces what they were.

    Args:
        by: who writes them down.
        flow: the flow's name; they keep the definition in force.
        cases: in any order; numbers are given by the day they began.

    Raises:
        Refused: ``flow.not_ended`` for a case whose last stage ends nothing.
    """
    pinned = current(flow)
    ids = [row["id"] for row in fetch(NEW_IDS, {"n": len(cases)})]
    numbers = _numbers(pinned.value, [case.went[0].at for case in cases])
    rows: list[FlowCase] = []
    visits: list[dict[str, Any]] = []
    for case_id, number, case in zip(ids, numbers, cases, strict=True):
        end = pinned.value.stage(case.went[-1].stage)
        if end is None or not end.ends:
            raise NOT_ENDED(number=number)
        rows.append(_row(by, flow, pinned.version_id, case_id, number, case, end, len(pinned.value.classes)))
        visits += _visits(pinned.value, case_id, case)
    FlowCase.objects.bulk_create(rows)
    run_sql(VISITS, {"visits": canonical(visits)})
    return rows


def _numbers(definition: FlowDefinition, begun: Sequence[datetime]) -> list[str]:
    years = Counter(at.astimezone(clock.SHANGHAI).year for at in begun)
    asked = {"prefix": definition.prefix, "years": list(years), "counts": list(years.values())}
    next_of = {row["year"]: row["last"] - years[row["year"]] for row in fetch(NUMBERS, asked)}
    given = {}
    for n in sorted(range(len(begun)), key=lambda i: begun[i]):
        year = begun[n].astimezone(clock.SHANGHAI).year
        next_of[year] += 1
        given[n] = f"{definition.prefix}{year % 100:02}-{next_of[year]:04}"
    return [given[n] for n in range(len(begun))]


def _row(
    by: Actor, flow: str, version_id: int, case_id: int, number: str, case: PastCase, end: Stage, classes: int
) -> FlowCase:
    ended = case.went[-1].at
    return FlowCase(
        id=case_id, number=number, flow=flow, version_id=version_id, stage=end.key, subject_kind=case.subject[0],
        subject_id=case.subject[1], scope_id=case.scope_id, title=case.title, persons=list(case.persons),
        assignee=case.assignee, team=end.team, priority=max(0, min(case.priority, classes - 1)), facts=case.facts,
        opened_by=str(by), opened_at=case.went[0].at, stage_at=ended, closed_at=ended,
    )  # fmt: skip


def _visits(definition: FlowDefinition, case_id: int, case: PastCase) -> list[dict[str, Any]]:
    went = [step for step in case.went if definition.stage(step.stage) is not None]
    left = [*(step.at.isoformat() for step in went[1:]), None]
    return [
        {"case_id": case_id, "seq": n, "stage": step.stage, "step": step.step, "by": step.by, "reason": step.reason,
         "entered_at": step.at.isoformat(), "left_at": until}
        for n, (step, until) in enumerate(zip(went, left, strict=True), start=1)
    ]  # fmt: skip
