"""What goes wrong at the start ends in one sentence, in the terminal's language, with a stable exit code."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError

from anju.config import database, environment
from anju.config.cli.exits import CODES, exit_code, foreseen
from anju.kit.refusal import declared


def anju(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command with an environment that says no more than is needed."""
    return subprocess.run(
        [sys.executable, "-m", "anju.config.cli", *arguments],
        env={"PATH": os.environ["PATH"], "ANJU_HOME": os.environ["ANJU_HOME"], "LANG": "C.UTF-8", **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def taken_port() -> int:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]  # type: ignore[misc]


def test_a_port_in_use(taken_port: int) -> None:
    ended = anju("up", PORT=str(taken_port))
    assert ended.returncode == 10
    assert (
        ended.stderr
        == f"端口 {taken_port} 已被占用。请关闭占用它的程序，或换一个端口：PORT={taken_port + 1} make demo。\n"
    )


def test_a_port_in_use_in_english(taken_port: int) -> None:
    ended = anju("up", PORT=str(taken_port), LANG="en_US.UTF-8")
    assert ended.returncode == 10
    assert ended.stderr.startswith(f"Port {taken_port} is in use.")


def test_a_port_that_is_no_number() -> None:
    assert anju("up", PORT="eighty").returncode == 10


def test_an_address_of_a_database_that_is_none() -> None:
    ended = anju("migrate", DATABASE_URL="postgres:/nowhere")
    assert ended.returncode == 12
    assert ended.stderr.count("\n") == 1


def test_a_database_that_does_not_answer_keeps_the_password_to_itself() -> None:
    ended = anju("migrate", DATABASE_URL="postgresql://anju_app:geheim@127.0.0.1:9/anju")
    assert ended.returncode == 12
    assert "127.0.0.1:9/anju" in ended.stderr
    assert "geheim" not in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_role_that_is_not_the_applications(database_server: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sockets = database_server / "postgres"
    monkeypatch.setenv("DATABASE_URL", f"postgresql://postgres@/anju?host={sockets}")
    with pytest.raises(Exception, match="wrong_role") as refused:
        database.check(database_server)
    assert exit_code(refused.value) == 12  # type: ignore[arg-type]


def test_a_disk_that_fills_up_while_running() -> None:
    full = OperationalError()
    full.__cause__ = psycopg.errors.DiskFull()
    for error in (OSError(errno.ENOSPC, "no space"), full):
        refused = foreseen(error)
        assert refused is not None
        assert exit_code(refused) == 11


def test_a_home_that_may_not_be_written() -> None:
    denied = PermissionError(errno.EACCES, "denied", str(environment.home() / "logs"))
    refused = foreseen(denied)
    assert refused is not None
    assert exit_code(refused) == 17


def test_a_mistake_of_ours_is_not_dressed_up() -> None:
    assert foreseen(ZeroDivisionError()) is None


def test_every_code_has_its_sentence() -> None:
    assert set(CODES) <= set(declared())
