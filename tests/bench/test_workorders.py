"""The figures of work orders are of what they say, and a surge is worked by urgency."""

from __future__ import annotations

import pytest

from anju.surface.bench import cli, surge


@pytest.mark.req("W-07")
@pytest.mark.req("W-09")
@pytest.mark.req("W-05")
def test_work_orders_are_measured(own_database: str) -> None:
    found = cli.bench("workorders", leases=40, rounds=1, scale=False, say=lambda _: None)
    create, claim, accept, few, many, repeats, week = found
    assert create["rows"] > 0
    assert create["past"] == 2_000
    assert create["p95_ms"] > 0
    for taken in (claim, accept):
        assert (taken["rounds"], taken["rows"], taken["winners_each"]) == (20, 20 * 64, 1)
    assert (few["due"], few["warned"], few["breached"]) == (20, 10, 10)
    assert many["due"] == many["breached"] == 2_000 - 10
    assert repeats["precision"] >= 0.9
    assert repeats["recall"] >= 0.85
    assert week["p0_breaches"] == 0 < week["first_come_p0_breaches"]


@pytest.mark.req("W-11")
def test_in_a_surge_the_urgent_do_not_wait_for_the_cosmetic() -> None:
    orders = surge.week()
    usual = surge.week(times=1)
    assert len(orders) > 2.5 * len(usual)
    urgent, came = surge.worked(orders, surge.by_urgency), surge.worked(orders, surge.as_they_came)
    assert urgent.breaches[0] == 0
    assert urgent.breaches[1] < came.breaches[1] / 10
    assert urgent.minutes[0] < came.minutes[0] / 10
    assert surge.worked(usual, surge.by_urgency).breaches[0] == surge.worked(usual, surge.as_they_came).breaches[0] == 0
    assert surge.week() == orders
