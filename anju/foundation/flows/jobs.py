"""The timer by the clock."""

from __future__ import annotations

from datetime import date, datetime

from anju.foundation.db import org_scope
from anju.foundation.flows.actions.handing_over import hand_over, left_behind
from anju.foundation.flows.timers import run_timers
from anju.foundation.jobs import daily, every
from anju.kit import Actor


@every("flows.timers", minutes=1)
def look(org: int, at: datetime) -> None:
    """Warnings and breaches of the minute."""
    run_timers(org)


@daily("flows.timers_of_day", at="23:55")
def look_at_day(org: int, day: date) -> None:
    """A clock that jumps over days looks once in each."""
    run_timers(org)


@daily("flows.leavers", at="00:40")
def free_cases_of_leavers(org: int, day: date) -> None:
    """What a frozen colleague still holds goes back to the teams, so that nothing waits for somebody who is gone."""
    with org_scope(org):
        for staff_id in left_behind():
            hand_over(Actor.system(), staff_id=staff_id, to_staff_id=None)
