"""What a sweep has just read or written has no statistics: two such sets are never compared each with each.

It once took a timer 34 seconds for 10,000 limits, on a day on which the server had not yet counted a table just filled.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from anju.foundation.db import fetch
from anju.foundation.sweeps.explain import _of_one
from anju.foundation.sweeps.run import APPLY
from anju.foundation.sweeps.sweep import EVERYTHING, Sweep, all_sweeps

DAY = date(2026, 1, 7)


def statement(s: Sweep, apply: str) -> tuple[str, dict[str, Any]]:
    text = APPLY.format(candidates=s.candidates, plan=s.plan, apply=apply.strip().removesuffix(","))
    own = s.parameters(s.pin(DAY), DAY)
    return text, {**EVERYTHING, **own, "lo": 1, "hi": 9, "run_id": 1, "version_id": None}


def each_with_each(node: dict[str, Any]) -> Iterator[str]:
    """Nested loops over two sets of this statement's own, which take as long as one times the other."""
    parts = node.get("Plans", [])
    if node["Node Type"] == "Nested Loop" and all(own(part) for part in parts):
        yield " × ".join(own(part) for part in parts)
    for part in parts:
        yield from each_with_each(part)


def own(node: dict[str, Any]) -> str:
    """The set that a part of a plan reads whole; nothing where it is found in a table by a key."""
    if node["Node Type"] == "CTE Scan":
        return str(node["CTE Name"])
    parts = node.get("Plans", [])
    return own(parts[0]) if len(parts) == 1 and "Index" not in node["Node Type"] else ""


def planned(text: str, params: dict[str, Any]) -> list[str]:
    fetch("SELECT set_config('enable_seqscan', 'off', true)")
    (row,) = fetch(f"EXPLAIN (FORMAT JSON) {text}", params)
    found = row["QUERY PLAN"]
    return list(each_with_each((json.loads(found) if isinstance(found, str) else found)[0]["Plan"]))


@pytest.mark.parametrize("s", all_sweeps(), ids=lambda s: s.key)
def test_no_set_without_statistics_is_compared_with_another(company: int, s: Sweep) -> None:
    assert planned(*statement(s, str(s.apply))) == []


@pytest.mark.parametrize("s", all_sweeps(), ids=lambda s: s.key)
def test_one_subject_is_asked_about_by_its_key(company: int, s: Sweep) -> None:
    """The why of one subject must never be the plan for all of them."""
    asked = _of_one(str(s.plan)).sql
    assert "%(only)s" in asked
    assert "%(lo)s" not in asked


def test_the_test_finds_it(company: int) -> None:
    (s,) = (s for s in all_sweeps() if s.key == "timers")
    joined = """
    marked AS MATERIALIZED (SELECT subject_id AS id FROM plan),
    decided AS (SELECT p.subject_id, p.code, m.id AS effect_id, p.detail
                FROM plan p LEFT JOIN marked m ON m.id = p.subject_id)
    """
    assert planned(*statement(s, joined)) == ["plan × marked"]
