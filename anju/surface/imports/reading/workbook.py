"""Workbooks are read by a child process with a memory limit, so that no file can take the server down with it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from anju.kit import Refused
from anju.surface.imports.reading.cells import Cell, Merge
from anju.surface.imports.reading.refusals import BOMB, BROKEN, EMPTY, NO_SHEET, PASSWORD

_REFUSALS = {"password": PASSWORD, "sheet": NO_SHEET, "empty": EMPTY}
_CHILD = Path(__file__).with_name("child.py")
KILLED = (-6, -9, -11, 134, 137, 139)  # out of memory, in one way or another


def sheets(path: Path) -> tuple[str, ...]:
    """Names of the visible worksheets, in order."""
    with _child("sheets", path) as lines:
        names = json.loads(next(lines, "[]"))
    if not names:
        raise EMPTY()
    return tuple(names)


def look(path: Path, sheet: str, limit: int) -> tuple[list[Merge], list[list[Cell]]]:
    """A sheet's merged ranges and its first rows."""
    with _child("look", path, sheet, str(limit)) as lines:
        merges = [(m[0], m[1], m[2], m[3]) for m in json.loads(next(lines, "[]"))]
        return merges, [[_cell(c) for c in json.loads(line)] for line in lines]


def rows(path: Path, sheet: str) -> Iterator[list[Cell]]:
    """A sheet's rows, one at a time."""
    with _child("rows", path, sheet) as lines:
        for line in lines:
            yield [_cell(c) for c in json.loads(line)]


def _cell(value: Any) -> Cell:
    if not isinstance(value, list):
        return value  # type: ignore[no-any-return]
    kind, text = value
    if kind == "d":
        return date.fromisoformat(text)
    if kind == "t":
        return datetime.fromisoformat(text)
    return str(text)


@contextmanager
def _child(*args: str | Path) -> Iterator[Iterator[str]]:
    process = subprocess.Popen(
        [sys.executable, "-I", str(_CHILD), *map(str, args)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        cwd=str(Path(args[1]).parent),
    )
    stdout = process.stdout
    assert stdout is not None
    try:
        yield _until_end(process, stdout)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


def _until_end(process: subprocess.Popen[str], stdout: IO[str]) -> Iterator[str]:
    yield from stdout
    said = process.stderr.read() if process.stderr else ""
    if code := process.wait():
        raise _why(code, said)


def _why(code: int, said: str) -> Refused:
    word = said.strip().splitlines()[-1] if said.strip() else ""
    if word in _REFUSALS:
        return _REFUSALS[word]()
    if code in KILLED or word == "memory" or "memory allocation" in said:
        return BOMB()
    return BROKEN()
