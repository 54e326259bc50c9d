"""Moving running cases to the version of their flow that is in force."""

from __future__ import annotations

import json
from collections.abc import Mapping

from anju.foundation.access import in_scopes, scope_params
from anju.foundation.actions import Act, action
from anju.foundation.db import clock, fetch
from anju.foundation.flows import queries
from anju.foundation.flows.definitions import current
from anju.foundation.flows.permissions import ADAPT
from anju.foundation.flows.refusals import STUCK

# Every case is carried over by one statement; where the stage is another, the visit and the team follow it.
ADAPT_SQL = f"""
WITH old AS (
    SELECT id, stage, coalesce(%(stages)s::jsonb ->> stage, stage) AS new_stage FROM flow_case
    WHERE flow = %(flow)s AND closed_at IS NULL AND version_id <> %(version)s
      AND (scope_id IS NULL OR {in_scopes("scope_id")})
    FOR UPDATE
),
moved AS (
    UPDATE flow_case c SET version_id = %(version)s, rev = c.rev + 1, stage = o.new_stage,
        team = CASE WHEN o.new_stage = o.stage THEN c.team
                    ELSE coalesce(nullif(%(teams)s::jsonb ->> o.new_stage, ''), c.team) END,
        stage_at = CASE WHEN o.new_stage = o.stage THEN c.stage_at ELSE %(now)s END
    FROM old o WHERE c.id = o.id RETURNING c.id, o.new_stage, o.new_stage <> o.stage AS elsewhere
),
left_ AS (
    UPDATE flow_visit v SET left_at = %(now)s FROM moved m
    WHERE m.elsewhere AND v.case_id = m.id AND v.left_at IS NULL RETURNING v.case_id
),
came AS (
    INSERT INTO flow_visit (case_id, seq, stage, step, by, reason, entered_at)
    SELECT m.id, 1 + coalesce((SELECT max(seq) FROM flow_visit v WHERE v.case_id = m.id), 0), m.new_stage, '',
           %(by)s, '', %(now)s
    FROM moved m WHERE m.elsewhere RETURNING case_id
)
SELECT id, (SELECT count(*) FROM left_) + (SELECT count(*) FROM came) AS visits FROM moved ORDER BY id
"""


@action("flows.case.adapt", needs=ADAPT)
def adapt(act: Act, *, flow: str, stages: Mapping[str, str]) -> int:
    """Move all running cases of a flow, within one's projects, to the version in force; returns how many.

    Args:
        flow: the flow's name.
        stages: for each stage that the new version lacks, the stage its cases go to.

    Raises:
        Refused: ``not_found``; ``flow.stuck`` while a case stands at a stage that the new version lacks, or that ends
            cases there, and that ``stages`` does not place.
    """
    pinned = current(flow)
    known = {s.key: s.team for s in pinned.value.stages if not s.ends}
    wanted = {k: v for k, v in stages.items() if k not in known and v in known}
    rows = queries.reachable(act.by).filter(flow=flow, closed_at__isnull=True).exclude(version_id=pinned.version_id)
    lost = rows.exclude(stage__in=[*known, *wanted]).count()
    if lost:
        raise STUCK(count=lost)
    params = {
        "flow": flow, "version": pinned.version_id, "stages": json.dumps(wanted), "teams": json.dumps(known),
        "now": clock.now(), "by": str(act.by), **scope_params(act.by),
    }  # fmt: skip
    moved = fetch(ADAPT_SQL, params)
    if not moved:
        act.nothing_changed()
        return 0
    # One event for all: every case's timeline shows it by its link.
    links = tuple(("flow_case", row["id"]) for row in moved)
    act.trace(
        "policy_version", pinned.version_id, links=links, version_id=pinned.version_id, number=flow, count=len(moved)
    )
    return len(moved)
