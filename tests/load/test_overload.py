"""More than the web can take: some are told to come back, all others are served, and nothing is half done."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait

import psycopg
import pytest

from anju.foundation.db import server
from tests.ground.product import Product, until
from tests.ground.program import Program, unit

AT_ONCE, QUEUE, CLIENTS = 2, 3, 20


@pytest.fixture
def product() -> Iterator[Product]:
    started = Product(ANJU_WEB_THREADS=str(AT_ONCE), ANJU_WEB_QUEUE=str(QUEUE))
    try:
        started.start()
        yield started
    finally:
        started.close()


def page(product: Product, path: str, **headers: str) -> tuple[int, str, str | None]:
    """Status, text and Retry-After of an address."""
    asked = urllib.request.Request(f"http://127.0.0.1:{product.port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return answer.status, answer.read().decode(), answer.headers.get("Retry-After")
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode(), refused.headers.get("Retry-After")


def test_beyond_the_limit_some_are_sent_away_and_the_others_are_served_whole(product: Product) -> None:
    program = Program.of(product)
    program.insist("/units", unit("3-1-0000"), "first")
    owner = server.dsn(product.home, user=server.SUPERUSER)
    with (
        ThreadPoolExecutor(CLIENTS) as pool,
        psycopg.connect(**owner) as busy,  # type: ignore[arg-type]
    ):
        busy.execute("LOCK TABLE unit IN SHARE MODE")  # a database that is busy: every writer has to wait
        calls = [pool.submit(program.call, "/units", unit(f"3-1-{i:04}"), f"call-{i}") for i in range(1, CLIENTS + 1)]
        until(lambda: sum(call.done() for call in calls) >= CLIENTS - AT_ONCE - QUEUE, lambda: str(product.health()))
        load = product.health()["load"]
        assert (load["in_flight"], load["limit"], load["queue"]) == (AT_ONCE, AT_ONCE, QUEUE)
        assert load["turned_away"] >= CLIENTS - AT_ONCE - QUEUE
        status, numbers, _ = page(product, "/metrics")
        assert status == 200
        assert f"anju_web_requests_in_flight {AT_ONCE}" in numbers
        until(lambda: product.health()["load"]["waiting"] == 0)  # whoever waited too long was told so
        status, text, after = page(product, "/sign-in", Cookie="anju_language=en")
        assert (status, after) == (503, "3")
        assert "Too many requests at once" in text
        assert "现在使用的人太多" in page(product, "/sign-in")[1]
        busy.rollback()
        wait(calls)
    served = [i for i, call in enumerate(calls, 1) if call.result()[0] == 200]
    assert {status for status, _ in program.answers} == {200, 503}
    assert all(after == "3" for status, after in program.answers if status == 503)
    refused = [call.result()[1] for call in calls if call.result()[0] == 503]
    assert {problem["code"] for problem in refused} == {"unavailable.busy"}
    kept = {row["code"] for row in program.call("/units?limit=100")[1]["items"]}
    assert kept == {"3-1-0000"} | {f"3-1-{i:04}" for i in served}
    assert len(served) == AT_ONCE
    until(lambda: product.health()["load"]["in_flight"] == 0)


def test_connections_run_out_and_come_back(product: Product) -> None:
    """The server has no connection left for us: a sentence, and then it goes on by itself."""
    program = Program.of(product)
    program.insist("/units", unit("3-1-0000"), "first")
    with psycopg.connect(**server.dsn(product.home, user=server.SUPERUSER), autocommit=True) as owner:  # type: ignore[arg-type]
        owner.execute("ALTER ROLE anju_app CONNECTION LIMIT 0")
        owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'anju_app'")
        status, problem = program.call("/units", unit("3-1-0001"), "crowded")
        while status == 200:  # a connection that was being made as the limit came
            owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'anju_app'")
            status, problem = program.call("/units", unit("3-1-0001"), "crowded")
        assert (status, problem["code"][:12]) == (503, "unavailable.")
        assert program.answers[-1] == (503, "5")
        until(lambda: page(product, "/")[::2] == (503, "5"))
        assert product.health()["database"] == {"ok": False}
        owner.execute("ALTER ROLE anju_app CONNECTION LIMIT -1")
    program.insist("/units", unit("3-1-0001"), "crowded")
    until(lambda: product.health().get("ok") is True, product.said)
    assert [row["code"] for row in program.call("/units")[1]["items"]] == ["3-1-0000", "3-1-0001"]
