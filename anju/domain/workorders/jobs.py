"""Repairs by the clock."""

from __future__ import annotations

from datetime import date, datetime

from anju.domain.workorders.automatic import give_free
from anju.domain.workorders.inspections import schedule
from anju.domain.workorders.paging import page
from anju.domain.workorders.policies import WorkOrders
from anju.foundation.db import org_scope
from anju.foundation.jobs import daily, every
from anju.foundation.policy.store import in_force
from anju.kit import Actor


@daily("workorders.inspect", at="07:30")
def inspect_hot_spots(org: int, day: date) -> None:
    """Where the company wants it, every new hot spot gets its inspection before the crew's day begins."""
    with org_scope(org):
        if in_force(WorkOrders, day).value.inspect_automatically:
            schedule(Actor.system())


@every("workorders.dispatch", minutes=1)
def dispatch(org: int, at: datetime) -> None:
    """Where the company wants it, what became free or suits somebody only now finds its technician."""
    with org_scope(org):
        give_free()


@every("workorders.page", minutes=1)
def call(org: int, at: datetime) -> None:
    """Pages for urgent repairs that nobody has accepted."""
    with org_scope(org):
        page(Actor.system())
