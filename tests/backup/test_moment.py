"""With the log archived, any moment comes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from anju.config.backup import archive
from anju.foundation.db import server
from tests.backup.house import KEY, furnish, look
from tests.ground.product import Product, until
from tests.ground.program import Program, unit


def now_of(product: Product) -> datetime:
    with psycopg.connect(**server.dsn(product.home)) as connection:  # type: ignore[arg-type]
        row = connection.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None
    return row[0]  # type: ignore[no-any-return]


def archived(product: Product, place: Path) -> None:
    """Wait until all that was written so far is in the archive."""
    with psycopg.connect(**server.dsn(product.home, user=server.SUPERUSER), autocommit=True) as owner:  # type: ignore[arg-type]
        row = owner.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()
    assert row is not None
    until(lambda: (place / "wal" / f"{row[0]}.gz").exists(), product.said)


def test_the_moment_before_a_mistake_comes_back_and_what_is_too_old_goes(product: Product, shelf: Path) -> None:
    place = shelf / "archive"
    product.environment["ANJU_WAL_ARCHIVE"] = str(place)
    product.start()
    told = furnish(product)
    program = Program(product, product.script(KEY, str(told["org"])).split()[-1])
    program.insist("/units", unit("3-1-0001"), "first")
    product.run("backup", "--base")
    product.run("backup", "--base")
    program.insist("/units", unit("3-1-0002"), "second")
    before = now_of(product)
    program.insist("/units", unit("3-1-0003"), "mistake")
    archived(product, place)
    product.stop()

    at = before.astimezone(UTC).isoformat(sep=" ")
    copy = str(shelf / "then")
    early = (before - timedelta(days=1)).isoformat(sep=" ")
    late = (before + timedelta(days=1)).isoformat(sep=" ")
    assert "早于" in product.run("restore", str(place), "--to", early, ANJU_HOME=copy, code=19)
    assert "要写明时区" in product.run("restore", str(place), "--to", "2026-11-27 10:00", ANJU_HOME=copy, code=19)
    assert "日志在那一刻之前就结束了" in product.run("restore", str(place), "--to", late, ANJU_HOME=copy, code=19)
    said = product.run("restore", str(place), "--to", at, ANJU_HOME=copy)
    assert "✗" not in said
    found = look(product, told, ANJU_HOME=copy, ANJU_WAL_ARCHIVE="")
    assert found["units"] == ["3-1-0001", "3-1-0002"]
    assert (found["phones"], found["file"]) == (["13800000001", "13800000002"], 5008)

    (_, first), (ended, second) = archive.bases(place)
    log = {path.name for path in (place / "wal").iterdir()}
    assert archive.expire(place, now=ended.timestamp()) == 0
    assert archive.expire(place, now=ended.timestamp() + 31 * 86_400) == 1
    assert (first.exists(), second.exists()) == (False, True)
    assert {path.name for path in (place / "wal").iterdir()} < log
    product.run("restore", str(place), ANJU_HOME=str(shelf / "all"))  # from the newer copy, to the end of the log
    found = look(product, told, ANJU_HOME=str(shelf / "all"), ANJU_WAL_ARCHIVE="")
    assert found["units"] == ["3-1-0001", "3-1-0002", "3-1-0003"]
