"""A backup is taken while people work, holds no key, and comes back whole, checked, without what was destroyed."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from anju.config.backup import copy, keyring, programs
from anju.foundation.db import server
from anju.foundation.db.server_binaries import OLDEST
from anju.foundation.db.server_tuning import FORGETFUL
from anju.kit import Refused
from tests.backup.house import DESTROY, KEY, furnish, look
from tests.ground.product import Product, until
from tests.ground.program import Program, unit

PNG = 5008


def test_a_backup_under_work_comes_back_whole_and_without_what_was_destroyed(product: Product, shelf: Path) -> None:
    product.start()
    told = furnish(product)
    program = Program(product, product.script(KEY, str(told["org"])).split()[-1])
    stop = Event()

    def work() -> int:
        done = 0
        while not stop.is_set():
            program.insist("/units", unit(f"3-1-{done:04}"), f"unit-{done}")
            done += 1
        return done

    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(work)
        until(lambda: len(program.answers) > 5)
        said = product.run("backup", str(shelf / "monday"))
        stop.set()
        assert working.result() > 5
    assert "已备份到" in said
    assert product.run("backup", str(shelf / "monday"), code=18).endswith("例如加上日期。\n")
    assert "1" in product.script(DESTROY, str(told["org"])).split()[-1]
    product.run("backup", str(shelf / "tuesday"))
    there = look(product, told)
    product.stop()

    held = b"".join(path.read_bytes() for path in (shelf / "monday").rglob("*") if path.is_file())
    for secret in ("master.key", "django.secret"):
        assert (product.home / secret).read_bytes().strip() not in held
    with gzip.open(min((shelf / "anju-keys" / "person-keys").glob("*.gz")), "rt") as rows:
        wrapped = [line.split(",")[4] for line in rows]
    dumped = b"".join(gzip.decompress(p.read_bytes()) for p in (shelf / "monday" / "database").glob("*.gz"))
    assert len(wrapped) == 3
    assert not [key for key in wrapped if key.strip('"')[2:].encode() in dumped], (
        "a wrapped personal key is in the data"
    )

    said = product.run("restore", str(shelf / "monday"), ANJU_HOME=str(shelf / "copy"))
    assert "已恢复到" in said
    assert "✗" not in said
    found = look(product, told, ANJU_HOME=str(shelf / "copy"))
    assert found["phones"] == ["13800000001", "crypto.erased"] == there["phones"]
    assert found["file"] == PNG == there["file"]
    assert 5 <= len(found["units"]) <= len(there["units"])
    assert found["units"] == there["units"][: len(found["units"])]
    product.run("restore", str(shelf / "tuesday"), ANJU_HOME=str(shelf / "copy"), code=19)
    assert look(product, told, ANJU_HOME=str(shelf / "copy")) == found


@pytest.fixture(scope="module")
def quiet() -> Iterator[tuple[Product, dict[str, Any]]]:
    """A furnished product that nobody has started; its tests only read it."""
    made = Product()
    made.run("migrate")
    yield made, furnish(made)
    made.close()


@pytest.fixture(params=["as old as the programs", "the oldest"])
def own_server(request: pytest.FixtureRequest, database_server: Path, shelf: Path) -> Iterator[Path]:
    """A PostgreSQL of one's own: the home it runs in."""
    if request.param != "the oldest":
        yield database_server
        return
    request.getfixturevalue("oldest")
    with server.running(shelf / "oldest", FORGETFUL):
        yield shelf / "oldest"


def test_a_backup_goes_to_a_postgresql_of_ones_own_and_back(
    quiet: tuple[Product, dict[str, Any]], shelf: Path, own_server: Path
) -> None:
    product, told = quiet
    name = f"anju_restored_{os.getpid()}"
    sockets = server.find_place(own_server).sockets
    url = f"postgresql://anju_app@/{name}?host={sockets}"
    admin = f"postgresql://postgres@/postgres?host={sockets}"
    product.run("backup", str(shelf / "embedded"), "--keys", str(shelf / "elsewhere"))
    keys = ("--keys", str(shelf / "elsewhere"))
    there = {"ANJU_HOME": str(shelf / "own"), "DATABASE_URL": url}
    try:
        product.run("restore", str(shelf / "embedded"), *keys, "--admin-url", admin, **there)
        assert look(product, told, **there)["phones"] == ["13800000001", "13800000002"]
        product.run("restore", str(shelf / "embedded"), *keys, **there, code=19)
        product.run("backup", str(shelf / "own-backup"), *keys, **there)
        product.run("restore", str(shelf / "own-backup"), *keys, ANJU_HOME=str(shelf / "home-again"))
        assert look(product, told, ANJU_HOME=str(shelf / "home-again"))["file"] == PNG
    finally:
        dsn = server.dsn(own_server, database="postgres", user=server.SUPERUSER)
        with psycopg.connect(**dsn, autocommit=True) as owner:  # type: ignore[arg-type]
            owner.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def test_what_programs_of_another_version_do_not_know_is_not_copied_by_them(
    oldest: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        server.running(shelf / "oldest", FORGETFUL),
        psycopg.connect(make_conninfo(**server.dsn(shelf / "oldest", user=server.SUPERUSER))) as own,
    ):
        assert copy.fitting_tools(own).major == OLDEST
        own.execute("CREATE TABLE one (id int)")
        own.execute("SET allow_system_table_mods = on")
        own.execute("UPDATE pg_attribute SET attoptions = '{kept_here=1}' WHERE attrelid = 'one'::regclass")
        assert copy.fitting_tools(own).major == OLDEST
        monkeypatch.delenv("ANJU_POSTGRES")
        newest = [found for found in programs.find_clients() if found.major > OLDEST]
        monkeypatch.setattr(programs, "find_clients", lambda: newest)
        with pytest.raises(Refused) as refused:
            copy.fitting_tools(own)
        assert refused.value.code == "backup.own_tools"
        assert "kept_here" in refused.value.text("en")
        own.execute("UPDATE pg_attribute SET attoptions = '{n_distinct=-1}' WHERE attrelid = 'one'::regclass")
        assert copy.fitting_tools(own) == newest[0]


def test_what_does_not_fit_is_refused_before_anything_is_touched(
    quiet: tuple[Product, dict[str, Any]], shelf: Path
) -> None:
    product, _ = quiet
    assert "ANJU_WAL_ARCHIVE" in product.run("backup", "--base", code=18)
    inside = str(shelf / "monday" / "keys")
    assert "密钥不能和数据放在一起" in product.run("backup", str(shelf / "monday"), "--keys", inside, code=18)
    product.run("backup", str(shelf / "monday"))
    copy, keys = str(shelf / "copy"), shelf / "anju-keys"
    other = shelf / "other-keys"
    (other / "person-keys").mkdir(parents=True)
    told = product.run("restore", str(shelf / "monday"), "--keys", str(other), ANJU_HOME=copy, code=19)
    assert "个人密钥" in told
    blob = max((shelf / "monday" / "database").glob("*.gz"), key=lambda path: path.stat().st_size)
    blob.write_bytes(blob.read_bytes()[:-1] + bytes([blob.read_bytes()[-1] ^ 1]))
    assert "备份已损坏" in product.run("restore", str(shelf / "monday"), ANJU_HOME=copy, code=19)
    assert "不是完整的备份" in product.run("restore", str(keys), ANJU_HOME=copy, code=19)
    assert not Path(copy).exists()


def test_what_was_killed_half_way_begins_anew_and_a_half_restore_is_closed(
    quiet: tuple[Product, dict[str, Any]], shelf: Path
) -> None:
    product, told = quiet
    half = shelf / "monday.part"  # a backup that was killed is none
    half.mkdir()
    (half / "manifest.json").write_text("{}")
    product.run("backup", str(shelf / "monday"))
    assert not half.exists()
    copy = shelf / "copy"
    environment = {**product.environment, "ANJU_HOME": str(copy)}
    killed = subprocess.Popen(
        [sys.executable, "-m", "anju.config.cli", "restore", str(shelf / "monday")],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    until(lambda: (copy / "restore.unfinished").exists())
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert (copy / "restore.unfinished").exists()
    assert "没有完成" in product.run("migrate", ANJU_HOME=str(copy), code=19)
    product.run("restore", str(shelf / "monday"), ANJU_HOME=str(copy))
    assert look(product, told, ANJU_HOME=str(copy))["phones"] == ["13800000001", "13800000002"]
    product.run("migrate", ANJU_HOME=str(copy))


def test_personal_keys_are_kept_thirty_days(tmp_path: Path) -> None:
    keyring.make(tmp_path)
    for stamp, age_days in (("20260901T000000Z", 31), ("20261001T000000Z", 29)):
        kept = keyring.copy_of(tmp_path, stamp)
        kept.write_bytes(b"")
        then = time.time() - age_days * keyring.DAY_S
        os.utime(kept, (then, then))
    assert keyring.expire(tmp_path) == 1
    assert keyring.fitting(tmp_path, "20260801T000000Z").name == "20261001T000000Z.copy.gz"
