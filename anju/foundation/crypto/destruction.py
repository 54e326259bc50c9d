"""Destroying keys, for good.

A backup taken before a destruction still holds the key. So each destruction is written twice: in the database, and in
a file beside it that backups of the database do not touch; after a restore :func:`reconcile_destructions` replays it.
A record names the key by the hash of its wrapped form: a key made later for the same person is never hit.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from anju.foundation.crypto.persons import CLASSES, KeyClass
from anju.foundation.db import fetch, org_scope, scoped_org

DESTROY = """
WITH gone AS (
    DELETE FROM person_key WHERE person_id = %(person)s AND cls = ANY(%(classes)s::text[])
    RETURNING person_id, cls, sha256(wrapped) AS key_sha256)
INSERT INTO key_destruction (person_id, cls, key_sha256, reason, destroyed_at)
SELECT person_id, cls, key_sha256, %(reason)s, now() FROM gone
RETURNING person_id, cls, encode(key_sha256, 'hex') AS key_sha256, reason
"""
REPLAY = """
WITH records AS (
    SELECT * FROM unnest(%(persons)s::bigint[], %(classes)s::text[], %(keys)s::bytea[], %(reasons)s::text[])
        AS r(person_id, cls, key_sha256, reason)),
gone AS (
    DELETE FROM person_key k USING records r
    WHERE k.person_id = r.person_id AND k.cls = r.cls AND sha256(k.wrapped) = r.key_sha256 RETURNING k.id),
noted AS (
    INSERT INTO key_destruction (person_id, cls, key_sha256, reason, destroyed_at)
    SELECT person_id, cls, key_sha256, reason, now() FROM records
    ON CONFLICT (org_id, key_sha256) DO NOTHING RETURNING id)
SELECT (SELECT count(*) FROM gone) AS destroyed, (SELECT count(*) FROM noted) AS noted
"""


def destroy_person_keys(person_id: int, classes: Iterable[KeyClass] = CLASSES, *, reason: str = "") -> int:
    """Destroy a person's keys; everything sealed under them is gone, in every copy. Call it inside an action.

    Args:
        person_id: whose.
        classes: which classes; all three if left out.
        reason: a code (``retention``, ``erasure_request``), never a personal value.

    Returns:
        how many keys there were.
    """
    gone = fetch(DESTROY, {"person": person_id, "classes": list(classes), "reason": reason})
    org = scoped_org()
    # After the commit: a record of a destruction that was rolled back would destroy a living key at the next replay.
    transaction.on_commit(lambda: _note({"org": org, **row} for row in gone))
    return len(gone)


def record_file() -> Path:
    """The file of destructions, one JSON object a line; ids and hashes only."""
    return Path(settings.HOME) / "destroyed-keys.jsonl"


def merge_records(source: Path, target: Path) -> int:
    """Add to one file of destructions what another knows; returns how many lines were new."""
    known = {(r["org"], r["key_sha256"]) for r in _read(target)}
    new = [r for r in _read(source) if (r["org"], r["key_sha256"]) not in known]
    _append(target, new)
    return len(new)


def reconcile_destructions(org_ids: Iterable[int]) -> int:
    """Make file and database agree, at every start and after every restore.

    Keys that the file calls destroyed are destroyed again; destructions only the database knows are added to the file.

    Args:
        org_ids: the organizations to look after.

    Returns:
        how many keys had come back and were destroyed again.
    """
    by_org: dict[int, list[dict[str, Any]]] = {}
    for record in _records():
        by_org.setdefault(record["org"], []).append(record)
    destroyed = 0
    for org in org_ids:
        known = by_org.get(org, [])
        with org_scope(org):
            destroyed += _replay(known) if known else 0
            hashes = {r["key_sha256"] for r in known}
            rows = fetch("SELECT person_id, cls, encode(key_sha256, 'hex') AS key_sha256, reason FROM key_destruction")
            _note({"org": org, **row} for row in rows if row["key_sha256"] not in hashes)
    return destroyed


def _replay(records: list[dict[str, Any]]) -> int:
    counts = fetch(
        REPLAY,
        {
            "persons": [r["person_id"] for r in records],
            "classes": [r["cls"] for r in records],
            "keys": [bytes.fromhex(r["key_sha256"]) for r in records],
            "reasons": [r["reason"] for r in records],
        },
    )[0]
    return int(counts["destroyed"])


def _records() -> Iterator[dict[str, Any]]:
    yield from _read(record_file())


def _read(path: Path) -> Iterator[dict[str, Any]]:
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        # A half-written last line is a crash while noting; the database still has that record and adds it again.
        if line.endswith("}"):
            yield json.loads(line)


def _note(records: Iterable[dict[str, Any]]) -> None:
    told = list(records)
    _append(record_file(), told)
    if settings.RECORDS_COPY is not None:
        _append(settings.RECORDS_COPY / record_file().name, told)


def _append(path: Path, records: list[dict[str, Any]]) -> None:
    lines = [json.dumps(r, ensure_ascii=False, sort_keys=True) for r in records]
    if not lines:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write("".join(f"\n{line}\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())
