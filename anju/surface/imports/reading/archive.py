"""Is a zipped workbook safe to unpack? Looked at from outside, then by counting what really comes out."""

from __future__ import annotations

import zipfile
import zlib
from itertools import pairwise
from pathlib import Path

from anju.surface.imports.reading.refusals import BOMB, BROKEN, NOT_A_TABLE, PASSWORD

MAX_ENTRIES = 4000
MAX_UNPACKED = 900 * 1024 * 1024
MAX_RATIO = 120  # a workbook of equal rows reaches about 60; a bomb has 1,000
RATIO_FROM = 20 * 1024 * 1024  # small entries may be as dense as they like
CHUNK = 1 << 20


def check(path: Path) -> None:
    """Refuse a zip that is a bomb, encrypted, damaged, or no workbook.

    Declared sizes, ratios and overlaps are judged before anything is unpacked; then each entry is unpacked into
    nothing, stopping at the first byte beyond its declared size, because declarations lie.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _judge_declared(entries)
            _judge_kind({e.filename for e in entries}, archive)
            for entry in entries:
                _judge_real(archive, entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        if "overlap" in str(error).lower():
            raise BOMB() from None
        raise BROKEN() from None


def _judge_declared(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES or sum(e.file_size for e in entries) > MAX_UNPACKED:
        raise BOMB()
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise PASSWORD()
        if entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise BOMB()
    ordered = sorted(entries, key=lambda e: e.header_offset)
    for before, after in pairwise(ordered):
        if before.header_offset + 30 + before.compress_size > after.header_offset:
            raise BOMB()  # entries that share bytes multiply what comes out


def _judge_kind(names: set[str], archive: zipfile.ZipFile) -> None:
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return
    if any(n.startswith("word/") for n in names):
        raise NOT_A_TABLE(what="Word 文档")
    if any(n.startswith("ppt/") for n in names):
        raise NOT_A_TABLE(what="演示文稿")
    if "mimetype" in names and "content.xml" in names:
        with archive.open("mimetype") as file:
            if b"spreadsheet" in file.read(200):
                return
        raise NOT_A_TABLE(what="文档")
    raise NOT_A_TABLE(what="压缩包")


def _judge_real(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    seen = 0
    limit = max(RATIO_FROM, MAX_RATIO * max(entry.compress_size, 1))
    with archive.open(entry) as file:
        while chunk := file.read(CHUNK):
            seen += len(chunk)
            if seen > limit or seen > entry.file_size:
                raise BOMB()


def is_encrypted_ole(path: Path) -> bool:
    """Whether an OLE container wraps an encrypted xlsx (its stream is named in UTF-16)."""
    with path.open("rb") as file:
        data = file.read(4 * CHUNK)
    return "EncryptedPackage".encode("utf-16-le") in data
