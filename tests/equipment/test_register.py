"""The register of equipment: what stands where, until when the maker mends it, what is out of use."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from anju.domain.equipment.actions import About, add_item, change_item, retire_item
from anju.domain.equipment.models import Equipment
from anju.domain.equipment.queries import Wanted, item, items, of_unit
from anju.domain.portfolio.models import Unit
from anju.foundation.db import clock
from anju.foundation.trace import events
from anju.kit import Actor, Refused
from tests.builders import House, house
from tests.flows.house import hire
from tests.staff import part, refusal, signed_in, text

HEATER = About("water_heater", "海尔 EC6001", serial="SN-7701")


@pytest.fixture
def place(company: int) -> House:
    where = house()
    where.unit("3-1-1208")
    return where


@pytest.fixture
def manager(place: House) -> Actor:
    return hire("manager", name="周敏")


def heater(by: Actor, place: House, code: str = "3-1-1208", **more: Any) -> Equipment:
    about = About("water_heater", "海尔 EC6001", serial="SN-7701", **more)
    return add_item(by, about=about, unit_id=place.unit(code).id)


def shown(by: Actor, **wanted: Any) -> list[str]:
    return [row["name"] for row in items(by, Wanted(**wanted))]


@pytest.mark.req("P-04")
def test_a_room_and_a_building_have_equipment(place: House, manager: Actor) -> None:
    made = heater(manager, place, note="  接地  已查 ")
    lift = add_item(manager, about=About("lift", "三菱 LEHY"), building_id=place.building.id)
    row = item(manager, made.id)
    assert (row["code"], row["building"], row["kind"], row["note"]) == (
        "3-1-1208",
        "3号楼",
        "water_heater",
        "接地 已查",
    )
    assert item(manager, lift.id)["code"] is None
    assert [r["id"] for r in of_unit(manager, place.unit("3-1-1208").id)] == [made.id]
    told = events.timeline(("unit", place.unit("3-1-1208").id))
    assert [e["action"] for e in told] == ["equipment.item.add"]


@pytest.mark.req("P-04")
def test_a_room_inside_a_flat_has_the_flats_equipment_too(place: House, manager: Actor) -> None:
    flat = place.unit("3-1-0901")
    room = Unit.objects.create(
        building=place.building, scope_id=place.building.scope_id, code="3-1-0901-A", kind="room", parent=flat
    )
    made = heater(manager, place, "3-1-0901")
    assert [r["id"] for r in of_unit(manager, room.id)] == [made.id]


@pytest.mark.req("P-04")
def test_warranties_run_out_by_the_day(place: House, manager: Actor) -> None:
    today = clock.today()
    for name, days in (("昨天", -1), ("今天", 0), ("三十天", 30), ("三十一天", 31)):
        about = About("air_conditioner", name, warranty_until=today + timedelta(days=days))
        add_item(manager, about=about, unit_id=place.unit("3-1-1208").id)
    add_item(manager, about=About("fridge", "没有保修"), unit_id=place.unit("3-1-1208").id)
    assert shown(manager, warranty="over") == ["昨天"]
    assert shown(manager, warranty="soon") == ["今天", "三十天"]
    assert sorted(shown(manager, warranty="in")) == sorted(["今天", "三十天", "三十一天"])
    assert shown(manager, kind="fridge") == ["没有保修"]
    assert shown(manager, room="1208", kind="fridge") == ["没有保修"]
    assert shown(manager, room="1209") == []
    assert Equipment.objects.get(name="今天").under_warranty(today)
    assert not Equipment.objects.get(name="昨天").under_warranty(today)
    assert not Equipment.objects.get(name="没有保修").under_warranty(today)


@pytest.mark.req("P-04")
def test_what_is_retired_stays_to_be_read_and_is_not_changed(place: House, manager: Actor) -> None:
    made = heater(manager, place, installed_on=clock.today() - timedelta(days=900))
    changed = change_item(manager, item_id=made.id, about=About("water_heater", "美的 F60"))
    assert (changed.name, changed.serial, changed.installed_on) == ("美的 F60", "", None)
    retire_item(manager, item_id=made.id)
    assert shown(manager) == []
    assert shown(manager, retired=True) == ["美的 F60"]
    for again in (
        lambda: retire_item(manager, item_id=made.id),
        lambda: change_item(manager, item_id=made.id, about=HEATER),
    ):
        with pytest.raises(Refused) as refused:
            again()
        assert refused.value.code == "equipment.retired"
        assert clock.today().isoformat() in refused.value.text()


@pytest.mark.req("P-04")
@pytest.mark.parametrize(
    ("about", "code"),
    [
        (About("water_heater", "  "), "equipment.no_name"),
        (About("spaceship", "海尔"), "equipment.no_kind"),
        (About("lock", "德" * 61), "equipment.too_long"),
        (About("lock", "德施曼", note="字" * 301), "equipment.too_long"),
    ],
)
def test_what_says_nothing_or_too_much_is_refused(place: House, manager: Actor, about: About, code: str) -> None:
    with pytest.raises(Refused) as refused:
        add_item(manager, about=about, unit_id=place.unit("3-1-1208").id)
    assert refused.value.code == code


@pytest.mark.req("P-04")
def test_days_must_fit_each_other(place: House, manager: Actor) -> None:
    today = clock.today()
    with pytest.raises(Refused, match="warranty_first"):
        heater(manager, place, installed_on=today, warranty_until=today - timedelta(days=1))
    made = heater(manager, place, installed_on=today - timedelta(days=5))
    for day in (today + timedelta(days=1), today - timedelta(days=6)):
        with pytest.raises(Refused, match="retired_when"):
            retire_item(manager, item_id=made.id, on=day)


@pytest.mark.req("P-04")
def test_another_projects_equipment_is_not_found(place: House, manager: Actor) -> None:
    made = heater(manager, place)
    elsewhere = house("5号楼")
    stranger = hire("manager", name="外人", all_projects=False, scope_ids=(elsewhere.building.scope_id,))
    for reach in (
        lambda: item(stranger, made.id),
        lambda: change_item(stranger, item_id=made.id, about=HEATER),
        lambda: retire_item(stranger, item_id=made.id),
        lambda: add_item(stranger, about=HEATER, unit_id=place.unit("3-1-1208").id),
        lambda: add_item(stranger, about=HEATER, building_id=place.building.id),
        lambda: add_item(stranger, about=HEATER),
    ):
        with pytest.raises(Refused, match="not_found"):
            reach()
    assert items(stranger, Wanted()) == []


@pytest.mark.req("P-04")
def test_technicians_look_and_finance_does_not(place: House, manager: Actor) -> None:
    made = heater(manager, place)
    fixer = hire("maintenance", name="赵永康")
    with pytest.raises(Refused, match="not_allowed"):
        change_item(fixer, item_id=made.id, about=HEATER)
    client = signed_in("maintenance", name="赵师傅")
    page = text(client, f"/equipment/{made.id}")
    assert "海尔 EC6001" in page
    assert "停用日" not in page
    assert refusal(client, "/equipment/new") == 403
    assert refusal(signed_in("finance"), "/equipment") == 403


@pytest.mark.req("P-04")
def test_the_pages_teach_register_and_find(place: House) -> None:
    client = signed_in("manager", name="周敏")
    assert "把热水器、空调、门锁登记到房间" in text(client, "/equipment")
    unit = place.unit("3-1-1208")
    assert "这间房还没有登记设备" in text(client, f"/units/{unit.id}")
    assert 'value="3-1-1208"' in text(client, f"/equipment/new?unit={unit.id}")
    typed = {"room": "3-1-1208", "kind": "water_heater", "name": "海尔 EC6001", "warranty_until": "2020-01-01"}
    wrong = client.post("/equipment/new", {**typed, "room": "9-9-9999"})
    assert wrong.status_code == 422
    assert "没有找到“9-9-9999”" in wrong.content.decode()
    assert "不是日期" in client.post("/equipment/new", {**typed, "installed_on": "昨天"}).content.decode()
    made = client.post("/equipment/new", typed)
    own = Equipment.objects.get()
    assert made.headers["Location"] == f"/equipment/{own.id}"
    page = text(client, f"/equipment/{own.id}")
    assert "已过保" in page
    assert "2020-01-01" in page
    assert "海尔 EC6001" in part(client, "/equipment?warranty=over&room=1208", "list")
    assert "没有符合条件的设备" in part(client, "/equipment?kind=lift", "list")
    assert "海尔 EC6001" in text(client, f"/units/{unit.id}")
    client.post("/equipment/new", {"building": "3号楼", "kind": "lift", "name": "三菱 LEHY"})
    assert Equipment.objects.get(kind="lift").unit is None
    sent = client.post(f"/equipment/{own.id}/change", {"kind": "water_heater", "name": "美的 F60"})
    assert sent.status_code == 302
    client.post(f"/equipment/{own.id}/retire", {"on": clock.today().isoformat()})
    assert "已停用" in text(client, f"/equipment/{own.id}")
    assert refusal(client, "/equipment/999999") == 404


def test_the_register_comes_in_pages_and_counts_what_fits(place: House, manager: Actor) -> None:
    for n in range(23):
        add_item(manager, about=About("lock", f"锁 {n:02}"), building_id=place.building.id)
    add_item(manager, about=About("lift", "三菱 LEHY"), building_id=place.building.id)
    client = signed_in("manager", name="周敏")
    first, second = (text(client, f"/equipment?kind=lock&page={page}") for page in (1, 2))
    assert (first.count("锁 "), second.count("锁 ")) == (20, 3)
    assert "共 23 条" in first
    assert "共 23 条" in second
    assert "共 24 条" in text(client, "/equipment")


@pytest.mark.req("P-04")
def test_a_room_number_of_several_projects_asks_which(place: House) -> None:
    other = house("3号楼")
    other.unit("3-1-1208")
    client = signed_in("manager")
    typed = {"room": "3-1-1208", "kind": "lock", "name": "德施曼"}
    assert "请选择项目" in client.post("/equipment/new", typed).content.decode()
    client.post("/equipment/new", {**typed, "project": other.building.scope_id})
    assert Equipment.objects.get().scope_id == other.building.scope_id
