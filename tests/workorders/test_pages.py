"""The pages of repairs: the tenant's phone, the dispatcher's board, the call written down."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anju.domain.portfolio.models import Project
from anju.domain.workorders.models import WorkOrder
from anju.domain.workorders.rounds import one
from anju.foundation.db import clock, scoped_org
from anju.foundation.files.models import StoredFile
from anju.foundation.flows.actions import move
from anju.foundation.flows.files import may_open
from anju.foundation.identity import sessions
from anju.kit import Actor
from tests.flows.house import hire
from tests.staff import refusal, signed_in, text
from tests.workorders.conftest import Block, photo
from tests.workorders.test_orders import ABOVE, ROOM, leak


def phone(block: Block, room: str = ROOM) -> Client:
    """The signed-in phone of who lives there."""
    client = Client()
    client.cookies[sessions.TENANT_COOKIE] = sessions.open_tenant_session(scoped_org(), block.tenant(room).id)
    return client


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("leak.png", photo().stream.read(), content_type="image/png")


@pytest.mark.req("W-01")
def test_a_tenant_reports_from_the_phone_and_follows_it(block: Block, technician: Actor) -> None:
    client = phone(block)
    assert "还没有报修" in text(client, "/p/repairs")
    form = text(client, "/p/repairs/new")
    assert "哪里坏了？" in form
    lease = block.lease(ROOM).id
    sent = client.post(
        "/p/repairs/new",
        {"lease": lease, "spot": "kitchen", "said": "水槽下的水管漏水", "photos": picture()},
    )
    order = WorkOrder.objects.get()
    assert sent.headers["Location"] == f"/p/repairs/{order.id}"
    page = text(client, sent.headers["Location"])
    for words in ("已上报，正在派师傅", "P1 优先", order.case.number, "水槽下的水管漏水", "等师傅接单"):
        assert words in page
    move(technician, case_id=order.case_id, step="accept")
    move(technician, case_id=order.case_id, step="arrive", photos=(photo(),))
    move(technician, case_id=order.case_id, step="finish", facts={"result": "换密封圈"}, photos=(photo(),))
    page = text(client, f"/p/repairs/{order.id}")
    assert page.count("<img") == 3
    assert "自动结案" in page
    assert "1" in text(client, "/p/")
    client.post(f"/p/repairs/{order.id}/confirm")
    assert "这次修得怎么样" in text(client, f"/p/repairs/{order.id}")
    client.post(f"/p/repairs/{order.id}/rate", {"stars": "5", "remark": "很快"})
    assert "您给了 5 星" in text(client, f"/p/repairs/{order.id}")


@pytest.mark.req("W-07")
def test_what_is_reported_already_is_shown_before_a_second_order(block: Block) -> None:
    first = leak(block)
    client, lease = phone(block, ABOVE), block.lease(ABOVE).id
    typed = {"lease": lease, "spot": "kitchen", "said": "厨房水管滴水"}
    hint = client.post("/p/repairs/hint", typed).content.decode()
    assert "水管漏水堵塞，按“P1 优先”处理" in hint
    assert "是同一件事" in hint
    shown = client.post("/p/repairs/new", typed).content.decode()
    assert "不是，提交我的报修" in shown
    assert WorkOrder.objects.count() == 1
    joined = client.post("/p/repairs/new", {**typed, "same": first.id})
    assert joined.headers["Location"] == f"/p/repairs/{first.id}"
    page = text(client, f"/p/repairs/{first.id}")
    assert "还有 1 位邻居" in page
    assert first.said not in page  # whose home it is not, does not look inside
    assert "<img" not in page
    picture_of = StoredFile.objects.get(owner_kind="flow_case", owner_id=first.case_id)
    assert may_open(block.tenant(ROOM), picture_of)
    assert not may_open(block.tenant(ABOVE), picture_of)
    assert WorkOrder.objects.count() == 1


def test_not_the_same_is_an_order_of_its_own(block: Block) -> None:
    leak(block)
    client, lease = phone(block, ABOVE), block.lease(ABOVE).id
    client.post("/p/repairs/new", {"lease": lease, "spot": "kitchen", "said": "厨房水管滴水", "seen": "1"})
    assert WorkOrder.objects.count() == 2


def test_what_is_wrong_comes_back_with_what_was_typed(block: Block) -> None:
    client = phone(block)
    answer = client.post("/p/repairs/new", {"lease": block.lease(ROOM).id, "spot": "bath", "said": "😀😀"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "请用几个字说说哪里坏了" in page
    assert "😀😀" in page


@pytest.mark.req("W-11")
def test_the_board_leads_with_what_is_urgent_and_one_click_gives_it(block: Block, technician: Actor) -> None:
    leak(block, said="墙面掉漆", room=ABOVE)
    dark = leak(block, said="全屋停电")
    client = signed_in("service", name="郭建军")
    page = text(client, "/orders")
    assert page.index("厨房停电") < page.index("厨房掉漆")
    assert "建议 赵永康" in page
    client.post(f"/orders/{dark.case_id}/give", {"staff": technician.id})
    dark.case.refresh_from_db()
    assert dark.case.assignee == technician.id
    assert "已派给 赵永康" in text(client, "/orders")
    assert "停电" not in text(client, "/orders?kind=wall").split('class="w-desk"')[1]


def test_a_role_without_the_right_has_no_board(block: Block) -> None:
    assert refusal(signed_in("finance"), "/orders") == 403


@pytest.mark.req("W-01")
def test_a_call_is_written_down_by_the_same_form(block: Block, technician: Actor) -> None:
    lease = block.lease(ROOM)
    client = signed_in("service", name="郭建军")
    assert "代报修" in text(client, "/orders/new")
    unknown = client.post("/orders/new", {"room": "9-9-9999", "spot": "bath", "said": "马桶堵了"})
    assert unknown.status_code == 422
    assert "没有找到" in unknown.content.decode()
    sent = client.post("/orders/new", {"room": lease.number, "spot": "bath", "said": "马桶堵了"})
    order = WorkOrder.objects.get()
    assert (order.source, order.case.persons) == ("phone", [lease.payer_id])
    page = text(client, sent.headers["Location"])
    assert "马桶堵了" in page
    again = client.post("/orders/new", {"room": ROOM, "spot": "bath", "said": "厕所马桶不下水"})
    assert "近来已有类似申报" in again.content.decode()
    assert WorkOrder.objects.count() == 1


def test_orders_of_other_projects_are_not_on_the_board(block: Block) -> None:
    leak(block)
    hire("maintenance", name="孙海涛")
    elsewhere = signed_in("service", all_projects=False, scope_ids=[block.where.building.scope_id + 1000])
    assert "厨房漏水" not in text(elsewhere, "/orders")


@pytest.mark.req("W-01")
def test_a_second_tap_is_no_second_report(block: Block) -> None:
    client, lease = phone(block), block.lease(ROOM).id
    sent = {"lease": lease, "spot": "kitchen", "said": "水槽下的水管漏水", "seen": "1"}
    places = {client.post("/p/repairs/new", sent).headers["Location"] for _ in range(3)}
    order = WorkOrder.objects.get()
    assert places == {f"/p/repairs/{order.id}"}
    client.post("/p/repairs/new", {**sent, "spot": "bath"})
    assert WorkOrder.objects.count() == 2


@pytest.mark.req("W-01")
@pytest.mark.parametrize("odd", ["9" * 30, "9" * 5000, "٣", "-1", "x"])
def test_numbers_that_no_page_of_ours_sends_do_no_harm(block: Block, odd: str) -> None:
    client, lease = phone(block), block.lease(ROOM).id
    sent = {"lease": lease, "spot": "kitchen", "said": "水槽下的水管漏水", "seen": "1"}
    made = client.post("/p/repairs/new", {**sent, "priority": odd, "same": odd, "room": odd})
    assert made.status_code == 302
    where = made.headers["Location"]
    assert refusal(client, f"{where}/rate", {"stars": odd}) == 422


@pytest.mark.req("W-06")
def test_what_was_written_comes_back_after_a_refusal(block: Block) -> None:
    client = phone(block)
    answer = client.post(f"/p/repairs/{leak(block).id}/visit", {"slot": "gone", "entry": "away"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert '<details class="r-change" open>' in page
    assert 'value="away" checked' in page


@pytest.mark.req("W-06")
def test_a_reopening_and_a_rating_that_are_refused_keep_their_words(block: Block, technician: Actor) -> None:
    client, order = phone(block), leak(block)
    where, case = f"/p/repairs/{order.id}", order.case_id
    move(technician, case_id=case, step="accept")
    move(technician, case_id=case, step="arrive", photos=(photo(),))
    move(technician, case_id=case, step="finish", facts={"result": "换密封圈"}, photos=(photo(),))
    assert 'href="#f-reason"' in text(client, where)  # 还没修好 beside 确认修好, as near to the thumb
    answer = client.post(f"{where}/reopen", {"reason": " "})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert '<details class="p-card p-more" open><summary>还没修好' in page
    client.post(f"{where}/confirm")
    page = client.post(f"{where}/rate", {"stars": "", "remark": "很快就来了"}).content.decode()
    assert 'value="很快就来了"' in page


def test_the_class_is_named_in_the_readers_language(block: Block) -> None:
    client, lease = phone(block), block.lease(ROOM).id
    client.cookies["anju_language"] = "en"
    hint = client.post("/p/repairs/hint", {"lease": lease, "spot": "kitchen", "said": "水管漏水"}).content.decode()
    assert "P1 urgent: leaks" in hint
    assert "漏水漏电" not in hint


@pytest.mark.req("W-02")
def test_a_tenant_without_hot_water_does_not_read_of_leaks(block: Block) -> None:
    client, lease = phone(block), block.lease(ROOM).id
    cold = {"lease": lease, "spot": "bath", "said": "热水器不出热水"}
    hint = client.post("/p/repairs/hint", cold).content.decode()
    assert "热水取暖，按“P1 优先”处理" in hint
    assert "您写了“不出热水”" in hint
    assert "P1 优先：漏水漏电" in hint  # the class may still be changed, by what is often in it
    client.post("/p/repairs/new", cold)
    order = WorkOrder.objects.get()
    assert order.case.priority == 1
    page = text(client, f"/p/repairs/{order.id}")
    assert "P1 优先" in page
    assert "漏水漏电" not in page


def test_what_is_written_in_english_is_taken_as_urgent_and_has_a_chinese_title(block: Block) -> None:
    client, lease = phone(block), block.lease(ROOM).id
    client.cookies["anju_language"] = "en"
    sink = {"lease": lease, "spot": "kitchen", "said": "water is leaking under the sink"}
    assert "“leak”" in client.post("/p/repairs/hint", sink).content.decode()
    client.post("/p/repairs/new", sink)
    order = WorkOrder.objects.get()
    assert (order.case.priority, order.case.title) == (1, "厨房漏水")
    assert "Kitchen: water leak" in text(client, "/p/repairs")
    assert "Kitchen: water leak" in text(client, f"/p/repairs/{order.id}")


def test_the_steps_say_the_day_where_it_is_another_one(block: Block, technician: Actor) -> None:
    clock.move_to(datetime(2026, 11, 10, 19, 42, tzinfo=clock.SHANGHAI))
    order, client = leak(block), phone(block)
    where = f"/p/repairs/{order.id}"
    assert times(text(client, where))[:1] == ["19:42"]
    clock.move_to(datetime(2026, 11, 10, 20, 25, tzinfo=clock.SHANGHAI))
    move(technician, case_id=order.case_id, step="accept")
    clock.move_to(datetime(2026, 11, 11, 15, 4, tzinfo=clock.SHANGHAI))
    move(technician, case_id=order.case_id, step="arrive", photos=(photo(),))
    page = text(client, where)
    assert times(page)[:3] == ["11月10日 19:42", "20:25", "11月11日 15:04"]
    assert "11月11日 15:04 到场" in page  # under the picture


def times(page: str) -> list[str]:
    """What stands under the steps of a repair or a complaint."""
    steps = page.partition('<ol class="p-steps">')[2].partition("</ol>")[0]
    return re.findall('<span>(?:<span class="p-words">)?([^<]+)', steps)


def test_a_technicians_map_is_asked_for_a_place_with_its_city_once(block: Block, technician: Actor) -> None:
    order, project = leak(block), Project.objects.get(id=block.where.building.scope_id)
    written = {
        "长河路 88 号": "杭州滨江区长河路 88 号", "滨江区长河路 88 号": "杭州滨江区长河路 88 号",
        "杭州市滨江区长河路 88 号": "杭州市滨江区长河路 88 号",
    }  # fmt: skip
    for address, found in written.items():
        Project.objects.filter(id=project.id).update(city="杭州", district="滨江区", address=address)
        shown = one(technician, order.case_id)
        assert shown is not None
        assert shown["address"] == found


def test_what_no_text_can_hold_is_called_unreadable_not_our_fault(block: Block) -> None:
    client, lease = phone(block), block.lease(ROOM).id
    sent = {"lease": lease, "spot": "kitchen", "said": "水管\x00漏水", "seen": "1"}
    assert refusal(client, "/p/repairs/new", sent) == 400
    assert WorkOrder.objects.count() == 0
