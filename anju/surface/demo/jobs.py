"""The worker's part of moving a drill clock."""

from __future__ import annotations

from anju.foundation.jobs import job
from anju.surface.demo import moving


@job("demo.clock.carry_out", attempts=1, scoped=False)
def carry_out(*, org: int, move_id: int) -> None:
    """Replay the days; beside no other daily work of the organization, and again from where it stood if killed."""
    moving.carry(org, move_id)
