"""Benches measure what they say: the right rows, beside a floor of the same rows. How fast is nobody's test."""

from __future__ import annotations

import json

import pytest

from anju.foundation.db import fetch
from anju.kit import Refused
from anju.surface.bench import cli, plans, registry, report
from anju.surface.bench.measure import Figures, in_turn, latencies, percentile


@pytest.mark.parametrize("name", ["billing", "reminders"])
def test_a_sweep_is_measured_beside_its_floor(own_database: str, name: str) -> None:
    said: list[str] = []
    (found,) = cli.bench(name, leases=60, rounds=1, scale=False, say=said.append)
    assert found["rows"] >= 60
    assert found["ratio"] == pytest.approx(found["floor_seconds"] / found["seconds"], rel=0.2)
    assert json.loads(json.dumps(found)) == found
    assert said


def test_who_asks_for_a_bench_that_is_not_there_is_told_which_are() -> None:
    with pytest.raises(Refused) as refused:
        cli.bench("nothing", leases=0, rounds=1, scale=False, say=print)
    assert refused.value.code == "bench.unknown"
    assert set(registry.names()) <= set(refused.value.facts["known"].split("、"))


def test_work_and_floor_are_run_in_turn() -> None:
    order: list[str] = []

    def side(name: str, seconds: float):  # type: ignore[no-untyped-def]
        return lambda n: (order.append(f"{name}{n}"), seconds + n)[1]

    assert in_turn(side("w", 2.0), side("f", 1.0)) == (3.0, 2.0)
    assert order == ["w0", "f0", "w1", "f1", "w2", "f2"]


def test_percentiles_are_nearest_ranks() -> None:
    assert percentile([5, 1, 2, 4, 3], 0.5) == 3
    assert percentile(range(1, 101), 0.95) == 95
    assert latencies([0.001] * 100) == {"p50_ms": 1.0, "p95_ms": 1.0, "p99_ms": 1.0}


def test_a_figure_is_a_line_for_people() -> None:
    figure = Figures("billing", "60 leases", 80, 2.0, 1.0, "≥ 0.5", {"leases": 60}).as_json()
    assert report.lines([figure]) == [
        "  billing: 60 leases  80 rows, 2.0 s, floor 1.0 s, ratio 0.5 (asked for ≥ 0.5), leases 60"
    ]


def test_reading_is_measured_on_a_loaded_company(own_database: str) -> None:
    found = cli.bench("search", leases=60, rounds=1, scale=False, say=lambda _: None)
    assert {"names of 2 characters", "lease number", "room"} <= {f["what"] for f in found}
    assert all(f["p95_ms"] > 0 and f["rows"] > 0 for f in found)
    (cockpit,) = cli.bench("cockpit", leases=60, rounds=1, scale=False, say=lambda _: None)
    assert cockpit["charges"] > 60
    assert cockpit["rows"] > 0


def test_the_plans_of_hot_queries_are_read_and_their_kept_indexes_exist(own_database: str) -> None:
    found = cli.bench("plans", leases=60, rounds=1, scale=False, say=lambda _: None)
    kept = json.loads(plans.KEPT.read_text("utf-8"))
    assert {f["what"] for f in found} == set(kept)
    assert all(f["rows"] > 0 and f["indexes"] and f["whole"] == [] and f["spills"] == 0 for f in found)
    there = {r["indexname"] for r in fetch("SELECT indexname FROM pg_indexes")}
    assert {one for names in kept.values() for name in names for one in name.split(" or ")} <= there
