"""The database is killed and comes back; the product goes on by itself, and nothing is lost or doubled."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.ground.product import Product, until
from tests.ground.program import Program, unit

CLIENTS, UNITS_EACH, KILLS = 4, 12, 3


@pytest.fixture
def product() -> Iterator[Product]:
    started = Product()
    try:
        started.start()
        yield started
    finally:
        started.close()


def test_requests_meet_a_killed_database_with_a_sentence_and_all_of_them_end_well(product: Product) -> None:
    program = Program.of(product)
    program.insist("/units", unit("3-1-0000"), "first")
    done = threading.Event()

    def client(n: int) -> None:
        for i in range(UNITS_EACH):
            program.insist("/units", unit(f"3-{n}-{i:04}"), f"unit-{n}-{i}")

    def killer() -> None:
        for _ in range(KILLS):
            seen, pid = len(program.answers), product.database_pid()
            os.kill(pid, signal.SIGKILL)
            until(lambda pid=pid: product.health().get("database", {}).get("ok") and product.database_pid() != pid)  # type: ignore[misc]
            until(lambda seen=seen: len(program.answers) > seen + CLIENTS or done.is_set())  # type: ignore[misc]

    with ThreadPoolExecutor(CLIENTS + 1) as pool:
        kills, clients = pool.submit(killer), [pool.submit(client, n) for n in range(1, CLIENTS + 1)]
        for finished in clients:
            finished.result()
        done.set()
        kills.result()
    until(lambda: product.health().get("ok") is True, product.said)
    status, found = program.call("/units?limit=100")
    assert status == 200
    names = sorted(row["code"] for row in found["items"])
    assert names == sorted({"3-1-0000"} | {f"3-{n}-{i:04}" for n in range(1, CLIENTS + 1) for i in range(UNITS_EACH)})
    others = [(status, after) for status, after in program.answers if status != 200]
    assert others, "the database was killed and nobody noticed"
    assert {(status, bool(after)) for status, after in others} <= {(503, True), (409, False)}, others
    assert product.process is not None
    assert product.process.poll() is None
