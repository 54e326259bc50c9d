"""What the API leaves to workers: carrying a run through, forgetting old answers."""

from __future__ import annotations

from datetime import date

from anju.foundation.db import org_scope
from anju.foundation.jobs import daily, job
from anju.foundation.sweeps.models import SweepRun
from anju.foundation.sweeps.run import run_sweep
from anju.kit import Actor
from anju.surface.openapi import once


@job("openapi.carry_on", scoped=False)
def carry_on(*, org: int, run_id: int, key_id: int) -> None:
    """Run what a key began to its end, each batch in its own transaction; a repeated job finds it done."""
    with org_scope(org):
        run = SweepRun.objects.get(id=run_id)
    if run.state == SweepRun.State.RUNNING:
        run_sweep(Actor.api(key_id), org, run.sweep, run.as_of)


@daily("openapi.forget", at="03:40")
def forget_answers(org: int, day: date) -> None:
    """Delete the answers of calls older than a week."""
    with org_scope(org):
        once.forget()
