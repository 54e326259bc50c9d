"""`anju up`: one command brings everything up; whatever ends it, nothing stays behind."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import psutil
import pytest

from tests.ground.product import Product, until


@pytest.fixture
def product() -> Iterator[Product]:
    started = Product()
    try:
        started.start()
        yield started
    finally:
        started.close()


def test_it_says_what_is_up_and_ctrl_c_leaves_nothing(product: Product) -> None:
    health = product.health()
    assert all(health[part]["ok"] for part in ("database", "migrations", "worker", "queue", "disk"))
    assert len(product.family) >= 4
    product.process.send_signal(signal.SIGINT)
    assert product.process.wait(60) == 0, product.said()
    assert product.left() == []
    assert "已停止" in product.said()


def test_a_killed_part_comes_back_and_a_killed_whole_leaves_nothing(product: Product) -> None:
    worker = next(p for p in product.family if p.cmdline()[-1:] == ["worker"])
    worker.kill()
    until(lambda: any("worker" in p.cmdline()[-1:] for p in fresh(product, worker.pid)), product.said)
    product.family = psutil.Process(product.process.pid).children(recursive=True)
    product.process.kill()
    product.process.wait()
    until(lambda: product.left() == [], product.left)


def fresh(product: Product, old: int) -> list[psutil.Process]:
    return [p for p in psutil.Process(product.process.pid).children() if p.pid != old and p.status() != "zombie"]
