"""On PostgreSQL 15 too: the migrations and what the tables promise, by the system's own programs where they are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from anju.foundation.db.server_binaries import OLDEST, find_binaries

THERE = Path(f"/usr/lib/postgresql/{OLDEST}/bin")
ROOT = Path(__file__).resolve().parents[2]
OF_THIS_RUN = ("ANJU_", "PYTEST_", "DATABASE_URL", "DJANGO_")


@pytest.fixture
def oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    if not THERE.exists():
        pytest.skip(f"no PostgreSQL {OLDEST} in {THERE}")
    monkeypatch.setenv("ANJU_POSTGRES", str(THERE))


def test_the_programs_that_are_named_are_used(oldest: None) -> None:
    assert find_binaries(Path("/nonexistent")).major == OLDEST


def test_the_migrations_and_the_structural_tests_pass_on_the_oldest_postgresql(oldest: None) -> None:
    own = {key: value for key, value in os.environ.items() if not key.startswith(OF_THIS_RUN)}
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/structure", "-p", "no:xdist", "-p", "no:cacheprovider"],
        cwd=ROOT, env=own | {"ANJU_POSTGRES": str(THERE)}, capture_output=True, text=True,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
