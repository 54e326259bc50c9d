"""The folder of keys, apart from the data: what opens personal data, and what must not open it again.

    master.key, django.secret   this installation's, written once and never changed
    destroyed-keys.jsonl        every destruction known to anybody who backed up into this folder
    person-keys/STAMP.copy.gz   wrapped personal keys at one backup, kept 30 days

A personal key that is destroyed must be gone from every copy some day: so these are short-lived, and the data's
backups, which may be kept for years, hold none. Any later copy serves an older backup, too: keys only ever get fewer.
"""

from __future__ import annotations

import gzip
import os
import time
from pathlib import Path
from typing import Any

import psycopg

from anju.config.backup.refusals import NO_PERSON_KEYS, OTHER_KEYS
from anju.config.backup.sums import copy_file
from anju.foundation.crypto import destruction

SECRETS = ("master.key", "django.secret")
DESTROYED = "destroyed-keys.jsonl"
PERSON_KEYS = "person-keys"
KEEP_DAYS = 30
DAY_S = 86_400
OUT = "COPY (SELECT id, org_id, person_id, cls, wrapped, created_at FROM person_key ORDER BY id) TO STDOUT (FORMAT csv)"
STAGE = "CREATE TEMP TABLE coming (LIKE person_key) ON COMMIT DROP"
IN = "COPY coming (id, org_id, person_id, cls, wrapped, created_at) FROM STDIN (FORMAT csv)"
KEEP = """
INSERT INTO person_key (id, org_id, person_id, cls, wrapped, created_at) OVERRIDING SYSTEM VALUE
SELECT id, org_id, person_id, cls, wrapped, created_at FROM coming WHERE id <= %(last)s
"""
GO_ON = """
SELECT setval(pg_get_serial_sequence('person_key', 'id'), greatest(nextval(pg_get_serial_sequence('person_key', 'id')),
              (SELECT coalesce(max(id), 1) FROM person_key)))
"""


def make(folder: Path) -> None:
    """The folder and what is in it, for us alone."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / PERSON_KEYS).mkdir(exist_ok=True, mode=0o700)


def keep_secrets(home: Path, folder: Path) -> None:
    """Copy master key and secret once, and bring the list of destructions up to date.

    Raises:
        Refused: ``backup.other_keys``: the folder belongs to another installation.
    """
    for name in SECRETS:
        if not (home / name).exists():
            continue  # given by the environment: whoever gave it keeps it
        if not (folder / name).exists():
            copy_file(home / name, folder / name)
        elif (folder / name).read_bytes() != (home / name).read_bytes():
            raise OTHER_KEYS(keys=folder, name=name)
    destruction.merge_records(home / DESTROYED, folder / DESTROYED)


def bring_secrets(folder: Path, home: Path) -> None:
    """The other way, into an installation without data.

    Raises:
        Refused: ``backup.other_keys``: it has a master key already, and another one.
    """
    master, secret = SECRETS
    if (folder / master).exists() and (home / master).exists():
        if (folder / master).read_bytes() != (home / master).read_bytes():
            raise OTHER_KEYS(keys=folder, name=master)
    elif (folder / master).exists():
        copy_file(folder / master, home / master)
    if (folder / secret).exists():
        copy_file(folder / secret, home / secret)
    bring_destructions(folder, home)


def bring_destructions(source: Path, home: Path) -> None:
    """What anybody knows to be destroyed is destroyed again at the next start."""
    destruction.merge_records(source / DESTROYED, home / DESTROYED)


def export(connection: psycopg.Connection[Any], folder: Path, stamp: str) -> None:
    """Write the wrapped personal keys that the connection's snapshot sees."""
    fresh = folder / PERSON_KEYS / f".{stamp}.part"
    with (
        open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file,
        gzip.GzipFile(fileobj=file, mode="wb", compresslevel=1, mtime=0) as out,
        connection.cursor().copy(OUT) as rows,
    ):
        for block in rows:
            out.write(block)
    fresh.replace(copy_of(folder, stamp))


def expire(folder: Path, now: float | None = None) -> int:
    """Remove copies older than 30 days; returns how many."""
    before = (time.time() if now is None else now) - KEEP_DAYS * DAY_S
    old = [path for path in (folder / PERSON_KEYS).glob("*.copy.gz") if path.stat().st_mtime < before]
    for path in old:
        path.unlink()
    return len(old)


def copy_of(folder: Path, stamp: str) -> Path:
    """The copy of one backup."""
    return folder / PERSON_KEYS / f"{stamp}.copy.gz"


def fitting(folder: Path, stamp: str) -> Path:
    """The newest copy that was made with this backup or after it: it lacks what was destroyed since.

    Raises:
        Refused: ``restore.no_person_keys``.
    """
    found = sorted((folder / PERSON_KEYS).glob("*.copy.gz"))
    if not found or found[-1] < copy_of(folder, stamp):
        raise NO_PERSON_KEYS(keys=folder)
    return found[-1]


def load(connection: psycopg.Connection[Any], source: Path, *, last: int) -> int:
    """Bring the keys that the backup's own snapshot may have seen; returns how many.

    Numbers are given in order and a person has his before his key: what is left out belongs to persons made after the
    backup, whose numbers will be given again to others.
    """
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(STAGE)
        with gzip.open(source, "rb") as read, cursor.copy(IN) as rows:
            while block := read.read(1024 * 1024):
                rows.write(block)
        cursor.execute(KEEP, {"last": last})
        kept = cursor.rowcount
        cursor.execute(GO_ON)
    return kept
