"""Events of places in words."""

from __future__ import annotations

from typing import Any

from anju.domain.portfolio.models import Unit
from anju.foundation.trace.told import told

STATES = dict(Unit.State.choices)


def _state(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "state": STATES.get(body.get("state", ""), "…")}


told("portfolio.place.register", "登记房源 {units} 间", "Registered {units} units", icon="building", about="place")
told("portfolio.unit.change", "修改房源资料", "Changed a unit", icon="edit", about="place")
told("portfolio.unit.set_state", "房源改为{state}", "Unit set to {state}", icon="home-cog", about="place", facts=_state)
