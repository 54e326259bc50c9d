"""Preventive inspections: one open inspection for a hot spot, planned by hand or every morning (W-10)."""

from __future__ import annotations

from anju.domain.workorders import inspection_titles, refusals
from anju.domain.workorders.heat import HotSpot, hot_spots
from anju.domain.workorders.inspection_flow import NAME
from anju.domain.workorders.permissions import INSPECT
from anju.domain.workorders.policies import WorkOrders
from anju.foundation.actions import Act, action
from anju.foundation.flows.actions import open_case
from anju.foundation.flows.models import FlowCase
from anju.foundation.policy.store import in_force


@action("workorders.inspection.plan", needs=INSPECT)
def plan(act: Act, *, key: str) -> FlowCase:
    """Open an inspection of a hot spot.

    Args:
        key: which, as :class:`HotSpot` names it; within the actor's projects.

    Raises:
        Refused: ``workorders.not_hot`` if it is none (any more); ``flow.open_already`` while one is open for it.
    """
    spot = next((s for s in hot_spots(act.by) if s.key == key), None)
    if spot is None:
        raise refusals.NOT_HOT()
    return _open(act, spot)


@action("workorders.inspection.schedule", needs=INSPECT)
def schedule(act: Act) -> list[FlowCase]:
    """Open an inspection of every hot spot that was not looked at within the window."""
    fresh = [s for s in hot_spots(act.by) if not s.inspection_id and not s.looked_at]
    if not fresh:
        act.nothing_changed()
    return [_open(act, spot) for spot in fresh]


def _open(act: Act, spot: HotSpot) -> FlowCase:
    case = open_case(
        act.by, flow=NAME, title=inspection_titles.title_of(spot),
        subject=("building", spot.building_id), scope_id=spot.scope_id, dedupe=spot.key,
        facts={"why": inspection_titles.why_of(spot, in_force(WorkOrders).value.hot_days)},
    )  # fmt: skip
    act.trace("flow_case", case.id, links=(("building", spot.building_id),), number=case.number, orders=spot.n)
    return case
