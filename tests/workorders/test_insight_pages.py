"""The pages of the heat map, the list, the day's duplicates, the backlog, and what they hand out."""

from __future__ import annotations

import io
import re
from html import unescape
from typing import Any

import openpyxl
import pytest
from django.test import Client

from anju.domain.workorders.actions import join
from anju.foundation.db import clock
from anju.foundation.flows.actions import move
from anju.foundation.flows.models import FlowCase
from anju.kit import Actor
from tests.staff import refusal, signed_in, text
from tests.workorders.conftest import Block, photo
from tests.workorders.test_insight import RISER, hot
from tests.workorders.test_orders import leak

PAGES = ("/orders/list", "/orders/heat", "/orders/places", "/orders/duplicates", "/orders/surge")
SHEETS = ("/orders/list/export", "/orders/duplicates/export", "/orders/surge/export")


def rows(client: Client, path: str) -> list[tuple[Any, ...]]:
    """What Excel would show."""
    answer = client.get(path)
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    return list(book.active.iter_rows(values_only=True))  # type: ignore[union-attr]


@pytest.mark.req("W-10")
def test_without_repairs_each_page_says_so(block: Block) -> None:
    client = signed_in("manager", name="许蔓")
    said = ("还没有工单", "这段时间没有报修", "没有进行中的工单", "这一天没有报修", "没有积压")
    for path, words in zip(PAGES, said, strict=True):
        page = text(client, path)
        assert words in page
        assert page.count('aria-current="page"') >= 1
    assert "近 7 天没有报修" in text(client, "/orders")
    for path in SHEETS:
        assert rows(client, path)[0][0]


@pytest.mark.req("W-10")
def test_a_cell_of_the_map_leads_to_its_orders(block: Block) -> None:
    orders = hot(block)
    client = signed_in("manager", name="许蔓")
    page = text(client, "/orders/heat?kind=water")
    links = {n: unescape(href) for href, n in re.findall(r'<td class="is-\d"><a href="([^"]+)"[^>]*>(\d+)</a>', page)}
    assert set(links) == {"1", "2"}
    listed = text(client, links["2"])
    for order, there in zip(orders, (True, True, False, False), strict=True):
        assert (order.case.number in listed) is there
    assert "1单元 7–9 层" in listed
    assert "没有热点" in text(client, "/orders/heat?kind=lock&days=30")


@pytest.mark.req("W-10")
def test_the_board_names_the_hot_spot_and_sends_somebody(block: Block, technician: Actor) -> None:
    hot(block)
    client = signed_in("service", name="郭建军")
    page = text(client, "/orders")
    assert "报修热区" in page
    assert "都在同一立管 08" in page
    key = re.search(r'name="spot" value="([^"]+)"', page)
    assert key is not None
    for _twice in range(2):
        answer = client.post("/orders/heat/inspect", {"spot": key[1], "next": "/orders"})
        assert answer.headers["Location"] == "/orders"
    case = FlowCase.objects.get(flow="inspection")
    page = text(client, "/orders")
    assert f"巡检 {case.number}" in page
    assert "已有办理单" in page
    assert "3号楼" in text(client, f"/cases/{case.id}")
    assert "排巡检" not in text(signed_in("maintenance", name="何志斌"), "/orders/heat")
    move(technician, case_id=case.id, step="finish", facts={"found": "加压泵压力过高"}, photos=(photo(),))
    assert "再排巡检" in text(client, "/orders/heat")


@pytest.mark.req("W-10")
def test_another_address_is_not_followed_after_planning(block: Block) -> None:
    client = signed_in("service", name="郭建军")
    answer = client.post("/orders/heat/inspect", {"spot": "x", "next": "https://example.org/"})
    assert answer.headers["Location"] == "/orders/heat"


@pytest.mark.req("W-11")
def test_the_list_by_stage_kind_class_building_and_period(block: Block, technician: Actor) -> None:
    dark = leak(block, room=RISER[0], said="全屋停电")
    paint = leak(block, room=RISER[1], said="墙面掉漆")
    move(technician, case_id=dark.case_id, step="accept")
    client, building = signed_in("manager", name="许蔓"), block.where.building.id
    for query, seen in (
        ("", {dark, paint}), ("stage=accepted", {dark}), ("kind=wall", {paint}), ("class=3", {paint}),
        ("class=0&kind=wall", set()), (f"building={building}", {dark, paint}), (f"building={building + 99}", set()),
        ("period=today", {dark, paint}), ("to=2025-12-31", set()), ("from=2026-01-01&to=2026-01-01", {dark, paint}),
        ("view=open", {dark, paint}), ("view=late", set()), (f"number={dark.case.number.lower()}", {dark}),
        ("low=9", {paint}), ("low=-2&high=8", {dark}), ("entrance=1", {dark, paint}), ("entrance=-", set()),
        ("stage=nonsense&class=77&kind=x&low=a&from=yesterday", {dark, paint}),
    ):  # fmt: skip
        page = text(client, f"/orders/list?{query}")
        for order in (dark, paint):
            assert (order.case.number in page.split('id="list"')[1]) is (order in seen), query
        exported = {row[0] for row in rows(client, f"/orders/list/export?{query}")[1:]}
        assert exported == {o.case.number for o in seen}, query


def test_the_list_goes_on_over_pages(block: Block) -> None:
    for n in range(23):
        leak(block, room=f"3-1-02{n:02}")
    client = signed_in("manager", name="许蔓")
    first = text(client, "/orders/list?kind=water")
    older = re.search(r'href="([^"]+after=\d+[^"]*)"', first)
    assert older is not None
    second = text(client, unescape(older[1]))
    assert second.count("W26-") == 3
    newer = re.search(r'href="([^"]+before=\d+[^"]*)"', second)
    assert newer is not None
    assert text(client, unescape(newer[1])).count("W26-") == 20


@pytest.mark.req("W-10")
def test_the_export_has_columns_and_no_formula(block: Block) -> None:
    order = leak(block, said="=1+1 水管漏水")
    client = signed_in("manager", name="许蔓")
    head, row = rows(client, "/orders/list/export")
    assert head[:3] == ("单号", "报修", "级别")
    assert row[:3] == (order.case.number, "厨房漏水", "P1 漏水漏电")
    assert not any(isinstance(cell, str) and "=1+1" in cell for cell in row)


@pytest.mark.req("W-10")
def test_the_daily_report_steps_through_days(block: Block) -> None:
    order = leak(block, room=RISER[0])
    join(block.tenant(RISER[1]), order_id=order.id, lease_id=block.lease(RISER[1]).id)
    client, today = signed_in("manager", name="许蔓"), clock.today()
    page = text(client, "/orders/duplicates")
    assert "50%" in page
    assert "先查立管、加压泵或总阀" in page
    assert "2025-12-31" in page
    assert "2026-01-02" not in page  # no step into the future
    assert "这一天没有报修" in text(client, "/orders/duplicates?on=2025-12-31")
    assert f"<span>{today}</span>" in text(client, "/orders/duplicates?on=2030-01-01")
    assert "这一天没有报修" in text(client, "/orders/duplicates?on=0001-01-01")
    found = rows(client, "/orders/duplicates/export")
    assert [row[1] for row in found[1:]] == ["合计", "楼栋", "维修类型", "同一处"]
    assert [row[3:7] for row in found[1:]] == [(2, 1, 0, 50)] * 4


@pytest.mark.req("W-11")
def test_the_backlog_says_who_will_be_late(block: Block) -> None:
    leak(block, said="全屋停电")
    client = signed_in("manager", name="许蔓")
    page = text(client, "/orders/surge")
    for words in ("P0 停水停电", "厨房停电", "先救这些", "按没人处理估计"):
        assert words in page
    assert [row[2] for row in rows(client, "/orders/surge/export")] == ["报修", "厨房停电"]


def test_the_drawing_of_projects(block: Block) -> None:
    leak(block)
    client = signed_in("manager", name="许蔓")
    assert "没有坐标" in text(client, "/orders/places")
    type(block.where.building.project).objects.update(lon="120.1", lat="30.2")
    assert "<circle" in text(client, "/orders/places")


def test_who_has_no_right_sees_none_of_it_and_only_managers_export(block: Block) -> None:
    finance = signed_in("finance")
    assert {refusal(finance, path) for path in (*PAGES, *SHEETS)} == {403}
    agent = signed_in("service", name="郭建军")
    assert {refusal(agent, path) for path in SHEETS} == {422}
    assert "导出" not in "".join(text(agent, path) for path in PAGES)
    assert refusal(signed_in("maintenance", name="何志斌"), "/orders/heat/inspect", {"spot": "x"}) == 403
