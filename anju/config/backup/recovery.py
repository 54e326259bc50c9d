"""``anju restore``: a backup, or a moment of the archive, into an empty installation; then all is checked.

While it works a mark lies in ANJU_HOME, and nothing else starts there: a restore that was killed begins anew.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from anju.config import database
from anju.config.backup import archive, keyring, programs, sums
from anju.config.backup.copy import DATABASE, FILES, TABLES, WITHOUT_ROWS, Manifest, as_owner, count_rows
from anju.config.backup.refusals import (
    EMBEDDED_ONLY,
    NEWER,
    NO_ZONE,
    NOT_A_BACKUP,
    NOT_REACHED,
    OCCUPIED,
    ROWS_DIFFER,
    TOO_EARLY,
    UNFINISHED,
)  # fmt: skip
from anju.foundation.db import server
from anju.foundation.db.roles import OWNER
from anju.foundation.db.server_binaries import find_binaries
from anju.foundation.db.server_place import account, find_place, make_home
from anju.kit.refusal import Refused

MARK = "restore.unfinished"
# What programs from this version on tell every server, and what servers before it refuse.
TELLS_SINCE, TOLD = 17, b"SET transaction_timeout = 0;"


def refuse_unfinished(home: Path) -> None:
    """Nothing starts on half a restore.

    Raises:
        Refused: ``restore.unfinished``.
    """
    if (home / MARK).exists():
        raise UNFINISHED(source=(home / MARK).read_text("utf-8").strip())


@contextmanager
def unfinished(home: Path, source: Path) -> Iterator[None]:
    """From here to the end of the block the installation is not to be used; it stays so when the block fails."""
    make_home(home)
    (home / MARK).write_text(f"{source}\n", encoding="utf-8")
    yield
    (home / MARK).unlink()


def check_version(manifest: Manifest) -> None:
    """Refuse what a newer version has made, with ``restore.newer``. Django is ready."""
    from django.apps import apps
    from django.db.migrations.loader import MigrationLoader

    ours = {config.label for config in apps.get_app_configs()}
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    for name in manifest.migrations:
        if name not in known and name.partition(".")[0] in ours:  # of apps that are no more nobody asks
            raise NEWER(version=manifest.version, name=name)


def check_empty(home: Path, *, of_server: bool = False) -> None:
    """Refuse a home that holds anybody's files or, for a base copy, an embedded database."""
    if (home / FILES).is_dir() and any((home / FILES).iterdir()):
        raise OCCUPIED(place=home / FILES)
    if of_server and find_place(home).initialised:
        raise OCCUPIED(place=find_place(home).data)


def check_database_empty(home: Path) -> None:
    """Refuse a database that holds anything."""
    with as_owner(home) as connection:
        if connection.execute(TABLES).fetchone():
            raise OCCUPIED(place=str(connection.info.dbname))


def clear_database(home: Path) -> None:
    """Remove what an unfinished restore has left."""
    with as_owner(home) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
        connection.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")


def bring_database(home: Path, source: Path, manifest: Manifest, keys: Path | None, steps: Any) -> None:
    """Load the dump and the personal keys, and compare the number of rows of every table."""
    with steps("恢复数据库", "Restoring the database") as report:
        _load_dump(home, source / DATABASE, len(manifest.rows), report)
    with as_owner(home) as connection:
        if keys is not None:
            keyring.load(connection, keyring.fitting(keys, manifest.stamp), last=manifest.last_person_key)
        with steps("核对各表行数", "Comparing rows") as report:
            found = count_rows(connection, report)
    for table, wanted in manifest.rows.items():
        if found.get(table) != wanted and table != WITHOUT_ROWS:  # of those fewer come back, on purpose
            raise ROWS_DIFFER(table=table, wanted=wanted, found=found.get(table, 0))


def bring_files(source: Path, home: Path, steps: Any) -> None:
    """Stored files into the home."""
    with steps("恢复文件", "Restoring files") as report:
        sums.copy_tree(source / FILES, home / FILES, report)


def moment(text: str) -> datetime:
    """A time with its zone.

    Raises:
        Refused: ``restore.no_zone``.
    """
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise NO_ZONE(value=text) from None
    if at.tzinfo is None:
        raise NO_ZONE(value=text)
    return at


def base_for(place: Path, until: datetime | None) -> Path:
    """The newest base copy from which that moment can be reached.

    Raises:
        Refused: ``restore.embedded_only``, ``restore.not_a_backup``, ``restore.too_early``.
    """
    if database.external_url() is not None:
        raise EMBEDDED_ONLY()
    there = archive.bases(place) if (place / archive.BASES).is_dir() else []
    if not there:
        raise NOT_A_BACKUP(place=place, name=archive.BASES)
    fitting = [folder for ended, folder in there if until is None or ended <= until]
    if not fitting:
        raise TOO_EARLY(at=until, place=place, first=there[0][0].isoformat(sep=" ", timespec="seconds"))
    return fitting[-1]


def lay_down(home: Path, base: Path, steps: Any) -> None:
    """Put a base copy where the embedded server keeps its data, ready to replay the log; checked, whole, its own."""
    place = find_place(home)
    programs.run(find_binaries(base / archive.COPY), "pg_verifybackup", "--quiet", str(base / archive.COPY))
    shutil.rmtree(place.data, ignore_errors=True)
    fresh = place.data.with_name(place.data.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    make_home(fresh.parent)
    with steps("恢复数据库", "Restoring the database") as report:
        sums.copy_tree(base / archive.COPY, fresh, report)
    _empty_folders(base / archive.COPY, fresh)
    (fresh / "recovery.signal").touch()
    _give_to_server(fresh)
    fresh.rename(place.data)


def replay(home: Path, settings: Mapping[str, str], steps: Any) -> None:
    """Start the server, which replays the log and then stands on a line of its own; stop it again.

    Raises:
        Refused: ``restore.not_reached`` when the log ends before the moment.
    """
    try:
        with steps("重放数据库日志", "Replaying the log"), server.running(home, settings, within_s=24 * 3600.0):
            pass
    except Refused as refused:
        if "before configured recovery target was reached" in refused.text("en"):
            raise NOT_REACHED() from None
        raise


def missing_files(home: Path) -> int:
    """How many stored files the database names that are not there."""
    with as_owner(home) as connection, connection.transaction(), connection.cursor("places") as cursor:
        cursor.execute("SELECT place FROM stored_file WHERE removed_at IS NULL")
        return sum(not (home / FILES / place).is_file() for (place,) in cursor)


def _load_dump(home: Path, folder: Path, total: int, report: sums.Report) -> None:
    done = 0

    def said(line: str) -> None:
        nonlocal done
        if "processing data for table" in line:
            done += 1
            report(min(done, total), total, line.rpartition(".")[2].strip('"'))

    target = database.parameters(home)
    with psycopg.connect(**target) as connection:
        version = connection.info.server_version
    tools = programs.tools(version, reads=folder)
    if version // 10000 < TELLS_SINCE <= tools.major:
        arguments = ("--verbose", f"--role={OWNER}", str(folder))
        programs.restore_by_script(tools, *arguments, target=target, without=TOLD, said=said)
        return
    programs.run(
        tools, "pg_restore", "--verbose", "--exit-on-error", f"--role={OWNER}",
        f"--jobs={max(1, min(4, os.cpu_count() or 1))}", str(folder), target=target, said=said,
    )  # fmt: skip


def _empty_folders(source: Path, target: Path) -> None:
    """pg_basebackup keeps folders that are empty; copying files does not."""
    for place, folders, _ in os.walk(source):
        for name in folders:
            (target / Path(place).relative_to(source) / name).mkdir(parents=True, exist_ok=True, mode=0o700)


def _give_to_server(folder: Path) -> None:
    owner = account()
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
        if owner is not None:
            os.chown(path, owner.pw_uid, owner.pw_gid)
