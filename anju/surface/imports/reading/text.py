"""Text tables: which encoding, which delimiter, and the rows as a stream."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from anju.surface.imports.reading.cells import Cell
from anju.surface.imports.reading.refusals import BROKEN, EMPTY, ENCODING, MOJIBAKE

CHUNK = 1 << 20
DELIMITERS = ",\t;|"
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_GARBLED = re.compile("\ufffd|锟斤拷|烫烫烫|鈥|涓€|鍙凤")
# Header words and surnames: real Chinese text decoded rightly holds some of them.
_COMMON = re.compile("[的一是了在人有房号租金楼名电话日期月元室栋层层姓址合同备注项目面积区市路小区单元张王李刘陈杨]")


def encoding_of(path: Path) -> str:
    """The file's encoding, tried on all of it: UTF-8 (with or without mark), UTF-16, GB18030, then a guess.

    Refused: control characters (not text at all), an encoding nobody knows, text garbled by an earlier saving.
    """
    with path.open("rb") as file:
        head = file.read(65536)
    for mark, name in BOMS:
        if head.startswith(mark):
            return _judged(path, name)
    if head.count(b"\x00") > len(head) // 8:
        return _judged(path, "utf-16-le" if head[1::2].count(b"\x00") > head[::2].count(b"\x00") else "utf-16-be")
    if decodes(path, "utf-8"):
        return _judged(path, "utf-8")
    if decodes(path, "gb18030") and _COMMON.search(head.decode("gb18030", "ignore")):
        return _judged(path, "gb18030")
    return _judged(path, _guess(head))


def _guess(head: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(head, cp_isolation=["big5", "cp949", "shift_jis", "gb18030", "cp1252"]).best()
    if best is None:
        raise ENCODING()
    return best.encoding


def _judged(path: Path, encoding: str) -> str:
    if not decodes(path, encoding):
        raise ENCODING()
    with path.open(encoding=encoding, newline="", errors="strict") as file:
        try:
            head = file.read(20000)
        except UnicodeError:
            raise ENCODING() from None
    if not head.strip('\ufeff \t\r\n,;|"'):
        raise EMPTY()
    if len(_CONTROL.findall(head)) > len(head) // 500:
        raise BROKEN()
    if len(_GARBLED.findall(head)) > 2:
        raise MOJIBAKE()
    return encoding


def decodes(path: Path, encoding: str) -> bool:
    """Whether the whole file decodes, read in pieces."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def delimiter_of(path: Path, encoding: str) -> str:
    """The delimiter that splits the first lines most evenly; a comma when none does."""
    with path.open(encoding=encoding, newline="") as file:
        lines = [line for line in islice(file, 60) if line.strip()]
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        widths = [len(r) for r in csv.reader(lines, delimiter=delimiter) if r]
        usual = max(set(widths), key=widths.count, default=1)
        score = widths.count(usual) / max(len(widths), 1) * min(usual, 12) if usual > 1 else 0.0
        if score > best_score:
            best, best_score = delimiter, score
    return best


def rows(path: Path, encoding: str, delimiter: str, limit: int | None = None) -> Iterator[list[Cell]]:
    """The rows as lists of text, streamed."""
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        try:
            for row in islice(reader, limit):
                yield [c if c != "" else None for c in row]
        except (csv.Error, UnicodeError):
            raise BROKEN() from None
