"""Calls that come at the same time are made as one; a question asked by many is answered once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from anju.kit.together import SingleFlight, Together


def test_who_comes_alone_is_served_alone_and_who_comes_meanwhile_is_served_together() -> None:
    begun, goes_on = Event(), Event()
    parts: list[list[int]] = []

    def work(asked: Sequence[int]) -> list[int]:
        parts.append(list(asked))
        begun.set()
        assert goes_on.wait(30)
        return [a * 10 for a in asked]

    together = Together(work, most=3)
    with ThreadPoolExecutor(8) as callers:
        first = callers.submit(together, 0)
        assert begun.wait(30)
        others = [callers.submit(together, n) for n in range(1, 6)]
        while len(together._waiting) < 5:  # all stand behind the first
            pass
        goes_on.set()
        assert first.result(30) == 0
        assert [o.result(30) for o in others] == [10, 20, 30, 40, 50]
    assert parts[0] == [0]
    assert [len(p) for p in parts] == [1, 3, 2]
    assert sorted(n for p in parts for n in p) == [0, 1, 2, 3, 4, 5]


def test_each_gets_the_error_and_the_next_call_works() -> None:
    answers = iter([ValueError("away"), None])

    def work(asked: Sequence[str]) -> list[str]:
        if (error := next(answers)) is not None:
            raise error
        return list(asked)

    together = Together(work, most=8)
    with pytest.raises(ValueError, match="away"):
        together("a")
    assert together("b") == "b"


def test_a_thousand_calls_from_many_threads_are_each_answered_once() -> None:
    seen: list[int] = []

    def work(asked: Sequence[int]) -> list[int]:
        seen.extend(asked)
        return [-a for a in asked]

    together = Together(work, most=16)
    with ThreadPoolExecutor(32) as callers:
        assert list(callers.map(together, range(1000))) == [-n for n in range(1000)]
    assert sorted(seen) == list(range(1000))


def test_who_asks_while_an_answer_is_sought_gets_the_next_one_sought_once_for_all() -> None:
    begun, goes_on = Event(), Event()
    answers = iter(range(10))

    def slow() -> int:
        begun.set()
        assert goes_on.wait(30)
        return next(answers)

    flight = SingleFlight[int](patience=30)
    with ThreadPoolExecutor(8) as callers:
        first = callers.submit(flight, "case", slow)
        assert begun.wait(30)
        others = [callers.submit(flight, "case", lambda: next(answers)) for _ in range(7)]
        while flight._latest["case"].begun:  # until one of them stands behind the first
            pass
        assert flight("another case", lambda: -1) == -1
        assert not first.done()
        goes_on.set()
        assert first.result(30) == 0
        later = [o.result(30) for o in others]
    assert min(later) == 1  # nobody got what was being sought before they asked
    assert flight("case", lambda: next(answers)) == max(later) + 1
    assert not flight._latest


def test_an_error_is_its_own_callers_and_the_others_seek_for_themselves() -> None:
    begun, goes_on, waits = Event(), Event(), Event()

    def first() -> str:
        begun.set()
        assert goes_on.wait(30)
        raise ValueError("the first")

    def second() -> str:
        assert waits.wait(30)
        raise ValueError("the second")

    flight = SingleFlight[str](patience=30)
    with ThreadPoolExecutor(4) as callers:
        one = callers.submit(flight, 1, first)
        assert begun.wait(30)
        two = callers.submit(flight, 1, second)
        while flight._latest[1].begun:
            pass
        three = callers.submit(flight, 1, lambda: "by itself")
        goes_on.set()
        waits.set()
        with pytest.raises(ValueError, match="the first"):
            one.result(30)
        with pytest.raises(ValueError, match="the second"):
            two.result(30)
        assert three.result(30) == "by itself"


class Slow:
    """An answer that is sought until it may go on."""

    def __init__(self) -> None:
        self.begun, self.goes_on = Event(), Event()

    def __call__(self) -> str:
        self.begun.set()
        assert self.goes_on.wait(30)
        return "at last"


def test_nobody_waits_for_ever_for_one_who_waits_for_them() -> None:
    slow = Slow()
    flight = SingleFlight[str](patience=0.05)
    with ThreadPoolExecutor(4) as callers:
        first = callers.submit(flight, 1, slow)
        assert slow.begun.wait(30)
        others = [callers.submit(flight, 1, lambda n=n: f"alone {n}") for n in range(2)]
        told = [o.result(30) for o in others]
        slow.goes_on.set()
        assert first.result(30) == "at last"
    assert set(told) <= {"alone 0", "alone 1"}


def test_who_is_ended_while_waiting_for_their_turn_keeps_nobody_waiting() -> None:
    class Ending(Event):
        def wait(self, timeout: float | None = None) -> bool:
            raise SystemExit

    slow = Slow()
    flight = SingleFlight[str](patience=30)
    with ThreadPoolExecutor(1) as callers:
        first = callers.submit(flight, 1, slow)
        assert slow.begun.wait(30)
        flight._latest[1].ended = Ending()
        with pytest.raises(SystemExit):
            flight(1, lambda: "never")
        slow.goes_on.set()
        assert first.result(30) == "at last"
    assert not flight._latest


def test_a_thousand_questions_from_many_threads_get_answers_sought_after_they_asked() -> None:
    asked = iter(range(100_000))
    sought: list[int] = []

    def seek() -> int:
        sought.append(now := next(asked))
        return now

    def ask(_n: int) -> bool:
        before = next(asked)
        return flight("all", seek) > before

    flight = SingleFlight[int](patience=30)
    with ThreadPoolExecutor(32) as callers:
        assert all(callers.map(ask, range(1000)))
    assert len(sought) <= 1000
    assert not flight._latest
