"""Payments: posted in process beside one prepared call of the server, and as verified callbacks over HTTP."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date, timedelta
from typing import Any

from anju.domain.billing.policies import Billing
from anju.foundation.db import fetch, org_scope
from anju.foundation.policy.store import in_force
from anju.foundation.sweeps.run import run_sweep
from anju.kit import Actor
from anju.surface.bench import callbacks
from anju.surface.bench.data import cleaned_up, company
from anju.surface.bench.measure import Figures
from anju.surface.bench.registry import Asked

SIZE = 32_000  # leases; each connection pays another share of them
EACH = 500  # payments of a connection in a round
CONNECTIONS = (1, 4, 16)
DUE = date(2026, 6, 1)
WRITTEN = ("payment", "credit", "allocation", "charge", "bill", "trace_event", "trace_head", "trace_link")
REACH = "≥ 0.25 at 1 connection"


def run(asked: Asked) -> list[Figures]:
    """Pay bills at 1, 4 and 16 connections, a process each; then take callbacks over HTTP."""
    leases = asked.size or SIZE
    org = company(leases)
    with org_scope(org):
        lead = timedelta(days=in_force(Billing).value.issue_days_before_due)
    run_sweep(Actor.system(), org, "billing", DUE - lead, workers=os.cpu_count() or 1)
    with org_scope(org):
        # Tenants pay in no order: two payments at once are seldom for the same building.
        ids = [r["id"] for r in fetch("SELECT id FROM lease ORDER BY hashint8(id)")]
    each = max(1, min(EACH, leases // 48))
    found, used = [], 0
    for connections in CONNECTIONS:
        seconds: dict[str, float] = {}
        for how in ("work", "floor"):
            shares = [ids[used + n * each : used + (n + 1) * each] for n in range(connections)]
            used += connections * each
            seconds[how] = together(org, how, shares)
            asked.say(f"{connections} connections, {how}: {connections * each / seconds[how]:,.0f}/s")
        rows = connections * each
        found.append(
            Figures(
                "payments", f"in process, {connections} connections", rows, seconds["work"], seconds["floor"],
                REACH if connections == 1 else "", {"floor_rows_per_s": round(rows / seconds["floor"], 1)},
            )
        )  # fmt: skip
    cleaned_up(*WRITTEN)
    return found + callbacks.run(org, ids[used:], asked)


def together(org: int, how: str, shares: list[list[int]]) -> float:
    """Let one process for each share pay; returns the seconds from the first start of paying to the last end."""
    payers = [
        subprocess.Popen(
            [sys.executable, "-m", "anju.surface.bench.payer", how, str(org)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in shares
    ]
    for payer in payers:  # each says that it is ready
        assert payer.stdout is not None
        assert payer.stdout.readline() == "ready\n"
    for payer, share in zip(payers, shares, strict=True):
        assert payer.stdin is not None
        payer.stdin.write(json.dumps(share) + "\n")
        payer.stdin.flush()
    spans: list[Any] = [json.loads(payer.communicate()[0]) for payer in payers]
    return float(max(end for _, end in spans) - min(begin for begin, _ in spans))
