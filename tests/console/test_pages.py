"""The workbench is different for each role; search names the handle; what a role may not see is absent."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from anju.domain.leases.models import Lease
from anju.foundation.db import clock
from anju.foundation.payments.models import GatewayProblem
from anju.foundation.sweeps.run import run_sweep
from anju.foundation.ui import kept
from anju.kit import Actor
from tests.leases.builders import let, tenant, terms, unit
from tests.staff import signed_in

SYSTEM = Actor.system()
TODAY = datetime(2026, 11, 22, 9, 43, tzinfo=clock.SHANGHAI)


@pytest.fixture
def day(company: int) -> Lease:
    """A lease with debts, one that ended and was not left, one that ends soon, one that begins tomorrow."""
    owing = let(unit("3-1-1208"), tenant(), terms(start_on=date(2026, 11, 10), end_on=date(2027, 11, 10)))
    let(unit("3-1-1001"), tenant("李雷", "13700004321"), terms(start_on=date(2025, 11, 18), end_on=date(2026, 11, 18)))
    let(unit("3-1-1002"), tenant("韩梅", "13700004322"), terms(start_on=date(2025, 12, 1), end_on=date(2026, 12, 1)))
    clock.move_to(TODAY)
    let(unit("3-1-1003"), tenant("阿明", "13700004323"), terms(start_on=date(2026, 11, 23), end_on=date(2027, 11, 23)))
    run_sweep(SYSTEM, company, "billing", date(2026, 11, 1))
    return owing


def home(client: Client, query: str = "") -> str:
    answer = client.get(f"/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_day_of_a_service_agent(day: Lease) -> None:
    page = home(signed_in("service"))
    for words in (
        "上午好，林晓",
        "2026-11-22 (周日)",
        "马上到期",
        "等我处理",
        "去催缴",
        "办理退租",
        "联系确认",
        "准备交房",
    ):
        assert words in page
    assert f"/rent/arrears/{day.id}" in page
    assert "出租率" not in page


def test_the_day_of_a_manager_and_of_finance(day: Lease) -> None:
    manager = home(signed_in("manager"))
    for words in ("出租率", "本月已收", "30 天内到期", "刚刚发生"):
        assert words in manager
    finance = home(signed_in("finance"))
    assert "今日到账" in finance
    assert "办理退租" not in finance


@pytest.mark.req("T-04")
@pytest.mark.parametrize("role", ["maintenance", "risk"])
def test_maintenance_and_risk_see_no_money(day: Lease, role: str) -> None:
    page = home(signed_in(role))
    for words in ("¥", "欠", "催缴", "应付", "到账"):
        assert words not in page, words


def test_maintenance_sees_rooms(day: Lease) -> None:
    page = home(signed_in("maintenance"))
    assert "维修中" in page
    assert "配置中" in page


def test_the_rail_is_read_once_a_second_and_at_once_by_whoever_has_just_done_something(
    day: Lease, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "MOMENT_S", 3600.0)
    mine, others = signed_in("service"), signed_in("manager")

    def overstayed(client: Client) -> int:
        return int(home(client).split('href="/leases"')[1].split("</a>")[0].split("<em>")[1].split("</em>")[0])

    assert [overstayed(mine), overstayed(others)] == [1, 1]
    clock.move_to(TODAY + timedelta(days=10))  # another lease is over
    assert [overstayed(mine), overstayed(others)] == [1, 1]
    assert mine.post("/frame/preferences", {"density": "compact"}).status_code < 400
    assert [overstayed(mine), overstayed(others)] == [2, 2]


def test_filters_narrow_and_the_rail_remembers_the_count(day: Lease) -> None:
    client = signed_in("service")
    leases = home(client, "?area=leases")
    assert "办理退租" in leases
    assert "去催缴" not in leases
    assert "工单" not in home(client).split("<main")[1].split("</main")[0]
    assert client.session["workbench_count"] >= 4


def test_each_problem_is_closed_where_its_button_leads(day: Lease) -> None:
    at = clock.wall()
    problem = GatewayProblem.objects.create(
        gateway="wechat", kind="wrong_amount", reference="A1", detail={}, first_at=at, last_at=at
    )
    client = signed_in("finance")
    assert "到账金额与订单不符" in home(client)
    assert "到账金额与订单不符" in client.get("/payments/problems").content.decode()
    client.post(f"/payments/problems/problem/{problem.id}", {"note": ""})
    problem.refresh_from_db()
    assert problem.closed_at is None
    client.post(f"/payments/problems/problem/{problem.id}", {"note": "已在平台退款"})
    problem.refresh_from_db()
    assert problem.closed_at is not None
    assert signed_in("maintenance").get("/payments/problems").status_code == 403


@pytest.mark.req("T-02")
def test_suggestions_name_the_handle_and_words_never_stand_in_an_address(day: Lease) -> None:
    client = signed_in("service")
    for words in ("王芳", "1234", day.number, "3-1-1208"):
        found = client.post("/search", {"q": words}, HTTP_HX_REQUEST="true").content.decode()
        assert f"{day.number} · 1234" in found, words
        assert "<html" not in found
    answer = client.post("/search", {"q": "王芳"})
    assert answer["Location"] == "/search"
    page = client.get("/search").content.decode()
    assert "王芳" in page
    assert f"/tenants/{day.payer_id}" in page
    assert "没有找到" in client.post("/search", {"q": "欧阳"}, HTTP_HX_REQUEST="true").content.decode()


def test_search_and_feed_keep_to_the_projects_of_the_viewer(day: Lease) -> None:
    elsewhere = signed_in("service", all_projects=False, scope_ids=[day.scope_id + 1000])
    assert "王芳" not in elsewhere.post("/search", {"q": "王芳"}, HTTP_HX_REQUEST="true").content.decode()
    page = home(elsewhere)
    assert "王芳" not in page
    assert "都办完了" in page
