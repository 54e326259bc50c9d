"""An imported repair is found by the number it had where it came from."""

from __future__ import annotations

import pytest
from django.db import connection

from anju.domain.workorders.listing import OUTSIDE, outside_numbers
from anju.domain.workorders.models import WorkOrder
from anju.foundation.db import fetch
from anju.foundation.search import search
from tests.builders import House
from tests.flows.house import hire
from tests.imports.conftest import inside
from tests.imports.test_past_orders import BringIn, ago, block, table
from tests.staff import signed_in, text

__all__ = ["block"]
ONE = f"gd-001,3-1-1208,禾里公寓,{ago(40)},厨房水槽下的水管漏水,P1,赵永康,,,{ago(40)},换了密封圈,,5星,已完成"
TWO = f"GD-002,3-1-1308,禾里公寓,{ago(30)},空调不冷,,,,,{ago(29)},加氟,,,已完成"


@pytest.fixture
def past(company: int, block: House, bring_in: BringIn) -> WorkOrder:
    bring_in(table(ONE, TWO), "past_orders")
    with inside(company):
        return WorkOrder.objects.select_related("case").get(outside="gd-001")


@pytest.mark.req("P-03")
def test_list_search_and_case_know_the_old_number(company: int, past: WorkOrder) -> None:
    with inside(company):
        desk, other = signed_in("service", name="郭建军"), WorkOrder.objects.get(outside="GD-002")
        for typed in ("gd-001", " gd-001 "):
            page = text(desk, f"/orders/list?number={typed}")
            assert past.case.number in page
            assert other.case.number not in page
        # The other was written in capitals where it came from.
        assert other.case.number in text(desk, "/orders/list?number=gd-002")
        assert past.case.number in text(desk, f"/orders/list?number={past.case.number}")
        assert "原单号 gd-001" in text(desk, f"/cases/{past.case_id}")
        found = search(hire("service", name="林晓"), "gd-001")
        assert [(hit.url, hit.handle) for hit in found] == [(f"/cases/{past.case_id}", "gd-001")]
        sent = desk.post("/search", {"q": "GD-001"}, follow=True).content.decode()
        assert f"/cases/{past.case_id}" in sent
        assert "工单" in sent


def test_the_old_number_of_another_project_is_not_found(company: int, past: WorkOrder) -> None:
    with inside(company):
        elsewhere = hire("service", name="孙海涛", all_projects=False, scope_ids=[past.scope_id + 1000])
        assert outside_numbers(elsewhere, "gd-001") == ()
        assert search(elsewhere, "gd-001") == []


def test_who_may_not_see_orders_does_not_find_them(company: int, past: WorkOrder) -> None:
    with inside(company):
        assert search(hire("finance", name="周敏"), "gd-001") == []


def test_the_old_number_is_read_from_its_index(company: int, block: House, bring_in: BringIn) -> None:
    many = (f"GD-{n:04},3-1-1208,禾里公寓,{ago(40)},灯不亮,,,,,{ago(40)},换灯泡,,,已完成" for n in range(400))
    bring_in(table(*many), "past_orders")
    with inside(company):
        with connection.cursor() as owner:
            owner.execute("SET LOCAL ROLE anju_owner; ANALYZE work_order; RESET ROLE")
        plan = fetch(f"EXPLAIN {OUTSIDE}", {"typed": ["gd-0007", "GD-0007"], "scopes": None})
        assert "one_order_per_outside_number" in str(plan)
