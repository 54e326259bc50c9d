"""A code on the room's wall: printed by staff, scanned by who lives there, by a neighbour, by a stranger."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from anju.domain.leases.models import LeaseUnit
from anju.domain.portfolio.models import Building, Unit
from anju.domain.workorders.documents import labels_pdf
from anju.domain.workorders.models import RoomCode, RoomCodePlace, WorkOrder
from anju.domain.workorders.room_codes import Label, make_codes
from anju.foundation.crypto import create_org_key
from anju.foundation.db import clock, fetch_value, org_scope, scoped_org
from anju.foundation.identity import sessions
from anju.foundation.trace.models import TraceEvent
from anju.kit import Actor, Refused
from tests.builders import house
from tests.flows.house import hire
from tests.staff import refusal, signed_in, text
from tests.workorders.conftest import Block
from tests.workorders.test_orders import ABOVE, ROOM
from tests.workorders.test_pages import phone


def path_of(label: Label) -> str:
    """What the camera opens, on this server."""
    return label.address[label.address.index("/q/") :]


def label_of(block: Block, agent: Actor, room: str = ROOM) -> Label:
    return make_codes(agent, unit_id=block.where.unit(room).id)[0]


@pytest.mark.req("W-01")
def test_who_lives_there_scans_and_reports_for_this_room(block: Block, agent: Actor) -> None:
    client, path = phone(block), path_of(label_of(block, agent))
    sent = client.get(path)
    form = text(client, sent.headers["Location"])
    assert "为这间房报修" in form
    assert ROOM in form
    lease, unit = block.lease(ROOM).id, block.where.unit(ROOM).id
    client.post("/p/repairs/new", {"lease": lease, "room": unit, "spot": "kitchen", "said": "水槽下的水管漏水"})
    assert WorkOrder.objects.get().unit_id == unit


@pytest.mark.req("W-01")
def test_of_a_lease_with_two_rooms_the_scanned_one_is_reported(block: Block, agent: Actor) -> None:
    lease, second = block.lease(ROOM), block.where.unit("3-1-0999")
    today = clock.today()
    LeaseUnit.objects.create(
        lease=lease, unit=second, leaf_unit=second, occupied=(date(today.year - 1, 1, 1), date(today.year + 1, 1, 1))
    )
    client = phone(block)
    sent = client.get(path_of(label_of(block, agent, "3-1-0999")))
    assert f"room={second.id}" in sent.headers["Location"]
    client.post("/p/repairs/new", {"lease": lease.id, "room": second.id, "spot": "kitchen", "said": "水管漏水了"})
    assert WorkOrder.objects.get().unit_id == second.id
    foreign = block.where.unit("3-1-0101").id  # a room that is not the lease's is not taken from the form
    client.post("/p/repairs/new", {"lease": lease.id, "room": foreign, "spot": "bath", "said": "花洒坏了没法用"})
    assert set(WorkOrder.objects.values_list("unit_id", flat=True)) == {second.id, block.where.unit(ROOM).id}


@pytest.mark.req("W-01")
def test_a_neighbour_may_report_the_stairs_only(block: Block, agent: Actor) -> None:
    block.lease(ROOM)
    client = phone(block, ABOVE)
    form = text(client, client.get(path_of(label_of(block, agent))).headers["Location"])
    assert "这间不是您住的房间" in form
    assert 'value="public"' in form
    assert 'value="kitchen"' not in form


@pytest.mark.req("W-01")
def test_somebody_of_another_building_is_told_so(block: Block, agent: Actor) -> None:
    elsewhere = Block(house("5号楼"))
    sent = phone(elsewhere).get(path_of(label_of(block, agent)))
    assert sent.status_code == 403
    page = sent.content.decode()
    assert "您不住在这栋楼" in page
    assert ROOM not in page


@pytest.mark.req("W-01")
def test_a_bed_is_lived_in_through_the_label_of_its_flat(block: Block, agent: Actor) -> None:
    flat, bed = block.where.unit("3-1-0502"), block.where.unit("3-1-0502-1床")
    Unit.objects.filter(id=flat.id).update(leaf=False, kind="whole")
    Unit.objects.filter(id=bed.id).update(parent=flat, kind="bed")
    today = clock.today()
    lease = block.lease(ROOM)
    LeaseUnit.objects.filter(lease=lease).update(
        unit=bed, leaf_unit=bed, occupied=(date(today.year - 1, 1, 1), date(today.year + 1, 1, 1))
    )
    labels = make_codes(agent, building_id=block.where.building.id)
    assert bed.id not in {label.unit_id for label in labels}
    path = path_of(next(label for label in labels if label.unit_id == flat.id))
    found = phone(block).get(path).headers["Location"]
    assert f"room={bed.id}" in found
    assert "public" not in found


@pytest.mark.req("W-01")
def test_nobody_signed_in_comes_back_after_the_code(block: Block, agent: Actor) -> None:
    path = path_of(label_of(block, agent))
    sent = Client().get(path)
    assert sent.headers["Location"] == f"/p/sign-in?org={scoped_org()}&next={path.replace('/', '%2F')}"
    assert f'value="{path}"' in text(Client(), sent.headers["Location"])


@pytest.mark.req("W-01")
def test_a_colleague_who_scans_it_sees_the_room(block: Block, agent: Actor) -> None:
    label = label_of(block, agent)
    assert signed_in("maintenance").get(path_of(label)).headers["Location"] == f"/units/{label.unit_id}"


@pytest.mark.req("W-01")
def test_a_tenant_of_another_company_learns_nothing(org: int, other_org: int) -> None:
    blocks = []
    for each in (org, other_org):
        with org_scope(each):
            if fetch_value("SELECT count(*) FROM org_key") == 0:
                create_org_key()
            blocks.append(Block(house()))
            if each == org:
                label = label_of(blocks[0], Actor.system())
            else:
                session = sessions.open_tenant_session(each, blocks[1].tenant(ROOM).id)
    client = Client()
    client.cookies[sessions.TENANT_COOKIE] = session
    sent = client.get(path_of(label))
    page = sent.content.decode()
    assert sent.status_code == 403
    assert "这个码不属于您的公寓" in page
    assert ROOM not in page


@pytest.mark.req("W-01")
def test_printing_again_changes_nothing_until_new_codes_are_chosen(block: Block, agent: Actor) -> None:
    rooms = [block.where.unit(f"3-1-{floor:02}01") for floor in (1, 2, 3)]
    for unit in rooms:
        Unit.objects.filter(id=unit.id).update(floor=int(unit.code[4:6]))
    building = block.where.building.id
    first = make_codes(agent, building_id=building, low=1, high=2)
    assert [label.room for label in first] == ["3-1-0101", "3-1-0201"]
    events = TraceEvent.objects.filter(action="workorders.room_code.make")
    assert events.count() == 1
    again = make_codes(agent, building_id=building)
    assert again[:2] == first
    assert RoomCode.objects.count() == RoomCodePlace.objects.count() == 3
    make_codes(agent, building_id=building)
    assert events.count() == 2
    renewed = make_codes(agent, building_id=building, renew=True)
    assert not {label.address for label in renewed} & {label.address for label in again}
    assert RoomCode.objects.filter(revoked_at=None).count() == 3
    token = path_of(renewed[0]).removeprefix("/q/")
    assert token not in str(list(RoomCode.objects.values())) + str(list(RoomCodePlace.objects.values()))
    assert "报修码已停用" in phone(block).get(path_of(first[0])).content.decode()


@pytest.mark.req("W-01")
def test_a_code_that_never_was_is_told_so_and_scanning_has_an_end(org: int) -> None:
    client = Client()
    assert "这个报修码打不开" in client.get("/q/nothing1234").content.decode()
    statuses = {client.get("/q/nothing1234").status_code for _ in range(130)}
    assert 429 in statuses


@pytest.mark.req("W-01")
def test_staff_print_the_sheets_of_a_building_or_of_a_room(block: Block) -> None:
    unit, building = block.where.unit(ROOM), block.where.building
    client = signed_in("service")
    assert "打印报修码" in text(client, f"/units?project={building.scope_id}&building={building.id}")
    assert "这间房还没有报修码" in text(client, f"/units/{unit.id}")
    assert "共 1 个房间，0 个已有报修码" in text(client, f"/orders/codes?building={building.id}")
    sent = client.post("/orders/codes", {"building": building.id, "low": "", "high": ""})
    assert sent.content.startswith(b"%PDF")
    assert "贴着报修码" in text(client, f"/units/{unit.id}")
    assert client.post("/orders/codes", {"unit": unit.id}).content.startswith(b"%PDF")
    assert RoomCode.objects.count() == 1
    none = client.post("/orders/codes", {"building": building.id, "low": "50"})
    assert "这些楼层没有房间" in none.content.decode()


@pytest.mark.req("W-01")
def test_only_the_office_prints_and_only_its_own_projects(block: Block) -> None:
    assert refusal(signed_in("maintenance"), "/orders/codes") == 403
    other = house()
    other.unit("1-1-0101")
    bound = hire("service", name="周敏", all_projects=False, scope_ids=[block.where.building.scope_id])
    with pytest.raises(Refused, match="not_found"):
        make_codes(bound, building_id=other.building.id)


@pytest.mark.req("W-01")
def test_a_building_of_five_hundred_rooms_is_printed_while_one_waits(block: Block, agent: Actor) -> None:
    building = Building.objects.get(id=block.where.building.id)
    Unit.objects.bulk_create(
        Unit(building=building, scope_id=building.scope_id, code=f"3-1-{n // 20 + 1:02}{n % 20 + 1:02}",
             floor=n // 20 + 1, kind="whole", area=Decimal(40))
        for n in range(500)
    )  # fmt: skip
    began = time.monotonic()
    labels = make_codes(agent, building_id=building.id)
    pdf = labels_pdf(labels, company="禾里公寓", place="禾里公寓 3号楼")
    assert len({label.address for label in labels}) == 500
    assert pdf.startswith(b"%PDF")
    assert time.monotonic() - began < 30  # 2 s on an idle machine
