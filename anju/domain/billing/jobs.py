"""Billing by the clock."""

from __future__ import annotations

from datetime import date

from anju.foundation.jobs import daily
from anju.foundation.sweeps.run import run_sweep
from anju.kit import Actor


@daily("billing.run", at="06:00")
def run_billing(org: int, day: date) -> None:
    """Bill what falls due within the policy's days."""
    run_sweep(Actor.system(), org, "billing", day)
