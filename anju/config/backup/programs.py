"""Running PostgreSQL's own programs with a connection of ours, without showing its password to anybody."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from psycopg import conninfo

from anju.config.backup.refusals import OLD_TOOLS, TOOL_FAILED
from anju.foundation.db.server_binaries import Binaries, find_binaries

TAIL = 12


def tools(server_version: int | None = None) -> Binaries:
    """The newest programs here; refused when the server (``180006``) is of a newer major version."""
    found = find_binaries(Path("/nonexistent"))
    if server_version is not None and found.major < server_version // 10000:
        raise OLD_TOOLS(server=server_version // 10000, tools=found.major)
    return found


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
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")} | {"LC_ALL": "C.UTF-8"}
    command = [binaries[tool], *arguments]
    if target is not None:
        open_part = {key: value for key, value in target.items() if key != "password"}
        command.append("--dbname=" + conninfo.make_conninfo(**open_part))
        environment |= {"PGPASSWORD": str(target["password"])} if target.get("password") else {}
    kept: list[str] = []
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment, cwd="/"
    ) as process:
        assert process.stderr is not None
        for line in _lines(process.stderr):
            kept = [*kept[-TAIL:], line]
            said(line)
    if process.returncode != 0:
        raise TOOL_FAILED(tool=tool, tail="\n".join(kept[-TAIL:]))


def _lines(stream: Any) -> Iterator[str]:
    """Lines as they come; progress ends in a carriage return."""
    rest = b""
    while chunk := stream.read1(4096):
        *whole, rest = (rest + chunk).replace(b"\r", b"\n").split(b"\n")
        yield from (line.decode("utf-8", "replace") for line in whole if line)
    if rest:
        yield rest.decode("utf-8", "replace")
