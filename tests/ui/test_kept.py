"""Figures over very many rows are counted once a minute, those of every page once a second for all who see them."""

from __future__ import annotations

from itertools import count
from threading import Thread
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from anju.foundation.db import org_scope
from anju.foundation.ui import kept as module
from anju.foundation.ui.kept import ACTED, kept, note_act, shared


def test_a_large_figure_stays_for_a_minute_and_for_its_organization_only(
    org: int, other_org: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts, now = count(1), [1000.0]
    monkeypatch.setattr(module, "_figures", {})
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    others: list[Thread] = []

    def beside(**how: Any) -> Thread:
        others.append(Thread(**how))
        return others[-1]

    monkeypatch.setattr(module, "Thread", beside)

    def read(scope: int, key: str = "let") -> int:
        with org_scope(scope):
            return kept((key,), lambda: next(counts), worth=lambda n: n > 1)

    assert [read(org), read(org), read(org)] == [1, 2, 2]  # the first is small and counted again
    assert read(other_org) == 3
    assert read(org, "due") == 4
    now[0] += module.FOR_S
    assert read(org) == 2  # shown while it is counted again beside the request
    others[-1].join(30)
    assert read(org) == 5
    assert len(others) == 1
    now[0] += module.SHOWN_S  # too old to be shown
    assert read(org) == 6


def test_what_all_see_alike_is_read_once_a_second_and_anew_for_whoever_has_just_done_something(
    org: int, other_org: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads, now = count(1), [1000.0]
    monkeypatch.setattr(module, "_moments", {})
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    look, act = RequestFactory().get("/"), RequestFactory().post("/")

    def read(scope: int = org, *, request: Any = look, key: str = "late") -> int:
        with org_scope(scope):
            return shared((key, "None"), lambda: next(reads), request=request)

    assert [read(), read(), read(other_org), read(key="due")] == [1, 1, 2, 3]
    answers = HttpResponse(), HttpResponse()
    note_act(look, answers[0])
    note_act(act, answers[1])
    assert [ACTED in answer.cookies for answer in answers] == [False, True]
    after = RequestFactory().get("/")
    after.COOKIES[ACTED] = answers[1].cookies[ACTED].value
    assert [read(request=after), read()] == [4, 4]  # the others see at once what was read for one
    now[0] += module.MOMENT_S
    assert read() == 5
