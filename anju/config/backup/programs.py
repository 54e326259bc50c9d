"""Running PostgreSQL's own programs with a connection of ours, without showing its password to anybody."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryFile
from threading import Thread
from typing import Any, BinaryIO

from psycopg import conninfo

from anju.config.backup.refusals import OLD_TOOLS, TOOL_FAILED
from anju.foundation.db.server_binaries import NO_BINARIES, Binaries, find_clients

TAIL = 12


def tools(server_version: int, *, reads: Path | None = None) -> Binaries:
    """The programs here that fit a server best: its own version's, else the newest.

    Args:
        server_version: as the server tells it (``180006``).
        reads: a copy that they must be able to read; those older than its maker cannot.

    Raises:
        Refused: ``backup.old_tools`` when the server is newer than all of them, ``server.no_binaries``.
    """
    here = sorted(find_clients(), key=lambda b: -b.major)
    if not here:
        raise NO_BINARIES()
    wanted = server_version // 10000
    if wanted > here[0].major:
        raise OLD_TOOLS(server=wanted, tools=here[0].major)
    own = next((b for b in here if b.major == wanted), here[0])
    return own if reads is None or _can_read(own, reads) else here[0]


def _can_read(binaries: Binaries, folder: Path) -> bool:
    listing = [binaries["pg_restore"], "--list", str(folder)]
    return subprocess.run(listing, capture_output=True, check=False, env=_environment(None)).returncode == 0


def run(
    binaries: Binaries, tool: str, *arguments: str, target: Mapping[str, Any] | None = None,
    said: Callable[[str], None] = lambda _line: None,
) -> None:  # fmt: skip
    """Run one program to its end.

    Args:
        binaries: where it is.
        tool: ``pg_dump`` and the like.
        arguments: of the command line, the connection left out.
        target: connection parameters (libpq names); the password travels in the environment.
        said: takes each line the program says while it works.

    Raises:
        Refused: ``backup.tool_failed`` with the end of what it said.
    """
    command = [binaries[tool], *arguments, *_to(target)]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=_environment(target),
        cwd="/",
    ) as process:  # fmt: skip
        kept = _told(process, said)
    if process.returncode != 0:
        raise TOOL_FAILED(tool=tool, tail="\n".join(kept))


def restore_by_script(
    binaries: Binaries, *arguments: str, target: Mapping[str, Any], without: bytes, said: Callable[[str], None]
) -> None:
    """Have ``pg_restore`` write its script, and ``psql`` run it in one transaction: for a server older than both.

    Args:
        binaries: where they are.
        arguments: of ``pg_restore``.
        target: connection parameters of the server.
        without: a line of the script's head that the server does not know.
        said: takes each line ``pg_restore`` says while it works.

    Raises:
        Refused: ``backup.tool_failed`` with the end of what the one that failed said.
    """
    ask = ["--no-psqlrc", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1", "--single-transaction"]
    with (
        TemporaryFile() as complaints,
        subprocess.Popen(
            [binaries["psql"], *ask, *_to(target)],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=complaints, env=_environment(target), cwd="/",
        ) as asking,
        subprocess.Popen(
            [binaries["pg_restore"], *arguments, "--file=-"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment(None), cwd="/",
        ) as writing,
    ):  # fmt: skip
        passing = Thread(target=_pass_on, args=(writing.stdout, asking.stdin, without))
        passing.start()
        kept = _told(writing, said)
        passing.join()
        if asking.wait() != 0:
            complaints.seek(0)
            tail = complaints.read().decode("utf-8", "replace").splitlines()[-TAIL:]
            raise TOOL_FAILED(tool="psql", tail="\n".join(tail))
    if writing.returncode != 0:
        raise TOOL_FAILED(tool="pg_restore", tail="\n".join(kept))


def _pass_on(script: BinaryIO, to: BinaryIO, without: bytes) -> None:
    with contextlib.suppress(BrokenPipeError), script, to:  # who stopped reading says why
        for line in script:
            if line.strip() == without:
                break
            to.write(line)
        shutil.copyfileobj(script, to)


def _told(process: subprocess.Popen[bytes], said: Callable[[str], None]) -> list[str]:
    assert process.stderr is not None
    kept: list[str] = []
    for line in _lines(process.stderr):
        kept = [*kept[1 - TAIL :], line]
        said(line)
    return kept


def _to(target: Mapping[str, Any] | None) -> list[str]:
    if target is None:
        return []
    open_part = {key: value for key, value in target.items() if key != "password"}
    return ["--dbname=" + conninfo.make_conninfo(**open_part)]


def _environment(target: Mapping[str, Any] | None) -> dict[str, str]:
    own = {k: v for k, v in os.environ.items() if not k.startswith("PG")} | {"LC_ALL": "C.UTF-8"}
    return own | ({"PGPASSWORD": str(target["password"])} if target and target.get("password") else {})


def _lines(stream: Any) -> Iterator[str]:
    """Lines as they come; progress ends in a carriage return."""
    rest = b""
    while chunk := stream.read1(4096):
        *whole, rest = (rest + chunk).replace(b"\r", b"\n").split(b"\n")
        yield from (line.decode("utf-8", "replace") for line in whole if line)
    if rest:
        yield rest.decode("utf-8", "replace")
