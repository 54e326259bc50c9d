"""One short request after the other, in order; a long one lets the next begin; connections go where less is done."""

from __future__ import annotations

import http.client
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from anju.config.load.figures import Figures, load
from anju.config.load.gate import MORE, Gate
from tests.ground.product import Product, until
from tests.ground.program import Program

THIS_SERVER, ANOTHER = 1, 2
PATIENT = 60.0


@pytest.fixture
def seen(tmp_path: Path) -> Figures:
    return Figures(tmp_path, THIS_SERVER)


def inside(gate: Gate) -> float:
    place = gate.enter()
    assert isinstance(place, float)
    return place


def test_so_many_work_so_many_wait_and_the_next_is_full(seen: Figures) -> None:
    gate = Gate(seen, active=1, at_once=1, queue=1, patience=PATIENT)
    place = inside(gate)
    waiter = threading.Thread(target=lambda: gate.leave(inside(gate), 503))
    waiter.start()
    until(lambda: seen["waiting"] == 1)
    assert gate.enter() == "full"
    gate.leave(place, 200)
    waiter.join()
    assert (seen["in_flight"], seen["waiting"], seen["waits"], seen["turned_away_full"]) == (0, 0, 1, 1)
    assert (seen["answers_2xx"], seen["answers_5xx"]) == (1, 1)
    assert seen["busy_us"] > 0


def test_who_waits_too_long_is_sent_away(seen: Figures) -> None:
    gate = Gate(seen, active=1, at_once=1, queue=1, patience=0)
    place = inside(gate)
    assert gate.enter() == "late"
    assert (seen["waiting"], seen["turned_away_late"]) == (0, 1)
    gate.leave(place, 200)
    inside(gate)


def test_those_who_wait_come_in_as_they_arrived(seen: Figures) -> None:
    gate = Gate(seen, active=1, at_once=1, queue=9, patience=PATIENT)
    place, order = inside(gate), []

    def pass_through(name: int) -> None:
        mine = inside(gate)
        order.append(name)
        gate.leave(mine, 200)

    waiting = []
    for name in range(9):
        waiting.append(threading.Thread(target=pass_through, args=(name,)))
        waiting[-1].start()
        until(lambda: seen["waiting"] == len(waiting))
    gate.leave(place, 200)
    for each in waiting:
        each.join()
    assert order == list(range(9))


def test_a_long_request_lets_the_next_begin_up_to_the_limit(seen: Figures) -> None:
    gate = Gate(seen, active=1, at_once=3, queue=0, patience=PATIENT)
    places = [inside(gate), inside(gate), inside(gate)]  # nobody has left
    assert seen["in_flight"] == 3
    assert gate.enter() == "full"
    gate.leave(places[1], 200)
    inside(gate)


def test_one_who_gives_up_in_line_does_not_hold_up_those_behind(seen: Figures) -> None:
    gate = Gate(seen, active=1, at_once=1, queue=2, patience=PATIENT)
    place, gave_up = inside(gate), []
    gate.patience = 0.05
    first = threading.Thread(target=lambda: gave_up.append(gate.enter()))
    first.start()
    until(lambda: seen["waiting"] == 1 or gave_up)
    gate.patience = PATIENT
    second = threading.Thread(target=lambda: gate.leave(inside(gate), 200))
    second.start()
    first.join()
    assert gave_up == ["late"]
    gate.leave(place, 200)
    second.join()
    assert seen["answers_2xx"] == 2


@contextmanager
def process(folder: Path, server: int, busy: int) -> Iterator[subprocess.Popen[str]]:
    """Another process with so many requests."""
    text = (
        "import sys; from pathlib import Path; from anju.config.load.figures import Figures; "
        "f = Figures(Path(sys.argv[1]), int(sys.argv[2])); f.add('in_flight', int(sys.argv[3])); "
        "print('there', flush=True); input()"
    )
    made = subprocess.Popen(
        [sys.executable, "-c", text, str(folder), str(server), str(busy)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert made.stdout is not None
    try:
        assert made.stdout.readline() == "there\n"
        yield made
    finally:
        made.kill()
        made.communicate()


def test_crowded_is_who_has_more_to_do_than_a_process_of_the_same_server(seen: Figures, tmp_path: Path) -> None:
    gate = Gate(seen, active=9, at_once=9, queue=0)
    now = 0.0
    places = [inside(gate) for _ in range(3)]
    with process(tmp_path, ANOTHER, busy=0):
        now += 10
        assert not gate.crowded(now), "alone behind its port"
        with process(tmp_path, THIS_SERVER, busy=4 - MORE), process(tmp_path, THIS_SERVER, busy=9) as third:
            now += 10
            assert not gate.crowded(now)
            places.append(inside(gate))
            assert gate.crowded(now)
            gate.leave(places.pop(), 200)
            assert not gate.crowded(now)
            third.kill()
            third.wait()
        now += 10
        assert not gate.crowded(now), "those that are gone do not count"
    assert [p.name for p in tmp_path.glob(f"web-{THIS_SERVER}-*")] == [seen.path.name]


def test_connections_go_where_less_is_done() -> None:
    """Eight browsers, two processes: wherever the system puts them at first, four are with each soon."""
    product = Product(ANJU_WEB_WORKERS="2")
    try:
        product.start()
        Program.of(product)  # so that there is a page to sign in at
        until(lambda: look(browser(product)) and len(loads(product)) == 2)
        for _ in range(4):  # by chance it would be so once in two hundred times
            ended = threading.Event()
            browsers = [threading.Thread(target=browse, args=(browser(product), ended)) for _ in range(8)]
            for each in browsers:
                each.start()
            until(lambda: any(loads(product) == [4, 4] for _ in range(50)), lambda: str(loads(product)))
            ended.set()
            for each in browsers:
                each.join()
    finally:
        product.close()


def loads(product: Product) -> list[int]:
    """What each of the server's processes has to do."""
    return [load(memoryview(p.read_bytes()).cast("q")) for p in (product.home / "run").glob("web-*")]


def browser(product: Product) -> http.client.HTTPConnection:
    """One that keeps its connection as long as the server does."""
    return http.client.HTTPConnection("127.0.0.1", product.port, timeout=60)


def look(through: http.client.HTTPConnection) -> bool:
    through.request("GET", "/sign-in")
    answer = through.getresponse()
    answer.read()
    assert answer.status == 200
    return True


def browse(through: http.client.HTTPConnection, ended: threading.Event) -> None:
    while not ended.is_set():
        look(through)
    through.close()
