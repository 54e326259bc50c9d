"""The demo's repairs are the figures of the notes on demo data: drawn in a large sample, lived in a small one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import mean, median

import pytest

from anju.domain.workorders.actions import SHORT_SPOTS
from anju.domain.workorders.models import WorkOrder
from anju.domain.workorders.policies import WorkOrders
from anju.foundation.db import fetch, fetch_value, org_scope
from anju.surface.demo.build import SEED
from anju.surface.demo.plan import Plan
from anju.surface.demo.repairs import ARRIVAL
from anju.surface.demo.world.breakages import HOURS, KINDS, Breakage, draw
from anju.surface.demo.world.sayings import ADDED, ADDED_IN_A_HURRY, BACK_SOON, sayings, sayings_of
from tests.demo.conftest import lived, small_places

ROOMS, BEDS, COMPANIES = 760, 40, 27
YEAR = [date(2025, 11, 22) + timedelta(days=n) for n in range(365)]
SHARES = {
    "water": 24, "air": 16, "lock": 13, "power": 12, "heat": 10, "appliance": 9, "network": 6, "wall": 6, "other": 4,
}  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """A year of many companies: all reports, those that repeat nothing, those of days with and without an outage."""

    reports: list[Breakage]
    orders: list[Breakage]
    usual: list[Breakage]
    outages: list[Breakage]


@pytest.fixture(scope="module")
def drawn() -> Sample:
    days = [draw(f"{n}", day, ROOMS, BEDS) for n in range(COMPANIES) for day in YEAR]
    reports = [b for day in days for b in day]
    hit = [any(b.outage for b in day) for day in days]
    return Sample(
        reports, [b for b in reports if b.of is None],
        [b for day, out in zip(days, hit, strict=True) if not out for b in day],
        [b for day, out in zip(days, hit, strict=True) if out for b in day],
    )  # fmt: skip


def percent(part: Iterable[bool]) -> float:
    """The share of those that are true."""
    return 100 * mean(part)


def minutes(of: list[timedelta]) -> tuple[float, float]:
    """The median, and what nine of ten stay below."""
    found = sorted(t.total_seconds() / 60 for t in of)
    return median(found), found[len(found) * 9 // 10]


def about(figure: float, share: float) -> object:
    """Within so many percent of a figure."""
    return pytest.approx(figure, rel=share / 100)


def test_a_room_breaks_2_6_times_a_year_and_a_bed_1_2_times(drawn: Sample) -> None:
    assert len(drawn.reports) > 50_000
    assert len(drawn.reports) == about(COMPANIES * (2.6 * ROOMS + 1.2 * BEDS), 2)
    beds = [b for n in range(200) for b in draw(f"beds {n}", YEAR[150], 0, 2000)]
    rooms = [b for n in range(200) for b in draw(f"rooms {n}", YEAR[150], 2000, 0)]
    assert len(rooms) / len(beds) == about(2.6 / 1.2, 5)


def test_kinds_have_their_shares_of_the_year(drawn: Sample) -> None:
    kinds = Counter(b.kind for b in drawn.orders)
    assert {k: 100 * n / len(drawn.orders) for k, n in kinds.items()} == pytest.approx(SHARES, abs=0.7)


@pytest.mark.parametrize(
    ("kind", "months", "times"),
    [
        ("water", (12, 1), 2), ("air", (7, 8), 3), ("lock", (2, 3, 6, 7, 8, 9), 1.3), ("power", (7, 8), 1.5),
        ("heat", (11, 12, 1), 2.5), ("wall", (6,), 2), ("appliance", (7, 8), 1),
    ],
)  # fmt: skip
def test_seasons_have_so_many_times_as_many(drawn: Sample, kind: str, months: tuple[int, ...], times: float) -> None:
    days = Counter(day.month in months for day in YEAR)
    held = Counter(b.at.month in months for b in drawn.orders if b.kind == kind)
    assert (held[True] / days[True]) / (held[False] / days[False]) == about(times, 10)


def test_most_is_reported_between_19_and_22_h(drawn: Sample) -> None:
    hours = Counter(b.at.hour for b in drawn.reports)
    assert {hour for hour, _ in hours.most_common(3)} == {19, 20, 21}
    assert percent(19 <= b.at.hour <= 22 for b in drawn.reports) == about(sum(HOURS[19:23]), 6)
    assert sum(HOURS[19:23]) > 45


def test_one_of_eleven_repeats_and_in_an_outage_one_of_four(drawn: Sample) -> None:
    assert percent(b.of is not None for b in drawn.usual) == pytest.approx(9, abs=0.5)
    assert percent(b.of is not None for b in drawn.outages) == pytest.approx(25, abs=4)
    first = {b.key for b in drawn.orders}
    assert all(b.of in first for b in drawn.reports if b.of is not None)


def test_the_classes_are_3_14_58_and_25_percent(drawn: Sample) -> None:
    classes = Counter(b.priority for b in drawn.orders)
    assert [100 * classes[n] / len(drawn.orders) for n in range(4)] == pytest.approx([3, 14, 58, 25], abs=1)
    assert [sum(row.orders[n] for row in KINDS.values()) for n in range(4)] == [30, 140, 580, 250]
    assert {kind: sum(row.orders) / 10 for kind, row in KINDS.items()} == SHARES


def test_it_takes_as_long_as_the_notes_say(drawn: Sample) -> None:
    of = [[b for b in drawn.orders if b.priority == n] for n in range(4)]
    answered = minutes([b.visits[0].accepted - b.at for b in of[0]])
    there = minutes([b.visits[0].arrived - b.at for b in of[0]])
    assert answered == (about(14, 6), about(34, 8))
    assert there == (about(70, 6), about(135, 8))
    done = [minutes([b.first_mended - b.at for b in group])[0] / 60 for group in of]
    assert done[1:] == [about(9, 10), about(30, 8), about(72, 6)]


def test_most_is_mended_at_once_and_liked(drawn: Sample) -> None:
    assert percent(b.fixed_at_once for b in drawn.orders) == pytest.approx(84, abs=1)
    assert percent(b.reopened_at is not None for b in drawn.orders) == pytest.approx(6, abs=0.6)
    stars = [b.stars for b in drawn.orders if b.stars is not None]
    assert 100 * len(stars) / len(drawn.orders) == pytest.approx(35, abs=1)
    assert mean(stars) == pytest.approx(4.6, abs=0.03)


def test_nothing_happens_before_what_it_follows(drawn: Sample) -> None:
    for b in drawn.reports:
        moments = [b.at]
        for visit in b.visits:
            moments += [*([b.reopened_at] if b.reopened_at and visit is b.visits[-1] else ()), visit.accepted]
            moments += [visit.arrived, visit.left]
        moments += [b.confirmed_at] if b.confirmed_at is not None else []
        assert moments == sorted(moments), b
        if b.priority > 1:
            assert all(6 <= visit.arrived.hour < 24 for visit in b.visits)


def test_the_same_seed_draws_the_same() -> None:
    assert draw("7", YEAR[9], ROOMS, BEDS) == draw("7", YEAR[9], ROOMS, BEDS)
    assert draw("7", YEAR[9], ROOMS, BEDS) != draw("8", YEAR[9], ROOMS, BEDS)


def test_words_are_read_as_the_kind_and_class_they_stand_for() -> None:
    """The class of a reported order is the one its words suggest, so that the shares hold for what is lived too."""
    words = WorkOrders().dictionary()
    for saying in sayings():
        for said in (saying.said, *(f"{saying.said}，{more}" for more in (*ADDED, *ADDED_IN_A_HURRY))):
            read = words.read(said, SHORT_SPOTS[saying.spot])
            assert (read.kind, read.priority) == (saying.kind, saying.priority), said
    assert all(len(why) >= 2 for why in BACK_SOON)


def test_every_kind_and_class_has_words_for_every_month_and_of_its_season_only() -> None:
    for kind, row in KINDS.items():
        for priority, share in enumerate(row.orders):
            for month in range(1, 13):
                assert not share or sayings_of(kind, priority, month), (kind, priority, month)
    july = {s.said for k in KINDS for n in range(4) for s in sayings_of(k, n, 7)}
    january = {s.said for k in KINDS for n in range(4) for s in sayings_of(k, n, 1)}
    assert not any(word in said for said in july for word in ("暖气", "地暖", "制热", "冻裂", "冻松", "太冷"))
    assert not any(word in said for said in january for word in ("不制冷", "纱窗", "梅雨", "怕热", "台风"))


LIVED = """
SELECT c.number, c.stage, c.priority, o.kind, o.said, o.source, o.rating, o.opened_at, c.follows_id,
       EXISTS (SELECT FROM flow_visit v WHERE v.case_id = c.id AND v.step = 'reopen') AS reopened
FROM work_order o JOIN flow_case c ON c.id = o.case_id WHERE o.opened_at < %(before)s ORDER BY o.id
"""
COSTLESS = """
SELECT count(*) FROM flow_visit v JOIN work_order o ON o.case_id = v.case_id
WHERE v.step = 'finish' AND o.source <> 'import' AND NOT EXISTS (SELECT FROM work_order_cost k WHERE k.order_id = o.id)
"""


def test_the_demo_lives_and_takes_over_repairs_in_plausible_numbers(committed: str) -> None:
    first, last = date(2026, 1, 5), date(2026, 3, 22)
    org = lived("七十七天公寓", Plan(SEED, first, last, small_places()))
    with org_scope(org):
        orders = fetch(LIVED, {"before": f"{last} 23:59+08"})
        assert 60 <= len(orders) <= 240
        told = [o for o in orders if o["source"] != "import"]
        assert 20 <= len(told) < len(orders)
        assert len({o["kind"] for o in orders}) >= 7
        assert 30 <= percent(o["priority"] == 2 for o in orders) <= 80
        assert len({o["said"] for o in orders}) > 0.6 * len(orders)
        assert percent(o["opened_at"].astimezone().second == 0 for o in orders) < 15
        rated = [o["rating"] for o in orders if o["rating"] is not None]
        assert 15 <= 100 * len(rated) / len(orders) <= 55
        assert mean(rated) >= 4
        assert {o["stage"] for o in told} >= {"new", "done"}
        assert fetch_value(COSTLESS) == 0
        assert len({c for c in WorkOrder.objects.values_list("case__assignee", flat=True) if c}) >= 3
        assert all(o["opened_at"].date() < last or o["opened_at"].time() <= ARRIVAL for o in orders)
        assert 3 <= fetch_value("SELECT count(*) FROM complaint") <= 12
        agreed = WorkOrder.objects.filter(visit_agreed=True).exclude(source="import").count()
        assert 20 <= 100 * agreed / len(told) <= 90
        assert set(WorkOrder.objects.values_list("entry", flat=True)) == {"", "home", "away"}
