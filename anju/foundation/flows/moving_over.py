"""Running cases by version and stage, and where those go whose stage a new version lacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from anju.foundation.flows import queries
from anju.foundation.flows.definition import Flow, Stage
from anju.foundation.flows.definitions import current, kept
from anju.foundation.flows.models import FlowCase
from anju.foundation.policy.models import PolicyVersion
from anju.kit import Actor


@dataclass(frozen=True, slots=True)
class Standing:
    """How many running cases stand at a stage of a version. ``lost``: the version in force cannot hold them there."""

    version_id: int
    version: int
    stage: str
    word: str
    count: int
    lost: bool


def holds_cases(flow: Flow, stage: str) -> bool:
    """Whether an open case can stand at that stage of a definition: it is there and does not end a case."""
    found = flow.stage(stage)
    return found is not None and not found.ends


def running(flow: str, *, by: Actor | None = None) -> list[Standing]:
    """The running cases of a flow by version and stage; newest version first.

    Args:
        flow: the flow's name.
        by: only those within this actor's reach; None: all.
    """
    rows = _grouped(queries.reachable(by) if by else FlowCase.objects.all(), flow)
    numbers = dict(PolicyVersion.objects.filter(id__in={r["version_id"] for r in rows}).values_list("id", "number"))
    now = current(flow).value if rows else None
    versions = {v: kept(flow, v) for v in numbers}
    found = []
    for r in rows:
        stage = versions[r["version_id"]].stage(r["stage"])
        lost = now is None or not holds_cases(now, r["stage"])
        word = stage.word if stage else r["stage"]
        found.append(Standing(r["version_id"], numbers[r["version_id"]], r["stage"], word, r["n"], lost))
    return found


def older(by: Actor, flow: str) -> list[Standing]:
    """Those that keep a version which is not in force any more."""
    return [s for s in running(flow, by=by) if s.version_id != current(flow).version_id]


def places(flow: str) -> list[Stage]:
    """Where a case may go in the version in force."""
    return [s for s in current(flow).value.stages if not s.ends]


def _grouped(rows: QuerySet[FlowCase], flow: str) -> list[dict[str, Any]]:
    open_ = rows.filter(flow=flow, closed_at__isnull=True)
    counted = open_.values("version_id", "stage").annotate(n=Count("id")).order_by("-version_id", "stage")
    return [{**row} for row in counted]
