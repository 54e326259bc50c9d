"""The embedded PostgreSQL: started when first needed, stopped when its last user leaves.

    with running(home):          # starts it, or joins the one that runs
        ...                      # connect with dsn(home)

A Unix socket only, inside a 0700 folder; root drops to an unprivileged account. Data, socket and log: ``server_place``.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from anju.foundation.db import roles, server_guard
from anju.foundation.db.server_binaries import Binaries, find_binaries
from anju.foundation.db.server_place import Place, account, find_place, make_home, own_folder, within_reach
from anju.foundation.db.server_tuning import settings_text
from anju.kit.refusal import sentence

DATABASE, SUPERUSER, PORT = "anju", "postgres", "5432"
START_WITHIN_S, STOP_WITHIN_S = 180.0, 60.0
FREE_NEEDED = 256 * 1024 * 1024
LOG_KEPT = 8 * 1024 * 1024

DISK_FULL = sentence(
    "server.disk_full",
    "磁盘空间不足：{folder} 所在磁盘只剩 {free} MB，至少需要 {needed} MB。请清理磁盘，或用 ANJU_HOME 换一个位置。",
    "The disk is full: {free} MB left at {folder}, {needed} MB are needed. Free some space or move ANJU_HOME.",
)
NOT_STARTED = sentence(
    "server.not_started",
    "内置数据库没有启动。日志 {log} 的结尾：\n{tail}",
    "The embedded database did not start. The end of its log {log}:\n{tail}",
)


def dsn(home: Path, *, database: str = DATABASE, user: str = roles.APP) -> dict[str, str]:
    """Connection parameters (libpq names) of the embedded server; starts nothing."""
    return {"host": str(find_place(home).sockets), "port": PORT, "dbname": database, "user": user}


def binaries_of(home: Path) -> Binaries:
    """The programs that fit this home's data."""
    return find_binaries(find_place(home).data)


@contextlib.contextmanager
def running(
    home: Path, settings: Mapping[str, str] | None = None, *, within_s: float = START_WITHIN_S
) -> Iterator[Place]:
    """The server, for as long as the block lasts; roles and the database exist inside.

    Args:
        home: ANJU_HOME.
        settings: server settings that differ from ours (the tests'); only obeyed by the one that starts it.
        within_s: seconds it may take to start: long where it has a log to replay.

    Raises:
        Refused: no programs, disk full, unsafe folder, or it did not start (with the end of the log).
    """
    place = find_place(home)
    make_home(place.home)
    users = os.open(place.home / "postgres.users", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with _locked(place):
            fcntl.flock(users, fcntl.LOCK_SH)
            _ensure_started(place, settings or {}, within_s)
        yield place
    finally:
        with _locked(place):
            fcntl.flock(users, fcntl.LOCK_UN)
            if _nobody_else(users):
                _stop(place)
        os.close(users)


def ready(place: Place, binaries: Binaries | None = None) -> bool:
    """Whether the server answers. Asked of the server itself: a process id says nothing after a kill."""
    if not (place.sockets / f".s.PGSQL.{PORT}").exists():
        return False
    programs = binaries or find_binaries(place.data)
    asked = [programs["pg_isready"], "-q", "-h", str(place.sockets), "-p", PORT, "-t", "5"]
    return subprocess.run(asked, check=False, capture_output=True).returncode == 0


@contextlib.contextmanager
def _locked(place: Place) -> Iterator[None]:
    """One process at a time starts or stops this home's server."""
    lock = os.open(place.home / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _nobody_else(users: int) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    fcntl.flock(users, fcntl.LOCK_UN)
    return True


def _ensure_started(place: Place, settings: Mapping[str, str], within_s: float) -> None:
    binaries = find_binaries(place.data)
    if not ready(place, binaries):
        free = shutil.disk_usage(place.home).free
        if free < FREE_NEEDED:
            raise DISK_FULL(folder=place.home, free=free >> 20, needed=FREE_NEEDED >> 20)
        owner = account()
        programs = within_reach(binaries, owner)
        if not place.initialised:
            _initialise(place, programs, durable=settings.get("fsync") != "off")
        own_folder(place.sockets, owner)
        if not _guard_brings_it_back(place, programs):
            (place.data / "anju.conf").write_text(settings_text(place.sockets, settings), encoding="utf-8")
            _launch(place, programs, within_s)
    roles.prepare(dsn(place.home, database="postgres", user=SUPERUSER), database=DATABASE)


def _initialise(place: Place, programs: Binaries, *, durable: bool) -> None:
    """Make the cluster beside its place and move it there whole, so that a kill leaves nothing half-made."""
    owner = account()
    fresh = place.data.with_name(place.data.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    own_folder(fresh, owner)
    # The trigrams of Chinese are empty under locale C.
    locale = ["--locale=C.UTF-8", "--encoding=UTF8"]
    if programs.major >= 17:
        locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command = [programs["initdb"], "-D", str(fresh), "-U", SUPERUSER, "--auth=trust", "--no-instructions", *locale]
    command += [] if durable else ["--no-sync"]
    drop = {} if owner is None else {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=_environment(),
        **drop,  # type: ignore[call-overload]
    )
    if done.returncode != 0:
        shutil.rmtree(fresh, ignore_errors=True)
        raise NOT_STARTED(log="initdb", tail=_end((done.stdout + done.stderr).strip()))
    with (fresh / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write("\ninclude_if_exists 'anju.conf'\ninclude_if_exists 'local.conf'\n")
    fresh.rename(place.data)


def _launch(place: Place, programs: Binaries, within_s: float) -> None:
    owner = account()
    spec = {
        "command": [programs["postgres"], "-D", str(place.data)],
        "data": str(place.data),
        "uid": None if owner is None else owner.pw_uid,
        "gid": None if owner is None else owner.pw_gid,
        "lock": str(place.home / "postgres.lock"),
        "users": str(place.home / "postgres.users"),
        "guard": str(place.home / "postgres.guard"),
    }
    keep = place.log.exists() and place.log.stat().st_size < LOG_KEPT
    deadline = time.monotonic() + within_s
    with place.log.open("ab" if keep else "wb") as log:
        place.log.chmod(0o600)
        begin = log.tell()
        while True:
            guard = subprocess.Popen(
                [sys.executable, "-I", "-S", server_guard.__file__, json.dumps(spec)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_environment(),
                start_new_session=True,  # Ctrl-C reaches the supervisor, which stops the server last
            )
            if _wait_until_ready(place, programs, guard, deadline):
                return
            said = place.log.read_bytes()[begin:].decode("utf-8", "replace")
            # A killed server's last children may hold its memory for a moment longer.
            if "pre-existing shared memory" not in said or time.monotonic() > deadline:
                raise NOT_STARTED(log=place.log, tail=_end(said))
            begin = place.log.stat().st_size
            time.sleep(0.3)


def _guard_brings_it_back(place: Place, programs: Binaries) -> bool:
    """Whether a server that was killed is being started again by its guard, and answers; False: there is no guard.

    Raises:
        Refused: the guard tries, and the server does not come (with the end of the log).
    """
    guard = os.open(place.home / "postgres.guard", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = time.monotonic() + START_WITHIN_S
        while not _nobody_else(guard):
            if ready(place, programs):
                return True
            if time.monotonic() > deadline:
                raise NOT_STARTED(log=place.log, tail=_end(place.log.read_text("utf-8", "replace")))
            time.sleep(0.05)
    finally:
        os.close(guard)
    return False


def _wait_until_ready(place: Place, programs: Binaries, guard: subprocess.Popen[bytes], deadline: float) -> bool:
    while guard.poll() is None:
        if ready(place, programs):
            return True
        if time.monotonic() > deadline:
            guard.terminate()
            guard.wait()
            return False
        time.sleep(0.02)
    return False


def _stop(place: Place) -> None:
    """Fast stop, then wait until the server and its guard are gone; immediate stop when it takes too long."""
    guard = os.open(place.home / "postgres.guard", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        # A guard would bring a server back that ends without its knowing: the guard is asked, where there is one.
        guarded = not _nobody_else(guard)
        for how, patience in ((signal.SIGINT, STOP_WITHIN_S), (signal.SIGQUIT, 10.0)):
            if guarded:
                _signal(_pid_in(place.home / "postgres.guard"), signal.SIGTERM)
            # A killed server leaves its process id behind, which may be somebody else's by now.
            pid = _server_pid(place) if guarded or ready(place) else None
            if how == signal.SIGQUIT or not guarded:
                _signal(pid, how)
            deadline = time.monotonic() + patience
            while time.monotonic() < deadline:
                # The guard outlives its server. Without one, the server's own lock file says when it is gone.
                if _nobody_else(guard) and (guarded or pid is None or _server_pid(place) is None):
                    return
                time.sleep(0.02)
    finally:
        os.close(guard)


def _signal(pid: int | None, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        if pid is not None:
            os.kill(pid, number)


def _server_pid(place: Place) -> int | None:
    """The server's process id from its own lock file, which it removes as the last thing it does."""
    return _pid_in(place.data / "postmaster.pid")


def _pid_in(file: Path) -> int | None:
    try:
        return int(file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def _environment() -> dict[str, str]:
    """What the server's programs see: nothing of ours (PGDATA, PGHOST… would mislead them)."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _end(text: str, lines: int = 15) -> str:
    return "\n".join(text.strip().splitlines()[-lines:])
