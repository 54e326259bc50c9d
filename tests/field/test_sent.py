"""What a technician did in a basement arrives later: once, in order, at the right time, with its pictures."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from anju.domain.portfolio.models import Project
from anju.domain.workorders.actions import report
from anju.domain.workorders.crew import set_skills
from anju.foundation.db import clock, fetch, fetch_value, org_scope
from anju.foundation.files.models import FilePart, StoredFile
from anju.foundation.flows.actions import claim, follow, move
from anju.foundation.flows.models import FlowCase, FlowVisit
from anju.foundation.identity.models import Staff
from anju.kit import Actor, Refused
from anju.surface.field import sent
from tests.builders import house
from tests.conftest import make_organization
from tests.flows.house import hire
from tests.staff import refusal, signed_in
from tests.workorders.conftest import Block, photo
from tests.workorders.test_orders import ROOM, leak

PICTURE = photo().stream.read()
SIZE = len(PICTURE)
NOW = 1_790_000_000_000  # whatever the phone thinks


def on_phone(name: str = "赵永康", role: str = "maintenance") -> tuple[Client, Actor]:
    """Somebody signed in on a phone."""
    client = signed_in(role, name=name)
    return client, Actor.staff(Staff.objects.get(name=name).id)


def pieces(client: Client, data: bytes = PICTURE, size: int = 40) -> dict[str, Any]:
    """Send a picture in pieces; gives what an entry says of it."""
    key = str(uuid4())
    for start in range(0, len(data), size):
        answer = client.post(f"/f/parts/{key}?start={start}", data[start : start + size], "application/octet-stream")
        assert answer.json() == {"here": min(start + size, len(data))}
    return {"key": key, "size": len(data), "name": "door.jpg"}


def entry(case: FlowCase, step: str, *photos: dict[str, Any], ago: int = 0, **more: Any) -> dict[str, Any]:
    return {"key": str(uuid4()), "case": case.id, "step": step, "at": NOW - ago, "phone_now": NOW, "photos": photos,
            **more}  # fmt: skip


def send(client: Client, what: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = client.post("/f/sent", json.dumps(what), "application/json").json()
    return told


@pytest.mark.req("W-04")
def test_a_queue_from_the_basement_is_carried_out_in_order_and_once(block: Block) -> None:
    case = leak(block).case
    client, technician = on_phone()
    clock.move_to(clock.now() + timedelta(hours=2))
    queue = [
        entry(case, "accept", ago=3_600_000),
        entry(case, "arrive", pieces(client), ago=3_000_000),
        entry(case, "finish", pieces(client), ago=1_200_000, facts={"result": "换了密封圈", "minutes": "25"}),
    ]
    assert [send(client, e)["stage"] for e in queue] == ["accepted", "onsite", "proof"]
    assert [send(client, e) for e in queue] == [
        {"done": True, "stage": s, "again": True} for s in ("accepted", "onsite", "proof")
    ]
    case.refresh_from_db()
    assert (case.stage, case.assignee, case.photos, case.facts["minutes"]) == ("proof", technician.id, 3, "25")
    assert StoredFile.objects.filter(owner_kind="flow_case", owner_id=case.id).count() == 3
    assert FilePart.objects.count() == 0
    at = {v.stage: v.entered_at for v in FlowVisit.objects.filter(case=case)}
    assert round((clock.now() - at["accepted"]).total_seconds() / 60) == 60
    assert round((clock.now() - at["proof"]).total_seconds() / 60) == 20


@pytest.mark.req("W-04")
def test_a_phone_a_day_wrong_tells_the_right_time(block: Block) -> None:
    case = leak(block).case
    client, technician = on_phone()
    clock.move_to(clock.now() + timedelta(hours=1))
    for wrong in (-86_400_000, 86_400_000):
        what = entry(case, "accept", ago=600_000)
        what["at"], what["phone_now"] = what["at"] + wrong, what["phone_now"] + wrong
        assert send(client, what)["done"]
        entered = FlowVisit.objects.get(case=case, stage="accepted", left_at=None).entered_at
        assert round((clock.now() - entered).total_seconds() / 60) == 10
        move(technician, case_id=case.id, step="release", reason="再试一次")
        clock.move_to(clock.now() + timedelta(hours=1))


@pytest.mark.req("W-04")
@pytest.mark.req("W-09")
def test_who_was_later_is_told_who_has_it_and_loses_nothing(block: Block) -> None:
    case = leak(block).case
    client, _ = on_phone()
    other = hire("maintenance", name="何志斌")
    picture = pieces(client)
    claim(other, case_id=case.id)
    told = send(client, entry(case, "accept"))
    assert (told["done"], told["code"]) == (False, "flow.taken")
    assert "何志斌" in told["said"]
    assert send(client, entry(case, "arrive", picture))["code"] in ("flow.not_here", "flow.not_yours")
    assert client.get(f"/f/parts/{picture['key']}").json() == {"here": SIZE}
    case.refresh_from_db()
    assert (case.stage, case.assignee) == ("new", other.id)


@pytest.mark.req("W-04")
def test_an_upload_goes_on_where_it_stopped(block: Block) -> None:
    case = leak(block).case
    client, technician = on_phone()
    move(technician, case_id=case.id, step="accept")
    key = str(uuid4())
    where = f"/f/parts/{key}"
    assert client.post(f"{where}?start=0", PICTURE[:30], "application/octet-stream").json() == {"here": 30}
    missing = entry(case, "arrive", {"key": key, "size": SIZE})
    assert send(client, missing)["code"] == "files.parts_missing"
    # The answer to the first piece was lost: it comes again, and one from farther on comes too early.
    assert client.post(f"{where}?start=0", PICTURE[:30], "application/octet-stream").json() == {"here": 30}
    assert client.post(f"{where}?start=60", PICTURE[60:], "application/octet-stream").json() == {"here": 30}
    nowhere = client.post(f"{where}?start={'9' * 5000}", PICTURE[60:], "application/octet-stream")
    assert nowhere.json() == {"here": 30}
    assert client.get(where).json() == {"here": 30}
    assert client.post(f"{where}?start=30", PICTURE[30:], "application/octet-stream").json() == {"here": SIZE}
    assert send(client, missing)["stage"] == "onsite"
    stored = fetch_value("SELECT size FROM stored_file WHERE owner_id = %(c)s ORDER BY id DESC LIMIT 1", {"c": case.id})
    assert stored == len(PICTURE)


def test_pieces_are_sealed_and_belong_to_who_sent_them(block: Block) -> None:
    client, _ = on_phone()
    key = pieces(client)["key"]
    assert all(PICTURE[:8] not in bytes(p.sealed) for p in FilePart.objects.all())
    assert on_phone("何志斌", "admin")[0].get(f"/f/parts/{key}").json() == {"here": 0}
    much = client.post(f"/f/parts/{uuid4()}?start=0", b"0" * (1024 * 1024 + 1), "application/octet-stream")
    assert (much.status_code, much.json()["code"]) == (422, "files.too_large")


def test_who_was_dismissed_while_working_is_out_and_the_phone_keeps_its_queue(block: Block) -> None:
    case = leak(block).case
    client, technician = on_phone()
    assert client.get("/f/hello").json()["staff"] == technician.id
    Staff.objects.filter(id=technician.id).update(frozen_at=clock.wall())
    assert client.get("/f/hello").status_code == 302
    assert client.post("/f/sent", json.dumps(entry(case, "accept")), "application/json").status_code == 302
    assert fetch("SELECT id FROM field_entry") == []


@pytest.mark.parametrize("what", [b"", b"{}", b'{"key":"x"}', b"\xff\xfe"])
def test_what_no_phone_of_ours_writes_is_refused_with_a_sentence(company: int, what: bytes) -> None:
    answer = on_phone()[0].post("/f/sent", what, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "field.unreadable")


@pytest.mark.req("W-04")
def test_the_round_shows_the_urgent_first_and_what_is_free(block: Block) -> None:
    client, technician = on_phone()
    paint = leak(block, said="墙面起皮了一块", room="3-1-0302").case
    dark = leak(block, said="全屋停电", room="3-1-0601").case
    free = leak(block).case
    for case in (paint, dark):
        move(technician, case_id=case.id, step="accept")
    page = client.get("/f/").content.decode()
    assert "今天还有 2 单" in page
    assert page.index(f"/f/orders/{dark.id}") < page.index(f"/f/orders/{paint.id}") < page.index(f"/f/orders/{free.id}")
    order = client.get(f"/f/orders/{dark.id}").content.decode()
    assert "3-1-0601" in order
    assert "全屋停电" in order
    assert refusal(on_phone("林晓", "service")[0], f"/f/orders/{dark.id}") == 403
    assert refusal(client, "/f/orders/999999") == 404


@pytest.mark.req("W-04")
def test_what_is_free_in_another_town_is_not_offered(block: Block) -> None:
    client, technician = on_phone()
    home = house()
    for place, (lon, lat) in ((home, (120.20, 30.20)), (block.where, (104.06, 30.54))):
        Project.objects.filter(id=place.building.scope_id).update(lon=lon, lat=lat)
    free = leak(block).case
    assert f"/f/orders/{free.id}" in client.get("/f/").content.decode()  # nobody knows where the technician is
    set_skills(hire("manager", name="许婧"), staff_id=technician.id, skills=["water"], home_id=home.building.id)
    assert f"/f/orders/{free.id}" not in client.get("/f/").content.decode()
    Project.objects.filter(id=block.where.building.scope_id).update(lon=120.21, lat=30.20)
    assert f"/f/orders/{free.id}" in client.get("/f/").content.decode()


@pytest.mark.req("W-04")
def test_without_the_phones_program_the_page_takes_steps_itself(block: Block) -> None:
    case = leak(block).case
    client, _ = on_phone()
    assert client.post(f"/f/orders/{case.id}/accept").status_code == 302
    refused = client.post(f"/f/orders/{case.id}/arrive")
    assert refused.status_code == 422
    assert "还差 1 张" in refused.content.decode()


@pytest.mark.req("W-04")
def test_an_order_that_ended_or_was_merged_meanwhile_says_so(block: Block) -> None:
    client, _ = on_phone()
    ended, other, master = leak(block), leak(block, room="3-1-0601"), leak(block, room="3-1-0302")
    senior = hire("manager", name="许婧")
    move(senior, case_id=ended.case_id, step="drop", reason="报错了")
    follow(senior, case_id=other.case_id, master_id=master.case_id)
    for order, words in ((ended, "这一单已经结束"), (other, "这一单已经合并")):
        for answer in (client.get(f"/f/orders/{order.case_id}"), client.post(f"/f/orders/{order.case_id}/accept")):
            assert answer.status_code == 404
            assert words in answer.content.decode()
            assert order.case.number in answer.content.decode()
    assert master.case.number in client.get(f"/f/orders/{other.case_id}").content.decode()


def test_a_place_that_is_a_building_is_named_once(block: Block) -> None:
    report(block.tenant(ROOM), lease_id=block.lease(ROOM).id, spot="public", said="楼道的灯不亮")
    page = on_phone()[0].get("/f/").content.decode()
    assert page.count("<b>3号楼</b>") == 1
    assert "<span>3号楼</span>" not in page


def test_a_character_that_no_text_can_hold_is_said_and_blocks_nothing(block: Block) -> None:
    client, _ = on_phone()
    case = leak(block).case
    send(client, entry(case, "accept"))
    for odd in ({"reason": "够不着\x00"}, {"reason": "够不着", "facts": {"parts": "\x00"}}):
        assert send(client, entry(case, "release", **odd))["code"] == "field.unreadable"
    assert send(client, entry(case, "release", reason="够不着"))["done"]


@pytest.mark.req("W-09")
def test_two_phones_that_take_one_order_at_once_do_not_stop_each_other(
    committed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    org = make_organization("抢单公寓")
    with org_scope(org):
        case = leak(Block(house())).case
        hands = [hire("maintenance", name=name) for name in ("何志斌", "罗天佑")]
    both, taken = Barrier(2), sent._taken

    def at_once(*what: Any) -> str:
        both.wait(60)  # both entries stand, and each refers to the case
        return taken(*what)

    monkeypatch.setattr(sent, "_taken", at_once)

    def send_off(who: Actor) -> str:
        try:
            with org_scope(org):
                return sent.carry_out(who, sent.Entry.model_validate(entry(case, "accept"))).stage
        except Refused as no:
            return no.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send_off, hands)) == ["accepted", "flow.taken"]
