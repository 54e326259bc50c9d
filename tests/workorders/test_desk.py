"""The dispatcher's pages: numbers that agree, filters that stay, two people at one board."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from anju.domain.portfolio.models import Project
from anju.domain.workorders.pages import board as board_page
from anju.foundation.db import clock
from anju.foundation.flows.actions import assign, move
from anju.foundation.flows.models import FlowCase
from anju.foundation.trace import events
from anju.kit import Actor
from tests.builders import house
from tests.flows.house import hire
from tests.staff import refusal, signed_in, text
from tests.workorders.conftest import Block, photo
from tests.workorders.test_costs import cost
from tests.workorders.test_insight import hot, mend
from tests.workorders.test_orders import ABOVE, leak


def at_desk(**more: Any) -> Client:
    return signed_in("manager", name="许婧", **more)


def test_the_board_says_the_number_of_the_rail(block: Block, technician: Actor) -> None:
    first, _second = leak(block), leak(block, room=ABOVE, said="冰箱不制冷了")
    for step in ("accept", "arrive", "finish"):
        move(technician, case_id=first.case_id, step=step, facts={"result": "换密封圈"}, photos=(photo(),))
    page = text(at_desk(), "/orders")
    assert "进行中 2 单，其中没修好 1，今天新增 2，超时 0" in page
    assert re.search(r"工单</span><em>1</em>|工单.{0,40}<em>1</em>", page)


def test_a_board_that_is_cut_says_so(block: Block, monkeypatch: pytest.MonkeyPatch) -> None:
    leak(block), leak(block, room=ABOVE, said="冰箱不制冷了")
    assert "只列最急的" not in text(at_desk(), "/orders")
    monkeypatch.setattr(board_page, "MOST", 1)
    page = text(signed_in("service"), "/orders")
    assert "只列最急的 1 单" in page
    assert "进行中 1+ 单" in page


def test_what_is_given_away_leaves_the_filter(block: Block, technician: Actor) -> None:
    order, client = leak(block), at_desk()
    sent = client.post(f"/orders/{order.case_id}/give", {"staff": technician.id, "next": "/orders?kind=water"})
    assert sent.headers["Location"] == "/orders?kind=water"
    elsewhere = client.post(f"/orders/{order.case_id}/give", {"staff": technician.id, "next": "https://example.org/"})
    assert elsewhere.headers["Location"] == "/orders"
    hot(block)
    assert 'name="next" value="/orders?kind=water"' in text(client, "/orders?kind=water")


@pytest.mark.req("W-09")
def test_of_two_dispatchers_the_second_is_told(block: Block, technician: Actor, agent: Actor) -> None:
    order, client, other = leak(block), at_desk(), hire("maintenance", name="马国强")
    assign(agent, case_id=order.case_id, staff_id=other.id)
    page = client.post(f"/orders/{order.case_id}/give", {"staff": technician.id}, follow=True).content.decode()
    assert "刚刚被别人改过：待接单，马国强" in page
    assert FlowCase.objects.get(id=order.case_id).assignee == other.id
    assert "已派单" in client.post(f"/orders/{order.case_id}/give", {"staff": other.id}, follow=True).content.decode()
    given = [e for e in events.timeline(("flow_case", order.case_id)) if e["action"] == "flows.case.assign"]
    assert len(given) == 1  # who meant the same changed nothing


@pytest.mark.req("X-10")
def test_costs_come_in_pages_and_their_totals_are_of_all(block: Block) -> None:
    boss, order = hire("manager", name="周敏"), leak(block)
    for n in range(43):
        cost(boss, order, "10", text=f"材料{n:02}")
    client, sum_of_all = at_desk(), f"¥{Decimal(430):.2f}"
    for page, first, last in ((1, 0, 19), (2, 20, 39), (3, 40, 42), (99, 40, 42)):
        shown = text(client, f"/orders/costs?page={page}")
        assert re.findall(r"材料(\d\d)", shown) == [f"{n:02}" for n in range(first, last + 1)]
        assert f"第 {first + 1}–{last + 1} 条，" in shown
        assert "共 43 条" in shown
        assert shown.count(sum_of_all) >= 2
        assert ("下一页" in shown) is (page == 1 or page == 2)
    assert "下月" not in text(client, "/orders/costs"), "nothing was spent in the future"
    assert "下月" in text(client, "/orders/costs?month=2020-01")
    assert "下月" not in text(client, "/orders/scorecard")


@pytest.mark.req("W-10")
def test_two_buildings_of_one_name_are_told_apart(block: Block) -> None:
    orders, there = hot(block), house()
    project = there.building.project.name
    leak(Block(there), room="3-1-0802")
    client = at_desk()
    page = text(client, "/orders/duplicates")
    for name in (project, block.where.building.project.name):
        assert name in page
    assert block.where.building.project.name in text(client, "/orders/heat").partition("热点")[2]
    assert orders


def test_a_case_has_no_two_fields_of_one_name(block: Block) -> None:
    order = leak(block)
    page = text(at_desk(), f"/cases/{order.case_id}")
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert sorted(set(ids)) == sorted(ids)
    assert page.partition("<title>")[2].startswith(order.case.title), "a phone shows nothing else of it above"


@pytest.mark.req("W-09")
def test_only_who_may_give_is_offered_it(block: Block, technician: Actor) -> None:
    order = leak(block)
    assert f"/orders/{order.case_id}/give" in text(at_desk(), "/orders")
    crew = signed_in("maintenance", name="孙海涛")
    assert f"/orders/{order.case_id}/give" not in text(crew, "/orders")
    assert refusal(crew, f"/orders/{order.case_id}/give", {"staff": technician.id}) == 302
    assert FlowCase.objects.get(id=order.case_id).assignee is None


def test_the_map_of_places_can_be_walked_by_keyboard(block: Block) -> None:
    Project.objects.update(lon=120.2, lat=30.2)
    leak(block)
    page = text(at_desk(), "/orders/places")
    drawing = page.partition('<svg class="w-places"')[2].partition("</svg>")[0]
    assert "<a href=" in drawing
    assert 'role="img"' not in drawing, "a picture hides the links inside it from a reader"


@pytest.mark.req("W-06")
def test_a_scorecard_says_hours_and_days(block: Block, technician: Actor) -> None:
    order = leak(block)
    clock.move_to(clock.now() + timedelta(hours=26, minutes=20))
    mend(technician, order)
    assert "1 天 2 时" in text(at_desk(), "/orders/scorecard")
