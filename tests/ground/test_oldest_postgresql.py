"""On PostgreSQL 15 too: the migrations and what the tables promise, by the system's own programs where they are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from anju.foundation.db.server_binaries import OLDEST, find_binaries

ROOT = Path(__file__).resolve().parents[2]
OF_THIS_RUN = ("ANJU_", "PYTEST_", "DATABASE_URL", "DJANGO_")


def test_the_programs_that_are_named_are_used(oldest: Path) -> None:
    assert find_binaries(Path("/nonexistent")).major == OLDEST


def test_the_migrations_and_the_structural_tests_pass_on_the_oldest_postgresql(oldest: Path) -> None:
    own = {key: value for key, value in os.environ.items() if not key.startswith(OF_THIS_RUN)}
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/structure", "-p", "no:xdist", "-p", "no:cacheprovider"],
        cwd=ROOT, env=own | {"ANJU_POSTGRES": str(oldest)}, capture_output=True, text=True,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
