"""What the product composed is said in the reader's language; what a person wrote stands as it was written."""

from __future__ import annotations

import pytest
from django.utils import translation

from anju.domain.complaints.actions import TITLES
from anju.domain.workorders.english import IN_CHINESE
from anju.domain.workorders.heat import hot_spots
from anju.domain.workorders.inspections import plan
from anju.domain.workorders.order_titles import CUES, titled
from anju.domain.workorders.policies import P0, P1, P3
from anju.foundation.flows.models import FlowCase
from anju.foundation.flows.titles import Said, said
from anju.kit import Actor
from tests.staff import signed_in, text
from tests.workorders.conftest import Block
from tests.workorders.test_insight import hot
from tests.workorders.test_insight_pages import rows
from tests.workorders.test_orders import leak

CALL, COMPLAINT = "call", "complaint"


def english(case: FlowCase) -> Said:
    with translation.override("en"):
        return said(case)


@pytest.mark.parametrize(
    ("flow", "title", "words"),
    [
        (CALL, "逾期 4 天未付，打电话问原因", "Unpaid 4 days after it was due: call and ask why"),
        (CALL, "打电话问欠款", "Call about arrears"),
        (CALL, "问他逾期 4 天未付，打电话问原因", "问他逾期 4 天未付，打电话问原因"),
        (COMPLAINT, TITLES["fee"], "Complaint: Charge"),
        (COMPLAINT, f"12345 {TITLES['fee']}", "12345 Complaint: Charge"),
        (COMPLAINT, "邻居太吵", "邻居太吵"),
        ("repair", "厨房漏水", "Kitchen: water leak"),
        ("repair", "卫生间热水取暖", "Bathroom: Hot water and heating"),
        ("repair", "卧室报修", "Bed and living room: Repairs"),
        ("repair", "厨房咯吱响", "厨房咯吱响"),  # an operator's own word
        ("keys", "送 3-1208 的钥匙", "送 3-1208 的钥匙"),
    ],
)
def test_a_composed_title_is_said_in_english_and_no_other(flow: str, title: str, words: str) -> None:
    case = FlowCase(flow=flow, title=title)
    assert english(case).title == words
    with translation.override("zh-hans"):
        assert said(case).title == title


def test_every_word_as_shipped_has_an_english_one() -> None:
    assert {*P0, *P1, *P3} == CUES | IN_CHINESE.keys()
    with translation.override("en"):
        assert all(titled(f"厨房{cue}").isascii() for cue in CUES)


@pytest.mark.req("W-10")
def test_an_inspection_names_its_place_and_why_in_english(block: Block, agent: Actor) -> None:
    hot(block)
    (spot,) = hot_spots(agent)
    case = plan(agent, key=spot.key)
    told = english(case)
    assert told.title == "3号楼 Entrance 1 Floor 8–10: inspection, Water and drains"
    assert told.facts["why"] == "3 repairs in 7 days: Water and drains, on one riser 08"
    own = FlowCase(flow=case.flow, title="看看屋顶巡检", dedupe=None)
    assert english(own).title == "看看屋顶巡检"


@pytest.mark.req("W-03")
def test_the_pages_and_the_sheets_say_it_too(block: Block, agent: Actor) -> None:
    hot(block)
    order = leak(block)
    (spot,) = hot_spots(agent)
    case = plan(agent, key=spot.key)
    client = signed_in("manager", name="许婧")
    client.cookies["anju_language"] = "en"
    for path in ("/orders", "/orders/list", "/cases?box=all", f"/cases/{order.case_id}", "/orders/surge"):
        page = text(client, path)
        assert order.case.title not in page, path
    shown = text(client, f"/cases/{case.id}")
    assert "inspection, Water and drains" in shown
    assert "水管巡检" not in shown
    assert "水管报修" not in shown
    assert any("Kitchen: " in str(row) for row in rows(client, "/orders/list/export"))
    assert "P0 停水停电" not in text(client, "/orders/new")
