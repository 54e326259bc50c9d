"""The pages of complaints: the tenant's phone, the ledger, the call written down."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from anju.domain.complaints.actions import file
from anju.domain.complaints.models import Complaint
from anju.domain.workorders.actions import report
from anju.foundation.flows.actions import move
from anju.kit import Actor
from tests.complaints.test_complaints import ABOVE, ROOM, SAID, complain, replied
from tests.flows.house import hire
from tests.staff import refusal, signed_in, text
from tests.workorders.conftest import Block
from tests.workorders.test_pages import phone


def posted(client: Client, path: str, **data: object) -> Client:
    assert client.post(path, data).status_code == 302, path
    return client


@pytest.mark.req("W-12")
def test_a_tenant_complains_from_the_phone_reads_the_reply_and_answers(block: Block, agent: Actor) -> None:
    client, lease = phone(block), block.lease(ROOM)
    order = report(block.tenant(ROOM), lease_id=lease.id, spot="kitchen", said="水管漏水")
    assert "还没有投诉" in text(client, "/p/complaints")
    assert "件件有答复" in text(client, "/p/")
    assert order.case.number in text(client, "/p/complaints/new")
    sent = client.post(
        "/p/complaints/new",
        {"lease": lease.id, "cause": "repair", "said": "修了三次还漏", "record": f"workorder:{order.id}"},
    )
    made = Complaint.objects.get()
    assert sent.headers["Location"] == f"/p/complaints/{made.id}"
    page = text(client, f"/p/complaints/{made.id}")
    for words in ("已收到，正在安排", made.case.number, "修了三次还漏", "等管家受理", order.case.number, "最晚"):
        assert words in page
    assert "等管家受理" in text(client, "/p/")
    replied(made, agent, "换了整根水管，保修一年")
    page = text(client, f"/p/complaints/{made.id}")
    for words in ("换了整根水管，保修一年", "林晓", "满意，结案", "不满意", "自动结案"):
        assert words in page
    short = client.post(f"/p/complaints/{made.id}/reopen", {"reason": ""})
    assert short.status_code == 422
    posted(client, f"/p/complaints/{made.id}/reopen", reason="接头处还在渗")
    page = text(client, f"/p/complaints/{made.id}")
    assert "接头处还在渗" in page
    assert "满意，结案" not in page
    move(agent, case_id=made.case_id, step="reply", facts={"reply": "接头换了铜的"})
    posted(client, f"/p/complaints/{made.id}/close")
    page = text(client, f"/p/complaints/{made.id}")
    assert page.index("接头换了铜的") < page.index("换了整根水管")
    assert "已结案" in page


def test_what_is_wrong_comes_back_with_what_was_typed(block: Block) -> None:
    client, lease = phone(block), block.lease(ROOM).id
    answer = client.post("/p/complaints/new", {"lease": lease, "cause": "fee", "said": "😀😀"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "请用几个字说说发生了什么" in page
    assert "😀😀" in page
    assert "请选择投诉的是哪方面" in client.post("/p/complaints/new", {"lease": lease, "said": SAID}).content.decode()


@pytest.mark.req("W-12")
def test_the_ledger_says_who_answers_by_when(block: Block, agent: Actor) -> None:
    client = signed_in("service", name="郭建军")
    assert "没有未结案的客诉" in text(client, "/complaints")
    made = complain(block)
    file(
        agent,
        lease_id=block.lease(ABOVE).id,
        cause="neighbour",
        said="楼上半夜装修",
        source="hotline",
        hotline_no="S-7",
    )
    page = text(client, "/complaints")
    for words in (made.case.number, SAID, ROOM, "押金", "没人受理", "待受理", "12345 热线", "S-7", "近 30 天 2 件"):
        assert words in page
    assert page.index("楼上半夜装修") < page.index(SAID)  # the nearest deadline first
    assert "楼上半夜装修" not in text(client, "/complaints?cause=deposit")
    assert SAID not in text(client, "/complaints?source=hotline")
    assert "没有符合条件的客诉" in text(client, "/complaints?cause=safety")
    assert "没有超时的客诉" in text(client, "/complaints?view=overdue")
    replied(made, agent)
    page = text(client, "/complaints")
    assert "林晓" in page
    assert "按时答复 100.0%" in page


@pytest.mark.req("W-12")
def test_a_call_is_written_down_and_worked_on_like_any_case(block: Block) -> None:
    client, lease = signed_in("service", name="郭建军"), block.lease(ROOM)
    assert "12345 编号" in text(client, "/complaints/new")
    typed = {"room": lease.number, "cause": "staff", "said": "管家不回消息", "source": "phone"}
    for wrong, words in (
        ({"room": "9-9-9999"}, "没有找到这个房号"), ({"cause": ""}, "请选择投诉的是哪方面"),
        ({"source": "portal"}, "12345 转来"), ({"record": "W26-9999"}, "没有找到“W26-9999”"),
    ):  # fmt: skip
        answer = client.post("/complaints/new", {**typed, **wrong})
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert "管家不回消息" in answer.content.decode()
    sent = client.post("/complaints/new", {**typed, "record": lease.number.lower()})
    made = Complaint.objects.get()
    assert (made.source, made.record_kind, made.record_id) == ("phone", "lease", lease.id)
    page = text(client, sent.headers["Location"])
    for words in ("管家不回消息", ROOM, lease.number, "受理"):
        assert words in page
    posted(client, f"/cases/{made.case_id}/step/accept")
    posted(client, f"/cases/{made.case_id}/step/reply", reply="换了管家，今天回电")
    assert "换了管家，今天回电" in text(client, f"/cases/{made.case_id}")
    assert "换了管家，今天回电" in text(phone(block), f"/p/complaints/{made.id}")
    assert "/complaints/new" in text(client, "/cases")


@pytest.mark.req("W-12")
def test_the_ledger_is_exported_with_what_was_said_and_replied(block: Block, agent: Actor) -> None:
    replied(complain(block), agent)
    answer = signed_in("manager").get("/complaints.xlsx?view=all")
    assert answer.status_code == 200
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
    assert sheet is not None
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row]
    for words in (SAID, "已核对，押金明天退回原卡", "已答复", "林晓", ROOM):
        assert words in cells
    assert refusal(signed_in("service", name="郭建军"), "/complaints.xlsx") == 422


def test_a_role_without_the_right_has_no_ledger_and_reads_no_complaint(block: Block) -> None:
    made, client = complain(block), signed_in("maintenance")
    assert refusal(client, "/complaints") == 403
    assert SAID not in text(client, f"/cases/{made.case_id}")


@pytest.mark.req("W-12")
def test_complaints_of_other_projects_are_not_in_the_ledger(block: Block) -> None:
    made = complain(block)
    hire("service", name="孙海涛")
    elsewhere = signed_in("service", all_projects=False, scope_ids=[block.where.building.scope_id + 1000])
    assert SAID not in text(elsewhere, "/complaints?view=all")
    assert refusal(elsewhere, f"/cases/{made.case_id}") == 404
    assert refusal(elsewhere, f"/cases/{made.case_id}/step/accept", {}) == 404
    typed = {"room": block.lease(ROOM).number, "cause": "staff", "said": "管家不回消息", "source": "phone"}
    assert elsewhere.post("/complaints/new", typed).status_code == 422


@pytest.mark.req("W-12")
def test_a_second_tap_is_no_second_complaint(block: Block) -> None:
    client, lease = phone(block), block.lease(ROOM).id
    sent = {"lease": lease, "cause": "deposit", "said": SAID}
    places = {client.post("/p/complaints/new", sent).headers["Location"] for _ in range(2)}
    assert places == {f"/p/complaints/{Complaint.objects.get().id}"}
