"""What a new version of a flow means for the cases that run: they keep theirs; which would be stuck if moved."""

from __future__ import annotations

from collections import Counter
from datetime import date

from anju.foundation.flows.definition import Flow
from anju.foundation.flows.definitions import PREFIX
from anju.foundation.flows.models import FlowCase
from anju.foundation.flows.moving_over import holds_cases, running
from anju.foundation.publishing.simulation import Example, Row, Said, Simulation, family_simulator

SHOWN = 30


@family_simulator(PREFIX)
def what_running_cases_would_meet(key: str, current: Flow, draft: Flow, as_of: date) -> Simulation:
    """Count running cases by stage, and of them those that could stand where they are in the draft."""
    flow = key.removeprefix(f"{PREFIX}.")
    stages: Counter[str] = Counter()
    for line in running(flow):
        stages[line.stage] += line.count
    fits = {stage for stage in stages if holds_cases(draft, stage)}
    lost = sum(n for stage, n in stages.items() if stage not in fits)
    stuck = FlowCase.objects.filter(flow=flow, closed_at__isnull=True).exclude(stage__in=fits).order_by("id")[:SHOWN]
    return Simulation(
        headline=_headline(stages.total(), lost),
        rows=tuple(
            Row(_word(stage, current, draft), n, n if stage in fits else 0, unit="张", good="more", icon="subtask")
            for stage, n in sorted(stages.items())
        ),
        changed=lost,
        examples=tuple(
            Example("flow_case", c.id, c.number, _word(c.stage, current, draft), NOWHERE)
            for c in (stuck if lost else ())
        ),
        period=Said("正在办的单：现行阶段，和换到新版后还站得住的", "Running cases: where they are, and who fits"),
        note=ABOUT,
    )


NOWHERE = Said("新版没有这个阶段", "Not in the new version")
ABOUT = Said(
    "正在办的单按发起时的版本办完，新发起的按新版。发布后可以在“换到新版”里把它们搬过去。",
    "Running cases end by the version they began with. After the release they can be moved over on their own page.",
)


def _headline(cases: int, lost: int) -> Said:
    if not cases:
        return Said("现在没有正在办的单，新发起的按新版办", "No case is running; new ones obey the new version")
    if not lost:
        return Said(
            f"**{cases}** 张正在办的单按旧版办完；换到新版也不会卡住",
            f"**{cases}** running cases keep their version; none would be stuck if moved",
        )
    return Said(
        f"**{cases}** 张正在办的单按旧版办完；如果换到新版，**{lost}** 张要先选去处",
        f"**{cases}** running cases keep their version; if moved, **{lost}** need a new place",
    )


def _word(key: str, current: Flow, draft: Flow) -> Said:
    stage = current.stage(key) or draft.stage(key)
    return Said(stage.zh, stage.en or stage.zh) if stage else Said(key, key)
