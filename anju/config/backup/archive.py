"""The embedded server's log, archived as it is written, and base copies from which any moment comes back.

    ANJU_WAL_ARCHIVE/wal/    every finished piece of the log, compressed; one a minute while anything is written
    ANJU_WAL_ARCHIVE/base/STAMP/copy/, base.json    the server's data, copied while it runs
    ANJU_WAL_ARCHIVE/files/  as stored: encrypted
    ANJU_WAL_ARCHIVE/destroyed-keys.jsonl           every destruction, as it happens

Wrapped personal keys are in the log, as everything is: so the archive is short-lived, 30 days like the other copies of
those keys.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from anju import __version__
from anju.config import environment
from anju.config.backup import keyring, programs, sums
from anju.config.backup.copy import FILES
from anju.config.backup.refusals import BAD_ARCHIVE, KEYS_INSIDE, NO_ARCHIVE
from anju.foundation.db import server
from anju.foundation.db.server_binaries import find_binaries
from anju.foundation.db.server_place import account, find_place, make_home, open_to_others, own_folder
from anju.foundation.db.server_tuning import quoted

WAL, BASES, COPY, FACTS = "wal", "base", "copy", "base.json"
STARTS_AT = re.compile(r"START WAL LOCATION: \S+ \(file (\w+)\)")
PER_CENT = re.compile(r"\((\d+)%\)")
# Whole under its name or not at all; what is there already must be the same (the server repeats itself after a crash).
# gzip -n: the same piece gives the same bytes.
PUT = (
    "set -e; if [ -f {wal}/%f.gz ]; then gzip -dc {wal}/%f.gz | cmp -s - %p; else "
    "gzip -1nc %p > {wal}/.%f.part; mv {wal}/.%f.part {wal}/%f.gz; fi"
)
GET = "gzip -dc {wal}/%f.gz > %p"


def server_settings() -> dict[str, str]:
    """What the embedded server needs to archive; nothing when ``ANJU_WAL_ARCHIVE`` is not set."""
    place = environment.wal_archive()
    if place is None:
        return {}
    prepare(place)
    command = PUT.format(wal=_shell(place / WAL))
    return {"archive_mode": "on", "archive_command": quoted(command), "archive_timeout": "60s"}


def recovery_settings(place: Path, until: datetime | None) -> dict[str, str]:
    """What a server needs to replay the archive, up to a moment or to its end, and to be closed to all meanwhile."""
    settings = {
        "archive_mode": "off",
        "restore_command": quoted(GET.format(wal=_shell(place / WAL))),
        "recovery_target_timeline": "'latest'",
        "recovery_target_action": "'promote'",
        "hot_standby": "off",
    }
    return settings if until is None else settings | {"recovery_target_time": quoted(until.isoformat(sep=" "))}


def prepare(place: Path) -> None:
    """Make the archive where the server, which may run as somebody else, can write its log."""
    owner = account()
    name = "" if owner is None else owner.pw_name
    if set(str(place)) & set("'\"%\n\r\\"):
        raise BAD_ARCHIVE(place=place, user=name)
    make_home(place)
    if owner is not None and not open_to_others(place):
        raise BAD_ARCHIVE(place=place, user=name)
    own_folder(place / WAL, owner)


def base_copy(home: Path, keys: Path, steps: Any) -> Path:
    """Copy the running server's data into the archive, bring its files up to date, remove what is too old.

    Raises:
        Refused: ``archive.off``: not set, or set after the server was started.
    """
    place = environment.wal_archive()
    if place is None or not _archiving(home):
        raise NO_ARCHIVE()
    if keys.resolve() == place.resolve() or place.resolve() in keys.resolve().parents:
        raise KEYS_INSIDE(keys=keys, place=place)
    began = datetime.now(UTC)
    stamp = began.strftime("%Y%m%dT%H%M%SZ")
    (place / BASES).mkdir(exist_ok=True, mode=0o700)
    fresh = place / BASES / f".{stamp}.part"
    for left in (place / BASES).glob(".*.part"):  # of a copy that was killed
        shutil.rmtree(left)
    with steps("复制数据库", "Copying the database") as report:
        _copy_server(home, fresh / COPY, report)
    ended = datetime.now(UTC)
    with steps("复制文件", "Copying files") as report:
        sums.copy_tree(home / FILES, place / FILES, report)
    keyring.make(keys)
    keyring.keep_secrets(home, keys)
    facts = {"began": began.isoformat(), "ended": ended.isoformat(), "version": __version__}
    (fresh / FACTS).write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    os.sync()
    fresh.rename(place / BASES / stamp)
    expire(place)
    return place / BASES / stamp


def bases(place: Path) -> list[tuple[datetime, Path]]:
    """The base copies with the moment from which on each can serve, oldest first."""
    found = []
    for folder in sorted((place / BASES).glob("*Z")):
        facts = json.loads((folder / FACTS).read_text("utf-8"))
        found.append((datetime.fromisoformat(facts["ended"]), folder))
    return found


def expire(place: Path, now: float | None = None) -> int:
    """Remove base copies older than 30 days, except the newest, and the log that none of the others needs."""
    before = (time.time() if now is None else now) - keyring.KEEP_DAYS * keyring.DAY_S
    there = bases(place)
    old = [folder for ended, folder in there[:-1] if ended.timestamp() < before]
    for folder in old:
        shutil.rmtree(folder)
    kept = [folder for _, folder in there if folder not in old]
    if kept:
        label = (kept[0] / COPY / "backup_label").read_text("utf-8")
        first = STARTS_AT.search(label)
        assert first is not None
        programs.run(find_binaries(kept[0] / COPY), "pg_archivecleanup", "-x", ".gz", str(place / WAL), first.group(1))
    return len(old)


def _copy_server(home: Path, target: Path, report: sums.Report) -> None:
    def said(line: str) -> None:
        if found := PER_CENT.search(line):
            report(int(found.group(1)), 100, "")

    binaries = server.binaries_of(home)
    superuser = server.dsn(home, database="postgres", user=server.SUPERUSER)
    target.parent.mkdir(parents=True, mode=0o700)
    programs.run(
        binaries, "pg_basebackup", "--pgdata", str(target), "--format=plain", "--wal-method=stream",
        "--checkpoint=fast", "--progress", target=superuser, said=said,
    )  # fmt: skip
    programs.run(binaries, "pg_verifybackup", "--quiet", str(target))


def _archiving(home: Path) -> bool:
    import psycopg

    superuser = server.dsn(home, database="postgres", user=server.SUPERUSER)
    with psycopg.connect(**superuser) as connection:  # type: ignore[arg-type]
        row = connection.execute("SELECT current_setting('archive_mode')").fetchone()
    return row == ("on",) and find_place(home).initialised


def _shell(path: Path) -> str:
    return f'"{path}"'
