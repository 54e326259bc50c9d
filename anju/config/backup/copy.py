"""``anju backup DEST``: one consistent copy of database and files while the product runs, without a key in it.

DEST/manifest.json   what it is: when, which version, rows of every table
DEST/SHA256SUMS      of everything else in it
DEST/database/       pg_dump's directory format, without the rows of person_key
DEST/files/          as stored: encrypted
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from anju import __version__
from anju.config import database
from anju.config.backup import keyring, programs, sums
from anju.config.backup.refusals import KEYS_INSIDE, NOT_A_BACKUP, NOT_EMPTY, OWN_TOOLS
from anju.config.backup.sums import Report
from anju.foundation.db.roles import OWNER
from anju.foundation.db.server_binaries import Binaries

MANIFEST, DATABASE, FILES = "manifest.json", "database", "files"
WITHOUT_ROWS = "person_key"
TABLES = """
SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
AND NOT c.relispartition ORDER BY 1
"""
# What later patches of a version keep beside columns, others write into the copy, where no server takes it.
BESIDE_COLUMNS = """
SELECT DISTINCT split_part(option, '=', 1) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
CROSS JOIN LATERAL unnest(a.attoptions) AS option
WHERE c.relnamespace = 'public'::regnamespace AND option NOT LIKE 'n\\_distinct%' ORDER BY 1
"""
DUMPING = re.compile(r'dumping contents of table "public\.(\w+)"')


@dataclass
class Manifest:
    """What a backup says of itself. ``last_person_key`` is the highest number its snapshot saw."""

    stamp: str
    taken_at: str
    version: str = __version__
    server: int = 0
    migrations: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    last_person_key: int = 0
    format: int = 1

    def write(self, folder: Path) -> None:
        """Write it last: a folder without it is no backup."""
        text = json.dumps(asdict(self), indent=1, sort_keys=True) + "\n"
        (folder / MANIFEST).write_text(text, encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Raises: Refused: ``restore.not_a_backup``."""
        try:
            found = json.loads((folder / MANIFEST).read_text("utf-8"))
            return cls(**found)
        except (OSError, ValueError, TypeError):
            raise NOT_A_BACKUP(place=folder, name=MANIFEST) from None


def back_up(home: Path, dest: Path, keys: Path, steps: Any) -> Manifest:
    """Make one backup. The database answers already.

    Args:
        home: ANJU_HOME.
        dest: a folder that does not exist; it appears when everything is in it.
        keys: the folder of keys, elsewhere; it lives on from backup to backup.
        steps: ``step(title zh, title en)`` gives a context with a report.

    Raises:
        Refused: ``backup.*``.
    """
    check_places(dest, keys)
    fresh = dest.with_name(dest.name + ".part")
    shutil.rmtree(fresh, ignore_errors=True)  # of a backup that was killed
    fresh.mkdir(parents=True, mode=0o700)
    keyring.make(keys)
    keyring.keep_secrets(home, keys)
    with snapshot(home) as (connection, name):
        manifest = _facts(connection)
        keyring.export(connection, keys, manifest.stamp)
        with steps("导出数据库", "Dumping the database") as report:
            _dump(home, connection, name, fresh / DATABASE, report)
        with steps("清点各表行数", "Counting rows") as report:
            manifest.rows = count_rows(connection, report)
    # After the snapshot: a row's file was there before the row, so none is missing that the rows name.
    with steps("复制文件", "Copying files") as report:
        sums.copy_tree(home / FILES, fresh / FILES, report)
    with steps("计算校验值", "Summing up") as report:
        sums.write_sums(fresh, report)
    manifest.write(fresh)
    os.sync()
    fresh.rename(dest)
    keyring.expire(keys)
    return manifest


def check_places(dest: Path, keys: Path) -> None:
    """A new place for the data, another for the keys."""
    if dest.exists():
        raise NOT_EMPTY(place=dest)
    one, other = dest.resolve(), keys.resolve()
    if one == other or one in other.parents or other in one.parents:
        raise KEYS_INSIDE(keys=keys, place=dest)


@contextmanager
def snapshot(home: Path) -> Iterator[tuple[psycopg.Connection[Any], str]]:
    """One moment of the database, as its owner (who sees every organization), and the name others join it by."""
    with as_owner(home) as connection, connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        yield connection, row[0]


@contextmanager
def as_owner(home: Path) -> Iterator[psycopg.Connection[Any]]:
    """A connection that acts as the tables' owner and may be idle as long as it takes."""
    target = database.parameters(home)
    try:
        connection = psycopg.connect(**target, autocommit=True)
    except psycopg.OperationalError as error:
        raise database.unreachable(target, error) from None
    with connection:
        connection.execute("SET idle_in_transaction_session_timeout = 0")
        connection.execute(f'SET ROLE "{OWNER}"')
        yield connection


def count_rows(connection: psycopg.Connection[Any], report: Report) -> dict[str, int]:
    """How many rows each table has, in the connection's snapshot."""
    names = [row[0] for row in connection.execute(TABLES)]
    found = {}
    for n, name in enumerate(names, 1):
        row = connection.execute(f'SELECT count(*) FROM public."{name}"').fetchone()
        found[name] = row[0] if row else 0
        report(n, len(names), name)
    return found


def _facts(connection: psycopg.Connection[Any]) -> Manifest:
    now = datetime.now(UTC)
    last = connection.execute("SELECT coalesce(max(id), 0) FROM person_key").fetchone()
    applied = connection.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1").fetchall()
    return Manifest(
        stamp=now.strftime("%Y%m%dT%H%M%SZ"),
        taken_at=now.isoformat(timespec="seconds"),
        server=connection.info.server_version,
        migrations=[row[0] for row in applied],
        last_person_key=last[0] if last else 0,
    )


def fitting_tools(connection: psycopg.Connection[Any]) -> Binaries:
    """The programs that copy this server.

    Raises:
        Refused: ``backup.old_tools``, ``backup.own_tools``, ``server.no_binaries``.
    """
    version = connection.info.server_version
    found = programs.tools(version)
    if found.major != version // 10000 and (unknown := connection.execute(BESIDE_COLUMNS).fetchall()):
        raise OWN_TOOLS(server=version // 10000, tools=found.major, what=", ".join(row[0] for row in unknown))
    return found


def _dump(home: Path, connection: psycopg.Connection[Any], name: str, folder: Path, report: Report) -> None:
    row = connection.execute(f"SELECT count(*) FROM ({TABLES}) AS all_of_them").fetchone()
    total, done = row[0] if row else 0, 0

    def said(line: str) -> None:
        nonlocal done
        if found := DUMPING.search(line):
            done += 1
            report(min(done, total), max(done, total), found.group(1))

    programs.run(
        fitting_tools(connection), "pg_dump",
        "--verbose", "--format=directory", f"--jobs={max(1, min(4, os.cpu_count() or 1))}", "--compress=1",
        f"--role={OWNER}", f"--snapshot={name}", f"--exclude-table-data=public.{WITHOUT_ROWS}", f"--file={folder}",
        target=database.parameters(home), said=said,
    )  # fmt: skip
