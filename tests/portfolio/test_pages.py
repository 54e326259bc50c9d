"""房源 in the console: the room map, the list, one unit, the tree; who finds what there, and what asking costs."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from anju.domain.leases.models import LeaseUnit
from anju.domain.portfolio.actions import register_places, set_unit_state
from anju.domain.portfolio.models import Building, Unit
from anju.domain.portfolio.places import Place
from anju.domain.portfolio.status import unit_status
from anju.domain.portfolio.worklist import ready
from anju.foundation.db import clock
from anju.foundation.staffing.actions import add_staff
from anju.foundation.sweeps.run import run_sweep
from anju.kit import Actor
from tests.builders import House, let, terms

SYSTEM = Actor.system()
PASSWORD = "correct horse 7"
OFF = {"state": "offline"}
TODAY = datetime(2026, 3, 1, 10, tzinfo=clock.SHANGHAI)
HZ = Place(
    "华东", "滨江店", "杭州", "禾里公寓", "3", "", layout="1室0厅1卫", orientation="南", guide_rent=Decimal(2180)
)


def tower(floors: int, wide: int, building: str = "3") -> list[Place]:
    """A tower with one staircase: 3-1-0201 and so on."""
    return [
        replace(HZ, building=building, unit=f"{building}-1-{f:02}{n:02}", entrance="1", floor=f, line=f"1-{n:02}")
        for f in range(2, floors + 2)
        for n in range(1, wide + 1)
    ]


def signed_in(*roles: str, projects: tuple[int, ...] | None = None) -> Client:
    """A member of staff with these roles, signed in at the door; limited to some projects if given."""
    login = f"{'-'.join(roles)}@example.com"
    limits = {} if projects is None else {"all_projects": False, "scope_ids": projects}
    add_staff(SYSTEM, login=login, name="林晓", roles=roles, password=PASSWORD, **limits)
    client = Client()
    assert client.post("/sign-in", {"login": login, "password": PASSWORD}).status_code == 302
    return client


def text_of(client: Client, address: str, **headers: str) -> str:
    answer = client.get(address, **headers)
    assert answer.status_code == 200, address
    return answer.content.decode()


def cells(page: str) -> dict[str, tuple[str, str]]:
    """The squares of the map: number → (state, fact)."""
    found = re.findall(r'a-room-cell is-(\w+)".*?<b>(.*?)</b>.*?<span>(.*?)</span></a>', page)
    return {number: (state, fact) for state, number, fact in found}


@pytest.fixture
def building(company: int) -> Building:
    """3号楼 with eight rooms: one pays late, one ends soon, one waits for its tenant, one is under repair."""
    register_places(SYSTEM, rows=tower(2, 4))
    made = Building.objects.get()
    rooms = House(made, {u.code: u for u in Unit.objects.all()})
    let(rooms, "3-1-0201", terms(start_on=date(2026, 1, 17)))
    run_sweep(SYSTEM, company, "billing", date(2026, 1, 10))
    let(rooms, "3-1-0202", terms(start_on=date(2025, 3, 15), end_on=date(2026, 3, 15), price=Decimal(2150)))
    let(rooms, "3-1-0203", terms(start_on=date(2026, 3, 4), end_on=date(2027, 3, 4)), status="awaiting")
    clock.move_to(datetime(2026, 2, 20, 9, tzinfo=clock.SHANGHAI))
    repair = [rooms.units["3-1-0301"].id]
    set_unit_state(SYSTEM, unit_ids=repair, state=Unit.State.REPAIR, ready_on=date(2026, 3, 5), reason="leak")
    clock.move_to(TODAY)
    return made


@pytest.mark.req("P-01")
def test_every_room_shows_its_state_and_the_fact_that_matters(building: Building) -> None:
    page = text_of(signed_in("service"), "/units")
    found = cells(page)
    assert found["0201"] == ("owing", "43 天")
    assert found["0202"] == ("ending", "13 天")
    assert found["0203"] == ("moving", "03-04")
    assert found["0301"] == ("repair", "03-05")
    assert found["0204"] == ("vacant", "未租过")
    assert len(found) == 8
    assert "1单元，每层 4 间" in page


def test_an_occupied_room_shows_the_tenants_masked_surname_only(building: Building) -> None:
    clock.move_to(datetime(2026, 3, 5, 10, tzinfo=clock.SHANGHAI))
    rooms = House(building, {u.code: u for u in Unit.objects.all()})
    let(rooms, "3-1-0304", terms(start_on=date(2026, 3, 1), end_on=date(2027, 3, 1)))
    page = text_of(signed_in("maintenance"), "/units")
    assert cells(page)["0304"] == ("living", "何*")


def test_the_column_beside_the_map_counts_what_is_let_empty_and_coming(building: Building) -> None:
    page = text_of(signed_in("service"), "/units")
    assert "8 间，在租 2 间" in page
    assert "25.0%" in page
    assert "比上月末" in page or "与上月末持平" in page
    assert "4 间，每天少收 ¥287" in page  # 4 × 2,180 × 12 / 365
    assert "搬入 3-1-0203" in page
    assert "修好 3-1-0301" in page


def test_who_stays_on_is_a_renewal_not_an_end_and_a_move(building: Building) -> None:
    old = LeaseUnit.objects.select_related("lease__payer").get(unit__code="3-1-0202").lease
    clock.move_to(datetime(2026, 3, 12, 10, tzinfo=clock.SHANGHAI))
    rooms = House(building, {u.code: u for u in Unit.objects.all()})
    more = terms(start_on=date(2026, 3, 15), end_on=date(2027, 3, 15))
    let(rooms, "3-1-0202", more, status="awaiting", person=old.payer)
    page = text_of(signed_in("service"), "/units")
    assert "续租 3-1-0202" in page
    assert "到期 3-1-0202" not in page


def test_the_map_costs_the_same_number_of_queries_for_8_and_for_164_rooms(building: Building) -> None:
    client = signed_in("service")
    text_of(client, "/units")

    def asked(address: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            text_of(client, address)
        return len(queries)

    small = asked("/units")
    register_places(SYSTEM, rows=[*tower(20, 8, "9"), *tower(1, 4, "8")])
    big = Building.objects.get(code="9")
    rooms = House(big, {u.code: u for u in Unit.objects.filter(building=big)})
    for code in list(rooms.units)[:12]:
        let(rooms, code, terms())
    assert len(cells(text_of(client, f"/units?building={big.id}"))) == 160
    assert asked(f"/units?building={big.id}") == small
    assert asked("/units/list") <= small + 2  # and what this person keeps of the list: views, columns


def test_a_flat_let_by_the_room_is_drawn_as_one_with_its_rooms(company: int) -> None:
    flat = replace(HZ, unit="4-1-0201", building="4", entrance="1", floor=2, layout="4室2厅2卫")
    parts = [replace(flat, unit=f"4-1-0201{c}", parent="4-1-0201", kind="room", layout="") for c in "ABCD"]
    register_places(SYSTEM, rows=[flat, *parts])
    client = signed_in("service")
    page = text_of(client, "/units")
    assert set(cells(page)) == {"A", "B", "C", "D"}
    assert "4室2厅2卫" in page
    whole = Unit.objects.get(code="4-1-0201")
    lease = let(House(whole.building, {whole.code: whole}), "4-1-0201", terms())
    LeaseUnit.objects.filter(lease=lease).delete()
    for leaf in Unit.objects.filter(parent=whole):
        LeaseUnit.objects.create(lease=lease, unit=whole, leaf_unit=leaf, occupied=("2025-12-01", "2027-01-17"))
    assert "</b> 整租" in text_of(client, "/units")
    own = text_of(client, f"/units/{whole.id}")
    assert "里面的房间" in own
    assert lease.number in own


def test_filters_keep_the_place_of_rooms_that_do_not_fit(building: Building) -> None:
    client = signed_in("service")
    assert set(cells(text_of(client, "/units?only=free"))) == {"0204", "0302", "0303", "0304"}
    assert set(cells(text_of(client, "/units?status=arrears"))) == {"0201"}
    assert set(cells(text_of(client, "/units?free=7"))) == {"0204", "0302", "0303", "0304", "0301"}
    assert cells(text_of(client, "/units?low=3000")) == {}
    assert "符合条件 0 间" in text_of(client, "/units?low=3000")
    for nonsense in ("?building=abc", "?project=99999999999", "?low=x&free=y&status=z", "?building=0"):
        assert len(cells(text_of(client, f"/units{nonsense}"))) == 8


def test_htmx_gets_the_card_the_panel_or_the_why_and_a_browser_the_page(building: Building) -> None:
    client = signed_in("service")
    late = Unit.objects.get(code="3-1-0201")
    ask = f"/units/{late.id}"
    card = text_of(client, ask, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="room-card")
    panel = text_of(client, ask, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="panel")
    why = text_of(client, f"{ask}?on=2026-01-01", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="why")
    page = text_of(client, ask)
    assert "data-unit-card" in card
    assert "<html" not in card + panel + why
    assert "2,280.00" in card
    assert "最早应付日 2026-01-17" in panel
    assert "待搬入" in why
    assert "当前合同的账单" in page
    assert "发生过的事" in page


def test_whoever_may_says_that_a_room_is_being_repaired(building: Building) -> None:
    client = signed_in("maintenance")
    room = Unit.objects.get(code="3-1-0204")
    given = {"state": "repair", "ready_on": "2026-03-09", "cause": "leak", "next": "/units"}
    answer = client.post(f"/units/{room.id}/state", given)
    assert (answer.status_code, answer["Location"]) == (302, "/units")
    page = text_of(client, "/units")
    assert cells(page)["0204"] == ("repair", "03-09")
    assert "3-1-0204 已设为维修中" in page
    client.post(f"/units/{room.id}/state", given | {"ready_on": "2020-01-01"})
    assert "不能早于今天" in text_of(client, "/units")
    answer = client.post(f"/units/{room.id}/state", {"state": "available", "next": "https://elsewhere.example/"})
    assert answer["Location"] == f"/units/{room.id}"
    assert unit_status(TODAY.date(), units=[room.id])[room.id]["status"] == "vacant"


def test_a_whole_passes_its_state_on_to_everything_inside(company: int) -> None:
    flat = replace(HZ, unit="4-1-0201", building="4")
    register_places(SYSTEM, rows=[flat, replace(flat, unit="4-1-0201A", parent="4-1-0201", kind="room")])
    whole = Unit.objects.get(code="4-1-0201")
    signed_in("manager").post(f"/units/{whole.id}/state", {"state": "offline", "cause": "inspection"})
    assert Unit.objects.get(code="4-1-0201A").state == "offline"


def test_without_the_right_there_is_no_button_and_no_way(building: Building) -> None:
    client = signed_in("finance")
    room = Unit.objects.get(code="3-1-0204")
    assert "改房态" not in text_of(client, f"/units/{room.id}", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="room-card")
    assert client.post(f"/units/{room.id}/state", {"state": "offline"}).status_code == 403


@pytest.mark.parametrize("method", ["get", "post"])
def test_rooms_of_other_projects_are_not_found(building: Building, method: str) -> None:
    register_places(SYSTEM, rows=[replace(HZ, city="成都", project="天府店", unit="1-1-0101", building="1")])
    mine, other = Unit.objects.get(code="3-1-0201"), Unit.objects.get(code="1-1-0101")
    client = signed_in("manager", projects=(mine.scope_id,))
    assert "1-1-0101" not in text_of(client, f"/units?project={other.scope_id}&building={other.building_id}")
    assert "天府店" not in text_of(client, f"/units/list?project={other.scope_id}") + text_of(client, "/projects")
    answer = client.get(f"/units/{other.id}") if method == "get" else client.post(f"/units/{other.id}/state", OFF)
    assert answer.status_code == 404


def test_the_list_has_a_view_for_every_state_and_finds_codes(building: Building) -> None:
    client = signed_in("service")
    page = text_of(client, "/units/list")
    for words in ("3-1-0201", "有欠款 43 天", "何雨桐", "8 间"):
        assert words in page
    assert "3-1-0201" not in text_of(client, "/units/list?status=vacant")
    found = text_of(client, "/units/list?code=0304")
    assert "3-1-0304" in found
    assert "3-1-0303" not in found
    assert "没有符合条件的房源" in text_of(client, "/units/list?code=X")
    for order in ("rent", "area", "since", "code", "nonsense"):
        assert "3-1-0201" in text_of(client, f"/units/list?sort={order}&project={building.scope_id}")


def test_the_list_is_cut_into_pages(company: int) -> None:
    register_places(SYSTEM, rows=tower(15, 4))
    client = signed_in("service")
    first, last = text_of(client, "/units/list"), text_of(client, "/units/list?page=3")
    assert "第 1–20 条" in first
    assert "第 41–60 条" in last
    assert "3-1-1604" not in first
    assert "3-1-1604" in last


def test_what_is_listed_is_exported_by_whoever_may(building: Building) -> None:
    answer = signed_in("service").get("/units/list.xlsx?status=arrears")
    book = ZipFile(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "3-1-0201" in sheet
    assert "3-1-0202" not in sheet
    assert "何雨桐" not in sheet
    assert signed_in("maintenance").get("/units/list.xlsx").status_code == 422


def test_the_tree_shows_positions_with_their_precision_and_marks_what_has_none(building: Building) -> None:
    placed = replace(HZ, project="西溪店", unit="1-1-0101", building="1", lon=Decimal("120.06"), lat=Decimal("30.27"))
    register_places(SYSTEM, rows=[replace(placed, position_precision="小区")])
    client = signed_in("service")
    page = text_of(client, "/projects")
    for words in ("华东", "滨江店", "西溪店", "30.2700, 120.0600", "精确到小区", "未定位", "25.0%", "3号楼"):
        assert words in page
    unplaced = text_of(client, "/projects?position=none")
    assert "禾里公寓" in unplaced
    assert "30.2700" not in unplaced
    assert "没有符合条件的项目" in text_of(client, "/projects?name=不存在")


def test_a_company_without_places_is_told_how_to_begin(company: int) -> None:
    client = signed_in("manager")
    for address in ("/units", "/units/list", "/projects"):
        assert "还没有" in text_of(client, address)


def test_a_place_that_should_be_ready_waits_in_the_work_list(building: Building) -> None:
    clock.move_to(datetime(2026, 3, 6, 9, tzinfo=clock.SHANGHAI))
    request = RequestFactory().get("/")
    request.actor = SYSTEM  # type: ignore[attr-defined]
    assert [(line.title, line.what) for line in ready(request, 5)] == [("3-1-0301", "维修应已完成")]
