"""Fifty kills under random business: whatever was running, nothing is lost, nothing is there twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest

from anju.surface.torture.house import children

KILLS = 50
DONE_WITHIN_S = 1800  # a bound for a broken run, not a measure


@pytest.mark.req("R-01")
@pytest.mark.req("R-03")
@pytest.mark.req("R-10")
def test_fifty_kills_break_no_law() -> None:
    seed = int(os.environ.get("ANJU_TORTURE_SEED") or time.time())
    command = [sys.executable, "-m", "anju.config.cli", "torture", "--kills", str(KILLS), "--seconds", "400"]
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("ANJU_", "PYTEST_", "DJANGO_", "DATABASE_URL"))}
    done = subprocess.run(
        [*command, "--seed", str(seed)], env=clean, capture_output=True, text=True, timeout=DONE_WITHIN_S, check=False
    )
    told = f"seed {seed}: python -m anju.config.cli torture --kills {KILLS} --seed {seed}"
    assert "{" in done.stdout, (told, done.stdout[-2000:], done.stderr[-3000:])
    report = json.loads(done.stdout[done.stdout.index("{") :])
    assert report["broken"] == [], told
    assert report["kills"] == KILLS
    assert report["laws"] >= 15
    for business in ("payments", "orders_paid", "runs", "events"):
        assert report["business"][business] > 0, (told, report)
    assert done.returncode == 0, told


def test_a_parents_children_are_found() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        assert child.pid in children(os.getpid())
    finally:
        child.kill()
        child.wait()
    assert child.pid not in children(os.getpid())
