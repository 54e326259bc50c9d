"""Calls that come at the same time are made as one."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from anju.kit.together import Together


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
