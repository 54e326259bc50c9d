"""What a file really is, and whether it is safe to open. The contents decide, not the extension."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from anju.surface.imports.reading import archive, text, workbook
from anju.surface.imports.reading.cells import Cell, Merge
from anju.surface.imports.reading.refusals import EMPTY, HTML, NO_SHEET, NOT_A_TABLE, PASSWORD, TOO_BIG

MAX_BYTES = 60 * 1024 * 1024
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
OTHER_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"BM", "图片"),
    (b"RIFF", "图片或音频"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"BZh", "压缩包"),
    (b"\xfd7zXZ", "压缩包"),
    (b"MZ", "程序"),
    (b"\x7fELF", "程序"),
    (b"SQLite format 3", "数据库文件"),
    (b"{\\rtf", "文档"),
)


@dataclass(frozen=True)
class Source:
    """A file that was checked and may be read."""

    path: Path
    kind: Literal["workbook", "text"]
    sheets: tuple[str, ...]
    encoding: str = ""
    delimiter: str = ""

    def rows(self, sheet: str) -> Iterator[list[Cell]]:
        """The sheet's rows from its very first, streamed; leading empty rows and columns are kept."""
        self._check(sheet)
        if self.kind == "text":
            return text.rows(self.path, self.encoding, self.delimiter)
        return workbook.rows(self.path, sheet)

    def look(self, sheet: str, limit: int) -> tuple[list[Merge], list[list[Cell]]]:
        """The sheet's merged ranges (0-based, inclusive) and its first rows, read in one go."""
        self._check(sheet)
        if self.kind == "text":
            return [], list(text.rows(self.path, self.encoding, self.delimiter, limit))
        return workbook.look(self.path, sheet, limit)

    def _check(self, sheet: str) -> None:
        if sheet not in self.sheets:
            raise NO_SHEET()


def open_source(path: Path, name: str = "") -> Source:
    """Check a file without trusting it.

    Args:
        path: where the bytes are.
        name: the name the person gave it, only for the sentence.

    Refused: empty, larger than 60 MB, a zip bomb, a password, a web page, anything that is not a table.
    """
    size = path.stat().st_size
    if size == 0:
        raise EMPTY()
    if size > MAX_BYTES:
        raise TOO_BIG(size=-(-size // 2**20), limit=MAX_BYTES // 2**20)
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"PK"):
        archive.check(path)
        return Source(path, "workbook", workbook.sheets(path))
    if head.startswith(OLE):
        if archive.is_encrypted_ole(path):
            raise PASSWORD()
        return Source(path, "workbook", workbook.sheets(path))
    return _text_source(path, head)


def _text_source(path: Path, head: bytes) -> Source:
    for magic, what in OTHER_KINDS:
        if head.startswith(magic) and (len(magic) > 2 or b"\x00" in head):
            raise NOT_A_TABLE(what=what)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<style")):
        raise HTML()
    encoding = text.encoding_of(path)
    return Source(path, "text", ("",), encoding, text.delimiter_of(path, encoding))
