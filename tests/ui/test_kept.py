"""Figures over very many rows are counted once a minute; small organizations see the moment."""

from __future__ import annotations

from itertools import count

import pytest

from anju.foundation.db import org_scope
from anju.foundation.ui import kept as module
from anju.foundation.ui.kept import kept


def test_a_large_figure_stays_for_a_minute_and_for_its_organization_only(
    org: int, other_org: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts, now = count(1), [1000.0]
    monkeypatch.setattr(module, "_figures", {})
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])

    def read(scope: int, key: str = "let") -> int:
        with org_scope(scope):
            return kept((key,), lambda: next(counts), worth=lambda n: n > 1)

    assert [read(org), read(org), read(org)] == [1, 2, 2]  # the first is small and counted again
    assert read(other_org) == 3
    assert read(org, "due") == 4
    now[0] += module.FOR_S
    assert read(org) == 5
