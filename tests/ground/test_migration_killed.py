"""A migration that is killed half way leaves a whole state; the next run ends where an undisturbed one does."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from anju.config.backup import programs
from anju.foundation.db import roles, server
from tests.ground.product import until

NAME = f"anju_killed_{os.getpid()}"
APPLIED = "SELECT count(*) FROM django_migrations"
CONTENT = "SELECT app_label, model FROM django_content_type ORDER BY 1, 2"
RIGHTS = "SELECT count(*) FROM auth_permission"


@pytest.fixture
def empty(database_server: Path) -> Iterator[dict[str, str]]:
    """The environment of an ``anju`` command on a database without a table."""
    admin = server.dsn(database_server, database="postgres", user=server.SUPERUSER)
    roles.prepare(admin, database=NAME)
    yield {
        "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "ANJU_HOME": str(database_server),
        "DATABASE_URL": f"postgresql://anju_app@/{NAME}?host={server.find_place(database_server).sockets}",
    }  # fmt: skip
    with psycopg.connect(**admin, autocommit=True) as owner:  # type: ignore[arg-type]
        owner.execute(f'DROP DATABASE "{NAME}" WITH (FORCE)')


def applied(home: Path) -> int:
    with psycopg.connect(**server.dsn(home, database=NAME)) as connection:  # type: ignore[arg-type]
        try:
            row = connection.execute(APPLIED).fetchone()
        except psycopg.errors.UndefinedTable:
            return 0
    assert row is not None
    return int(row[0])


def schema(home: Path, database: str, folder: Path) -> str:
    """Tables, functions, rights: all but the dump's own comments and its key of the day."""
    file = folder / f"{database}.sql"
    programs.run(
        server.binaries_of(home), "pg_dump", "--schema-only", "--role=anju_owner", f"--file={file}",
        target=server.dsn(home, database=database),
    )  # fmt: skip
    return re.sub(r"(?m)^(--|\\).*\n", "", file.read_text("utf-8"))


def rows(home: Path, database: str, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(**server.dsn(home, database=database)) as connection:  # type: ignore[arg-type]
        return connection.execute(sql).fetchall()  # type: ignore[arg-type]


def test_the_next_run_completes_what_was_killed(
    empty: dict[str, str], database_server: Path, new_database: Callable[[str], str], tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "anju.config.cli", "migrate"]
    for at_least in (3, 30, 60):
        killed = subprocess.Popen(command, env=empty, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(lambda n=at_least: applied(database_server) >= n)  # type: ignore[misc]
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    done = subprocess.run(command, env=empty, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    undisturbed = new_database(f"anju_undisturbed_{os.getpid()}")
    assert schema(database_server, NAME, tmp_path) == schema(database_server, undisturbed, tmp_path)
    for sql in (CONTENT, RIGHTS):
        assert rows(database_server, NAME, sql) == rows(database_server, undisturbed, sql)
    with psycopg.connect(**server.dsn(database_server, database=NAME)) as connection:  # type: ignore[arg-type]
        connection.execute("DELETE FROM auth_permission")
        connection.execute("DELETE FROM django_content_type")  # killed after the last migration, before the listeners
    assert subprocess.run(command, env=empty, check=False, capture_output=True).returncode == 0
    assert rows(database_server, NAME, RIGHTS) == rows(database_server, undisturbed, RIGHTS)
