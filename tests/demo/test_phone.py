"""模拟手机: what came, what became of it, why, and what comes next."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.test import Client

from anju.domain.workorders.actions import report
from anju.foundation.db import clock, org_scope
from anju.foundation.flows.actions import move
from anju.foundation.messaging.dispatch import dispatch_all
from anju.foundation.messaging.models import Message
from anju.foundation.sweeps.run import run_sweep
from anju.kit import Actor
from tests.demo.test_clock import signed_in
from tests.messaging.house import Gateway, gateway
from tests.portal.conftest import Home, make_company, settle_in

__all__ = ["gateway"]

SYSTEM = Actor.system()
DUE_DAY = datetime(2026, 11, 25, 9, 30, tzinfo=clock.SHANGHAI)


@pytest.fixture
def lin(committed: str, gateway: Gateway) -> Home:
    """林晓雯 was reminded on the due day, in the app and by SMS."""
    home = settle_in(make_company("安居示范公寓"), "3-1-1208", "林晓雯", "13800008888")
    gateway.set_up(home.org)
    with org_scope(home.org):
        clock.move_to(DUE_DAY)
        run_sweep(SYSTEM, home.org, "reminders", DUE_DAY.date())
    dispatch_all(home.org)
    return home


def page(client: Client, query: str = "", **headers: str) -> str:
    answer = client.get(f"/phone{query}", headers=headers)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_phone_shows_messages_with_signature_links_and_red_dot(lin: Home) -> None:
    shown = page(signed_in(lin.org, "manager"))
    assert "林晓雯" in shown
    assert "3-1-1208" in shown
    assert "【" in shown
    assert "11月25日是付款日" in shown
    links = re.findall(r'href="(http[^"]+/b/\w{11})" target="_blank"', shown)
    assert len(set(links)) == 2
    assert Client().get(links[0].partition("/b/")[1] + links[0].partition("/b/")[2]).status_code == 200


def test_a_message_about_a_repair_leads_to_the_repair(lin: Home) -> None:
    with org_scope(lin.org):
        order = report(lin.actor, lease_id=lin.lease, spot="kitchen", said="水管漏水")
        move(SYSTEM, case_id=order.case_id, step="drop", reason="已经修过了")
    dispatch_all(lin.org)
    assert f'<a href="/p/repairs/{order.id}"><b>报修已撤销</b></a>' in page(signed_in(lin.org, "manager"))


def test_it_says_what_became_of_each_why_and_what_comes_next(lin: Home) -> None:
    manager = signed_in(lin.org, "manager")
    shown = page(manager)
    for words in (
        "已送达，未读",
        "已发出，等回执",
        "应付日当天提醒",
        "规则：缴租提醒 第 1 版",
        "11-26 还没付，就发短信",
    ):
        assert words in shown, words
    with org_scope(lin.org):
        sms = Message.objects.get(channel="sms")
    assert "为什么发这条短信？" in page(manager, f"?message={sms.id}")
    assert 'href="/policies/reminders"' in shown
    service = page(signed_in(lin.org, "service"))
    assert ("规则：缴租提醒 第 1 版" in service, 'href="/policies' in service) == (True, False), "they may not read it"


def test_filters_narrow_the_list(lin: Home) -> None:
    manager = signed_in(lin.org, "manager")
    unread = page(manager, "?show=unread").partition('class="d-log"')[2]
    assert "站内消息" in unread
    assert "短信</b>" not in unread.partition("</ol>")[0]
    assert "没有这样的消息" in page(manager, "?show=clicked")


def test_a_phone_without_news_is_not_drawn_again(lin: Home) -> None:
    manager = signed_in(lin.org, "manager")
    mark = re.search(r"mark=([\d.]+)", page(manager))
    assert mark is not None
    again = manager.get(f"/phone?person={lin.person}&mark={mark[1]}", headers={"HX-Request": "true"})
    assert (again.status_code, again.content) == (204, b"")
    with org_scope(lin.org):
        Message.objects.filter(channel="inapp").update(state="read", read_at=clock.now())
    fresh = manager.get(f"/phone?person={lin.person}&mark={mark[1]}", headers={"HX-Request": "true"})
    assert "已读" in fresh.content.decode()
    assert "<html" not in fresh.content.decode()


def test_somebody_else_is_found_by_name_and_words_stay_out_of_addresses(lin: Home) -> None:
    settle_in(lin.org, "3-2-0906", "周子昂", "13900005567")
    manager = signed_in(lin.org, "manager")
    hits = manager.post("/phone/find", {"q": "周子昂"}, headers={"HX-Request": "true"}).content.decode()
    person = re.search(r"/phone\?person=(\d+)", hits)
    assert person is not None
    assert "周子昂" in page(manager, f"?person={person[1]}")
    assert "没有找到" in manager.post("/phone/find", {"q": "李无此"}, headers={"HX-Request": "true"}).content.decode()


def test_another_companys_tenant_is_not_found(lin: Home) -> None:
    other = settle_in(make_company("隔壁公寓"), "1-1-0101", "马嘉言", "13700001111")
    manager = signed_in(lin.org, "manager")
    for person in (other.person, 0, "x", "9" * 30):
        assert manager.get(f"/phone?person={person}").status_code == 404


def test_staff_of_one_project_see_only_its_tenants(lin: Home) -> None:
    from anju.foundation.staffing.actions import add_staff

    with org_scope(lin.org):
        add_staff(SYSTEM, login="far@example.com", name="远方", roles=("manager",), password="correct horse 7",
                  all_projects=False, scope_ids=[])  # fmt: skip
    client = Client()
    client.post("/sign-in", {"login": "far@example.com", "password": "correct horse 7"})
    assert client.get(f"/phone?person={lin.person}").status_code == 404
    assert "还没有人收到消息" in page(client)
