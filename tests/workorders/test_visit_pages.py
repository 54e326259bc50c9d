"""The pages of a visit: the tenant's phone, the call written down, the board, the case, the technician's phone."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anju.domain.workorders.models import WorkOrder
from anju.domain.workorders.visits import appoint, window
from anju.domain.workorders.windows import Window
from anju.foundation.db import clock
from anju.foundation.flows.actions import assign, move
from anju.kit import Actor
from tests.field.test_sent import entry, on_phone, send
from tests.staff import refusal, signed_in, text
from tests.workorders.conftest import Block, photo
from tests.workorders.test_orders import ROOM, leak
from tests.workorders.test_pages import phone
from tests.workorders.test_visits import EVENING, at, slot

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(block: Block) -> None:
    block.lease(ROOM)
    clock.move_to(at(12, days=1))


def fields(block: Block, **more: Any) -> dict[str, Any]:
    return {"lease": block.lease(ROOM).id, "spot": "kitchen", "said": "水槽下的水管漏水", **more}


def evening(case: int, hour: int = 21, *, ago: int = 0, **more: Any) -> dict[str, Any]:
    """The appointment as a phone writes it down."""
    day = f"{at(hour):%Y-%m-%d}"
    facts = {"on": day, "starts": f"{hour}:00", "ends": f"{hour}:30"}
    return {**entry(type("Case", (), {"id": case})(), "@visit", ago=ago, facts=facts), **more}


@pytest.mark.req("W-01")
def test_the_form_asks_and_chooses_nothing_for_anybody(block: Block) -> None:
    client = phone(block)
    form = text(client, "/p/repairs/new")
    for words in ("尽快，什么时候都行", "今天 18:00–21:00", "本人在家", "我不在也可以进门", "进门前先联系我"):
        assert words in form
    assert 'value="home" checked' not in form
    assert 'value="away" checked' not in form
    client.post("/p/repairs/new", fields(block))
    assert WorkOrder.objects.get().entry == ""


@pytest.mark.req("W-01")
def test_what_was_said_stands_on_the_progress_page_and_can_be_changed(block: Block, technician: Actor) -> None:
    client = phone(block)
    where = client.post("/p/repairs/new", fields(block, slot=slot(EVENING), entry="home")).headers["Location"]
    page = text(client, where)
    assert "您方便 18:00–21:00" in page
    assert 'value="home" checked' in page
    order = WorkOrder.objects.get()
    move(technician, case_id=order.case_id, step="accept")
    appoint(technician, case_id=order.case_id, visit=Window(at(21), at(21, 30)))
    assert "约定 21:00–21:30" in text(client, where)
    client.post(f"{where}/visit", {"slot": "keep", "entry": "away"})
    order.refresh_from_db()
    assert (order.entry, order.visit_agreed) == ("away", True)
    client.post(f"{where}/visit", {"slot": slot("09:00–12:00", days=1)})
    order.refresh_from_db()
    assert (order.entry, order.visit_agreed) == ("away", False)
    assert refusal(client, f"{where}/visit", {"slot": "yesterday"}) == 422


@pytest.mark.req("W-03")
@pytest.mark.parametrize(("hour", "minute", "verdict"), [(21, 5, "准时"), (21, 42, "晚 12 分"), (20, 40, "早 20 分")])
def test_whether_somebody_came_in_time_is_said(
    block: Block, technician: Actor, hour: int, minute: int, verdict: str
) -> None:
    order = leak(block)
    move(technician, case_id=order.case_id, step="accept")
    appoint(technician, case_id=order.case_id, visit=Window(at(21), at(21, 30)))
    clock.move_to(at(hour, minute))
    move(technician, case_id=order.case_id, step="arrive", photos=(photo(),))
    page = text(phone(block), f"/p/repairs/{order.id}")
    assert f"{hour}:{minute:02} 到场" in page
    assert f"约定 21:00–21:30，{verdict}" in page
    assert "改时间或怎么进门" not in page


def test_a_call_is_written_down_with_what_was_said(block: Block) -> None:
    client = signed_in("service", name="郭建军")
    form = text(client, "/orders/new")
    assert "没有说，进门前先联系" in form
    told = {"room": ROOM, "spot": "kitchen", "said": "水槽下的水管漏水", "slot": slot(EVENING), "entry": "away"}
    made = client.post("/orders/new", told).headers["Location"]
    page = text(client, made)
    assert "租客方便 18:00–21:00" in page
    assert "租客不在家也可以进门，12:00 电话里确认，郭建军记" in page


@pytest.mark.req("W-11")
def test_the_dispatcher_sees_and_sets_it(block: Block, technician: Actor) -> None:
    order, client = leak(block), signed_in("service", name="郭建军")
    wished = phone(block)
    wished.post(f"/p/repairs/{order.id}/visit", {"slot": slot(EVENING), "entry": "home"})
    assert "租客方便 18:00–21:00" in text(client, "/orders")
    move(technician, case_id=order.case_id, step="accept")
    day = f"{at(14, days=1):%Y-%m-%d}"
    client.post(f"/orders/{order.case_id}/visit", {"on": day, "starts": "14:30", "ends": "15:00"})
    board = text(client, "/orders")
    assert "明天 14:30" in board
    assert "赵永康，已约" in board
    assert "约 明天 14:30–15:00" in text(client, f"/cases/{order.case_id}")
    client.post(f"/orders/{order.case_id}/visit", {"on": day, "starts": "late", "ends": ""})
    order.refresh_from_db()
    assert window(order) == Window(at(14, 30, days=1), at(15, days=1), agreed=True)
    assert refusal(signed_in("finance"), f"/orders/{order.case_id}/visit", {"on": day}) == 403


@pytest.mark.req("W-04")
def test_the_technicians_phone_shows_the_appointment_and_the_consent(block: Block) -> None:
    order = leak(block)
    client, technician = on_phone()
    page = text(client, f"/f/orders/{order.case_id}")
    assert "租客不在家请先联系" in page
    phone(block).post(f"/p/repairs/{order.id}/visit", {"entry": "home"})
    move(technician, case_id=order.case_id, step="accept")
    day = f"{at(21):%Y-%m-%d}"
    client.post(f"/f/orders/{order.case_id}/visit", {"on": day, "starts": "21:00", "ends": "21:30"})
    page = text(client, f"/f/orders/{order.case_id}")
    for words in ("约 21:00–21:30", "租客已同意入户", "租客本人在家，12:00 确认", "改约"):
        assert words in page
    assert "约 21:00–21:30" in text(client, "/f/")
    wrong = client.post(f"/f/orders/{order.case_id}/visit", {"on": day, "starts": "x", "ends": "y"})
    assert (wrong.status_code, "请填上门的日期" in wrong.content.decode()) == (422, True)


@pytest.mark.req("W-04")
def test_an_appointment_from_the_basement_counts_once_and_in_order(block: Block) -> None:
    order = leak(block)
    client, technician = on_phone()
    clock.move_to(at(13))
    queue = [entry(order.case, "accept", ago=1_800_000), evening(order.case_id, ago=1_200_000)]
    assert [send(client, e)["stage"] for e in queue] == ["accepted", "accepted"]
    assert send(client, queue[1]) == {"done": True, "stage": "accepted", "again": True}
    order.refresh_from_db()
    assert window(order) == Window(at(21), at(21, 30), agreed=True)
    assert order.visit_at == clock.now() - timedelta(minutes=20)
    assert order.case.assignee == technician.id


@pytest.mark.req("W-04")
def test_a_phone_a_day_wrong_neither_wins_nor_loses(block: Block, agent: Actor) -> None:
    order = leak(block)
    client, technician = on_phone()
    assign(agent, case_id=order.case_id, staff_id=technician.id)
    clock.move_to(at(13))
    phone(block).post(f"/p/repairs/{order.id}/visit", {"slot": slot(EVENING)})
    clock.move_to(at(14))
    for wrong in (-86_400_000, 86_400_000):  # said before the tenant did: recorded, and the tenant's stands
        early = evening(order.case_id, ago=2 * 3_600_000)
        early["at"], early["phone_now"] = early["at"] + wrong, early["phone_now"] + wrong
        assert send(client, early)["done"]
        order.refresh_from_db()
        assert not order.visit_agreed
    late = evening(order.case_id, ago=60_000)
    late["at"], late["phone_now"] = late["at"] - 86_400_000, late["phone_now"] - 86_400_000
    assert send(client, late)["done"]
    order.refresh_from_db()
    assert order.visit_agreed


@pytest.mark.req("W-04")
def test_what_is_refused_says_why(block: Block) -> None:
    order, (client, _technician) = leak(block), on_phone()
    told = send(client, evening(order.case_id))
    assert (told["done"], told["code"]) == (False, "workorders.visit_not_yours")
    nothing = {**evening(order.case_id), "facts": {}}
    assert json.loads(client.post("/f/sent", json.dumps(nothing), "application/json").content)["code"] in (
        "workorders.visit_times",
    )
    assert refusal(Client(), f"/f/orders/{order.case_id}/visit", {}) == 302
