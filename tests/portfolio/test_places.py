"""Registering places: whole flats, rooms and beds, twice, in bulk, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from anju.domain.portfolio.actions import change_unit, register_places, set_unit_state
from anju.domain.portfolio.models import Building, Project, Unit
from anju.domain.portfolio.places import Place, city_code
from anju.domain.portfolio.rules import bedrooms_of, line_of, not_for_living
from anju.domain.portfolio.status import status_counts, unit_status
from anju.foundation.db import clock, org_scope
from anju.kit import Actor, Refused

SYSTEM = Actor.system()
HZ = {"region": "华东", "store": "滨江店", "city": "杭州", "project": "禾里公寓·杭州滨江店", "building": "3"}


def place(unit: str, **more: object) -> Place:
    return Place(**(HZ | {"unit": unit} | more))  # type: ignore[arg-type]


@pytest.mark.req("P-01")
def test_a_flat_with_rooms_is_let_as_a_whole_or_by_its_leaves(in_org: int) -> None:
    rows = [place("3-1-1208A", parent="3-1-1208", kind="room"), place("3-1-1208", layout="3室1厅1卫", floor=12)]
    done = register_places(SYSTEM, rows=[*rows, place("3-1-1208B", parent="3-1-1208", kind="room")])
    assert done.refused == {}
    assert done.new == 3
    flat = Unit.objects.get(code="3-1-1208")
    assert (flat.leaf, flat.bedrooms, flat.line, flat.floor) == (False, 3, "08", 12)
    assert set(Unit.objects.filter(leaf=True).values_list("code", "parent_id")) == {
        ("3-1-1208A", flat.id),
        ("3-1-1208B", flat.id),
    }
    project = Project.objects.get()
    assert (project.code, flat.scope_id, Building.objects.get().name) == ("HZ", project.id, "3号楼")


def test_registering_twice_adds_nothing(in_org: int) -> None:
    rows = [place("3-1-1208", guide_rent=Decimal("2280")), place("3-1-1209")]
    first = register_places(SYSTEM, rows=rows)
    again = register_places(SYSTEM, rows=rows)
    assert (first.new, again.new) == (2, 0)
    assert again.unit_ids == first.unit_ids


@pytest.mark.req("P-02")
def test_offices_desks_and_beds_live_in_one_model(in_org: int) -> None:
    rows = [
        place("5-302", building="5", kind="room", project_kind="dormitory", project="沧浪宿舍"),
        place("5-302-3床", building="5", kind="bed", parent="5-302", project_kind="dormitory", project="沧浪宿舍"),
        place("A1203", building="A", kind="office", project_kind="office", project="云岫大厦", area=Decimal("120.5")),
        place("W-017", building="A", kind="desk", project_kind="shared_office", project="拾光办公"),
    ]
    assert register_places(SYSTEM, rows=rows).new == 4
    assert Unit.objects.get(code="A1203").area == Decimal("120.50")


def test_bad_rows_come_back_with_reasons_and_good_rows_go_in(in_org: int) -> None:
    rows = [
        place("3-1-1208"),
        place("3-1-1208-厨房"),
        place("X", parent="没有这间"),
        place("车库1", project_kind="office", project="云岫"),
    ]
    done = register_places(SYSTEM, rows=rows)
    assert {n: r.code for n, r in done.refused.items()} == {1: "unit.not_lettable", 2: "unit.parent_missing"}
    assert done.new == 2
    assert done.unit_ids[1] is None


def test_a_circle_of_parents_is_refused_not_endless(in_org: int) -> None:
    done = register_places(SYSTEM, rows=[place("A", parent="B"), place("B", parent="A")])
    assert {r.code for r in done.refused.values()} == {"unit.parent_missing"}


@pytest.mark.parametrize(
    ("kind", "code", "layout", "word"),
    [
        ("apartment", "1208-阳台", "", "阳台"),
        ("residential", "1208", "厨房", "厨房"),
        ("residential", "1208", "2室1厅1厨房", None),
        ("office", "车库1", "", None),
    ],
)
def test_spaces_not_for_living_are_known(kind: str, code: str, layout: str, word: str | None) -> None:
    assert not_for_living(kind, code, layout) == word


def test_names_of_places_are_read() -> None:
    assert (bedrooms_of("2室1厅1卫"), bedrooms_of("两居"), bedrooms_of("开间"), bedrooms_of("?")) == (2, 2, 1, None)
    assert (line_of("3-1-1208"), line_of("A1203"), line_of("大堂")) == ("08", "03", "")
    assert (city_code("杭州市"), city_code("上海")) == ("HZ", "SH")


def test_a_unit_is_what_staff_say_until_somebody_lives_there(in_org: int) -> None:
    ids = [u for u in register_places(SYSTEM, rows=[place("1"), place("2"), place("3")]).unit_ids if u]
    set_unit_state(SYSTEM, unit_ids=ids[:1], state=Unit.State.REPAIR, ready_on=clock.today())
    today = unit_status(clock.today(), units=ids)
    assert [today[u]["status"] for u in ids] == ["repair", "vacant", "vacant"]
    assert today[ids[0]]["since"] == clock.today()
    counts = {row["status"]: row["units"] for row in status_counts(clock.today())}
    assert counts == {"repair": 1, "vacant": 2}


def test_changing_a_unit_refuses_nothing_and_the_unlettable(in_org: int) -> None:
    (unit_id,) = register_places(SYSTEM, rows=[place("1208", layout="1室1厅")]).unit_ids
    assert unit_id
    assert change_unit(SYSTEM, unit_id=unit_id, layout="2室1厅").bedrooms == 2
    for layout, code in (("2室1厅", "unit.nothing_to_change"), ("厨房", "unit.not_lettable")):
        with pytest.raises(Refused) as refused:
            change_unit(SYSTEM, unit_id=unit_id, layout=layout)
        assert refused.value.code == code


def test_another_companys_unit_is_not_found(org: int, other_org: int) -> None:
    with org_scope(org):
        (unit_id,) = register_places(SYSTEM, rows=[place("1208")]).unit_ids
    assert unit_id
    with org_scope(other_org):
        for refused_call in (
            lambda: change_unit(SYSTEM, unit_id=unit_id, layout="2室"),
            lambda: set_unit_state(SYSTEM, unit_ids=[unit_id], state=Unit.State.OFFLINE),
        ):
            with pytest.raises(Refused) as refused:
                refused_call()
            assert refused.value.code == "not_found"
        assert unit_status(clock.today(), units=[unit_id]) == {}
