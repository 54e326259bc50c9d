"""The embedded PostgreSQL starts when needed, is shared, and leaves nothing behind, whatever is killed."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from anju.foundation.db import server
from anju.foundation.db.server_place import Place, find_place, open_to_others, own_folder
from anju.foundation.db.server_tuning import FORGETFUL
from anju.kit import Refused
from anju.surface.torture.house import children

USE_IT = """
import sys
from pathlib import Path
from anju.foundation.db import server
with server.running(Path(sys.argv[1]), {"fsync": "off"}):
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def fresh_home() -> Iterator[Path]:
    """A home of its own, short enough for a socket and open to the server's user."""
    folder = Path(tempfile.mkdtemp(prefix="anju-server-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def user_of(home: Path) -> subprocess.Popen[str]:
    """Another process that uses the server until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", USE_IT, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def gone(home: Path, within_s: float = 30.0) -> bool:
    """Whether the server's socket and process disappear."""
    place, deadline = find_place(home), time.monotonic() + within_s
    while time.monotonic() < deadline:
        if not (place.data / "postmaster.pid").exists() and not (place.sockets / ".s.PGSQL.5432").exists():
            return True
        time.sleep(0.05)
    return False


def answer(home: Path) -> object:
    with psycopg.connect(**server.dsn(home)) as connection:  # type: ignore[arg-type]
        row = connection.execute("SELECT current_user").fetchone()
    return row[0] if row else None


def test_it_starts_serves_the_application_role_and_stops(fresh_home: Path) -> None:
    with server.running(fresh_home, FORGETFUL) as place:
        assert answer(fresh_home) == "anju_app"
        assert place.data.stat().st_mode & 0o077 == 0
        if os.geteuid() == 0:
            assert place.data.stat().st_uid != 0
    assert gone(fresh_home, 0.5)


def test_the_last_user_stops_it(fresh_home: Path) -> None:
    other = user_of(fresh_home)
    with server.running(fresh_home):
        assert answer(fresh_home) == "anju_app"
    assert answer(fresh_home) == "anju_app"
    other.communicate("")
    assert gone(fresh_home, 0.5)


def test_it_stops_by_itself_when_its_user_is_killed(fresh_home: Path) -> None:
    other = user_of(fresh_home)
    other.kill()
    other.wait()
    assert gone(fresh_home)


def test_it_comes_back_after_it_was_killed(fresh_home: Path) -> None:
    with server.running(fresh_home, FORGETFUL) as place:
        os.kill(int((place.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    with server.running(fresh_home, FORGETFUL):
        assert answer(fresh_home) == "anju_app"


def test_it_comes_back_after_its_recovery_was_killed(fresh_home: Path) -> None:
    with server.running(fresh_home) as place:
        ask(fresh_home, "CREATE TABLE much AS SELECT n, repeat('x', 200) AS x FROM generate_series(1, 400000) n")
        os.kill(child(place, "checkpointer"), signal.SIGKILL)
        os.kill(child(place, "startup recovering"), signal.SIGKILL)
        assert ask(fresh_home, "SELECT count(*) FROM much") == 400_000


def test_what_was_in_memory_is_read_again_after_a_restart(fresh_home: Path) -> None:
    with server.running(fresh_home):
        ask(fresh_home, "CREATE TABLE much AS SELECT n, repeat('x', 200) AS x FROM generate_series(1, 40000) n")
    assert gone(fresh_home)
    log, deadline = find_place(fresh_home).log, time.monotonic() + 60
    with server.running(fresh_home):
        while not (told := re.search(r"prewarmed (\d+) of", log.read_text())) and time.monotonic() < deadline:
            time.sleep(0.05)
    assert told is not None
    assert int(told[1]) > 1000  # of the table alone there are more


def child(place: Place, name: str) -> int:
    """A process of the server, as soon as there is one of that name."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, IndexError):
            for pid in children(int((place.data / "postmaster.pid").read_text().split()[0])):
                if f"postgres: {name}" in Path(f"/proc/{pid}/cmdline").read_text():
                    return pid
    raise AssertionError(f"no {name}")


def ask(home: Path, sql: str) -> object:
    """One statement as the server's owner, once it answers."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with psycopg.connect(**server.dsn(home, database="postgres", user=server.SUPERUSER)) as there:
                cursor = there.execute(sql)
                return cursor.fetchone()[0] if cursor.description else None
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def test_a_half_made_cluster_is_made_again(fresh_home: Path) -> None:
    half = find_place(fresh_home).data.with_name("postgres.new")
    half.mkdir(mode=0o700)
    (half / "PG_VERSION").write_text("18")
    with server.running(fresh_home, FORGETFUL):
        assert answer(fresh_home) == "anju_app"


def test_a_server_that_cannot_start_shows_the_end_of_its_log(fresh_home: Path) -> None:
    with pytest.raises(Refused) as refused, server.running(fresh_home, {"shared_buffers": "'nonsense'"}):
        pass
    assert refused.value.code == "server.not_started"
    assert "shared_buffers" in refused.value.text("en")


def test_a_full_disk_is_said_before_anything_is_written(fresh_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(100, 99, 1))
    with pytest.raises(Refused) as refused, server.running(fresh_home):
        pass
    assert refused.value.code == "server.disk_full"
    assert not (fresh_home / "postgres").exists()


def test_a_long_home_gets_a_short_socket(fresh_home: Path) -> None:
    deep = fresh_home / ("d" * 60) / ("e" * 60)
    with server.running(deep, FORGETFUL) as place:
        assert len(str(place.sockets)) < 84
        assert answer(deep) == "anju_app"
    shutil.rmtree(place.sockets, ignore_errors=True)


def test_a_folder_somebody_else_prepared_is_refused(fresh_home: Path) -> None:
    (fresh_home / "open").mkdir(mode=0o777)
    with pytest.raises(Refused, match="unsafe_folder"):
        own_folder(fresh_home / "open", None)


def test_modes_of_folders_that_exist_are_left_alone(fresh_home: Path) -> None:
    before = fresh_home.stat().st_mode
    with server.running(fresh_home / "inside", FORGETFUL):
        pass
    assert fresh_home.stat().st_mode == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to give the server to somebody else")
def test_a_closed_home_of_root_keeps_its_data_outside(
    fresh_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = Path(tempfile.mkdtemp(prefix="anju-outside-"))
    outside.chmod(0o711)
    monkeypatch.setattr("anju.foundation.db.server_place.OUTSIDE", outside)
    fresh_home.chmod(0o700)
    assert not open_to_others(fresh_home)
    with server.running(fresh_home, FORGETFUL) as place:
        assert place.outside
        assert answer(fresh_home) == "anju_app"
    assert fresh_home.stat().st_mode & 0o777 == 0o700
    fresh_home.chmod(0o711)
    assert find_place(fresh_home).data == place.data, "data that exists stays where it is"
    shutil.rmtree(outside)
