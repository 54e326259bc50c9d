"""Putting things into the index, many at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pypinyin import Style, lazy_pinyin

from anju.foundation.crypto import blind_index, tail_index
from anju.foundation.db import run_sql
from anju.foundation.search.shape import fold_key

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to find.

    Args:
        kind, subject_id: what it is; a second entry for it replaces the first.
        scope_id: the project whose staff find it; None for those who see all projects.
        title: what the answer shows first.
        handle: what tells it from its namesakes: lease number · phone tail.
        detail: a second line (project, room).
        names: texts that are also found by pinyin and initials.
        codes: numbers and codes found by their beginning, whole or from any dash (HZ25-0412, 3-1-1208).
        phones: plain numbers; only their blind indexes are kept.
        phone_blinds, tail_blinds: ready-made blind indexes, where the number itself is not at hand.
        words: further text to find it by.
    """

    kind: str
    subject_id: int
    scope_id: int | None
    title: str
    handle: str = ""
    detail: str = ""
    names: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    phone_blinds: tuple[bytes, ...] = ()
    tail_blinds: tuple[bytes, ...] = ()
    words: str = ""


def index(entries: Iterable[Entry]) -> int:
    """Add or replace entries in the organization in scope; returns how many. Actions call it in their transaction."""
    rows, count = iter(entries), 0
    while part := [as_row(e) for e in islice(rows, CHUNK)]:
        run_sql("SELECT search_index(%(rows)s::jsonb)", {"rows": json.dumps(part, ensure_ascii=False)})
        count += len(part)
    return count


def remove(kind: str, subject_ids: Sequence[int]) -> None:
    """Take things out of the index (erasure, deletion)."""
    run_sql("SELECT search_remove(%(kind)s, %(ids)s::bigint[])", {"kind": kind, "ids": list(subject_ids)})


def as_row(entry: Entry) -> dict[str, Any]:
    """An entry as ``search_index`` reads it; ``keys`` are folded, blind indexes hexadecimal behind ``#p``, ``#t``."""
    return {
        "kind": entry.kind,
        "subject_id": entry.subject_id,
        "scope_id": entry.scope_id,
        "title": entry.title,
        "handle": entry.handle,
        "detail": entry.detail,
        "words": " ".join(filter(None, (entry.title, entry.handle, entry.detail, *entry.names, entry.words))).lower(),
        "keys": sorted(set(_keys(entry))),
    }


def _keys(entry: Entry) -> Iterator[str]:
    for name in entry.names:
        yield from pinyin_keys(name)
    for code in entry.codes:
        yield from code_keys(code)
    for phone in entry.phones:
        yield phone_key(blind_index("phone", phone))
        yield tail_key(tail_index("phone", phone))
    yield from map(phone_key, entry.phone_blinds)
    yield from map(tail_key, entry.tail_blinds)


def pinyin_keys(name: str) -> set[str]:
    """王芳 → wangfang, wf. A name without Chinese characters is its own key."""
    full = fold_key("".join(lazy_pinyin(name)))
    initials = fold_key("".join(lazy_pinyin(name, style=Style.FIRST_LETTER)))
    return {k for k in (full, initials) if len(k) >= 2}


def code_keys(code: str) -> set[str]:
    """HZ25-0412 → hz250412, 0412; 3-1-1208 → 311208, 11208, 1208."""
    parts = [p for p in code.replace("—", "-").replace("/", "-").split("-") if p]
    return {k for i in range(len(parts)) if len(k := fold_key("".join(parts[i:]))) >= 2}


def phone_key(blind: bytes) -> str:
    """The key of a whole phone's blind index."""
    return f"#p{blind.hex()}"


def tail_key(blind: bytes) -> str:
    """The key of a phone tail's blind index."""
    return f"#t{blind.hex()}"
