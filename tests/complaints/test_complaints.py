"""A complaint from whoever it comes to the reply that satisfies; nobody's complaint seen by somebody else."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from anju.domain.complaints import queries
from anju.domain.complaints.actions import LONGEST, MOST_AN_HOUR, file
from anju.domain.complaints.models import Complaint, ComplaintReply
from anju.domain.complaints.queries import Filter, find_record, rates, together
from anju.domain.workorders.actions import report
from anju.foundation.db import clock, fetch, org_scope
from anju.foundation.flows import queries as cases
from anju.foundation.flows.actions import move
from anju.foundation.flows.models import FlowCase, FlowLimit
from anju.foundation.flows.soundness import lint_flow
from anju.foundation.flows.timers import run_timers
from anju.foundation.messaging.dispatch import dispatch_due
from anju.foundation.messaging.queries import inbox
from anju.foundation.policy.registry import declared
from anju.foundation.staffing.actions import create_organization
from anju.kit import Actor, Refused
from tests.builders import House, house
from tests.flows.house import hire
from tests.workorders.conftest import Block

ROOM, ABOVE = "3-1-1208", "3-1-1308"
SAID = "退房二十天了，押金还没有退"


def complain(block: Block, room: str = ROOM, said: str = SAID, cause: str = "deposit") -> Complaint:
    return file(block.tenant(room), lease_id=block.lease(room).id, cause=cause, said=said)


def replied(complaint: Complaint, by: Actor, text: str = "已核对，押金明天退回原卡") -> FlowCase:
    move(by, case_id=complaint.case_id, step="accept")
    return move(by, case_id=complaint.case_id, step="reply", facts={"reply": text})


def refused(code: str) -> pytest.RaisesExc[Refused]:
    return pytest.raises(Refused, match=code, check=lambda e: e.code == code)


def later(**more: float) -> None:
    clock.move_to(clock.now() + timedelta(**more))


def limit(complaint: Complaint, key: str) -> FlowLimit:
    return FlowLimit.objects.filter(case_id=complaint.case_id, key=key).latest("id")


def told() -> list[tuple[str, int]]:
    rows = fetch("SELECT template, to_person FROM message WHERE kind = 'complaint' ORDER BY id")
    return [(m["template"].removeprefix("complaints:"), m["to_person"]) for m in rows]


def test_the_shipped_flow_and_its_texts_are_sound() -> None:
    assert lint_flow(declared("flow.complaint").model()) == []  # type: ignore[arg-type]
    texts = declared("complaints").model()
    assert [text.lint() for text in (texts.accepted, texts.replied, texts.dropped)] == [[], [], []]  # type: ignore[attr-defined]


@pytest.mark.req("W-12")
def test_a_tenant_complains_and_is_told_who_answers_and_what(block: Block, agent: Actor) -> None:
    complaint, tenant = complain(block), block.tenant(ROOM)
    case = complaint.case
    assert (case.title, case.stage, case.team, case.priority) == ("押金投诉", "new", "service", 2)
    assert (complaint.source, complaint.person_id, case.persons) == ("portal", tenant.id, [tenant.id])
    case = replied(complaint, agent)
    assert (case.stage, case.assignee) == ("replied", agent.id)
    assert told() == [("accepted", tenant.id), ("replied", tenant.id)]
    sealed = fetch("SELECT vars::text AS open FROM message WHERE template = 'complaints:replied'")
    assert "押金明天" not in sealed[0]["open"]
    move(tenant, case_id=case.id, step="close")
    case.refresh_from_db()
    assert (case.stage, case.due_at) == ("done", None)


@pytest.mark.req("W-12")
def test_the_reply_reaches_the_tenants_phone(committed: str) -> None:
    org = create_organization(name="禾里公寓", drill=True, starts=datetime(2025, 1, 1, tzinfo=clock.SHANGHAI)).id
    with org_scope(org):
        clock.move_to(datetime(2026, 3, 2, 9, tzinfo=clock.SHANGHAI))
        block = Block(house())
        tenant, complaint = block.tenant(ROOM), complain(block)
        replied(complaint, hire("service", name="林晓"))
    dispatch_due(org)
    with org_scope(org):
        (last, first) = inbox(tenant.id)
        assert (first.title, first.body) == ("您的投诉已受理", "您的押金投诉由林晓负责，查清后答复您。")
        assert "押金明天退回原卡" in last.body
        assert (last.subject_kind, last.subject_id) == ("complaint", complaint.id)


@pytest.mark.req("W-12")
def test_a_call_and_12345_are_written_down_by_staff(block: Block, agent: Actor) -> None:
    lease = block.lease(ROOM)
    called = file(agent, lease_id=lease.id, cause="staff", said="管家说话不客气", source="phone")
    passed = file(
        agent, lease_id=lease.id, cause="neighbour", said="楼上半夜装修", source="hotline", hotline_no="202611290012"
    )
    assert (called.person_id, called.source, called.case.priority) == (lease.payer_id, "phone", 2)
    assert (passed.case.title, passed.case.priority, passed.hotline_no) == ("12345 邻里投诉", 0, "202611290012")
    with refused("complaints.hotline_known"):
        file(agent, lease_id=lease.id, cause="other", said="重复转办", source="hotline", hotline_no="202611290012")
    with refused("complaints.no_source"):
        file(agent, lease_id=lease.id, cause="other", said="没写来源", source="portal")
    with refused("complaints.no_source"):
        file(agent, lease_id=lease.id, cause="other", said="电话没有编号", source="phone", hotline_no="1")


@pytest.mark.req("W-12")
@pytest.mark.parametrize(
    ("source", "cause", "hours"),
    [("hotline", "fee", (4, 24)), ("phone", "safety", (8, 48)), ("phone", "fee", (24, 72))],
)
def test_the_deadlines_follow_where_it_came_from(
    block: Block, agent: Actor, source: str, cause: str, hours: tuple[int, int]
) -> None:
    complaint = file(agent, lease_id=block.lease(ROOM).id, cause=cause, said="收费不对", source=source)
    for key, asked in zip(("respond", "reply"), hours, strict=True):
        due = limit(complaint, key).due_at
        assert round((due - complaint.case.opened_at) / timedelta(hours=1)) == asked


@pytest.mark.req("W-12")
def test_a_deadline_that_passes_goes_to_the_manager(company: int, block: Block, agent: Actor) -> None:
    clock.move_to(datetime(2026, 3, 2, 9, tzinfo=clock.SHANGHAI))
    boss, complaint = hire("manager", name="许婧"), complain(block)
    later(hours=23, minutes=30)
    run_timers(company)
    assert limit(complaint, "respond").warned_at is not None
    assert cases.inbox(boss, "team").count() == 0
    later(hours=1)
    run_timers(company)
    assert limit(complaint, "respond").state == "breached"
    assert [c.id for c in cases.inbox(boss, "team")] == [complaint.case_id]
    assert list(queries.complaints(boss, Filter(view="overdue"))) == [complaint]
    move(boss, case_id=complaint.case_id, step="accept")
    later(hours=60)
    run_timers(company)
    assert limit(complaint, "reply").state == "breached"
    move(boss, case_id=complaint.case_id, step="reply", facts={"reply": "迟了，抱歉：已全额退款"})
    whole = together(rates(boss))
    assert (whole.filed, whole.decided, whole.in_time) == (1, 1, 0)


@pytest.mark.req("W-12")
def test_not_satisfied_goes_back_to_the_same_owner_with_a_new_deadline(block: Block, agent: Actor) -> None:
    complaint, tenant = complain(block), block.tenant(ROOM)
    replied(complaint, agent, "押金抵了清洁费")
    later(hours=80)
    with refused("flow.reason_missing"):
        move(tenant, case_id=complaint.case_id, step="reopen")
    case = move(tenant, case_id=complaint.case_id, step="reopen", reason="清洁费没有约定过")
    assert (case.stage, case.assignee) == ("working", agent.id)
    assert round((limit(complaint, "reply").due_at - clock.now()) / timedelta(hours=1)) == 72
    move(agent, case_id=case.id, step="reply", facts={"reply": "核对合同，清洁费退回"})
    assert [r.text for r in queries.replies(complaint.id)] == ["押金抵了清洁费", "核对合同，清洁费退回"]
    assert ComplaintReply.objects.filter(by=str(agent)).count() == 2
    move(tenant, case_id=case.id, step="close")
    move(tenant, case_id=case.id, step="reopen", reason="钱没到账")
    case.refresh_from_db()
    assert (case.stage, case.closed_at) == ("working", None)


@pytest.mark.req("W-12")
def test_only_the_tenant_or_a_week_of_silence_closes(company: int, block: Block, agent: Actor) -> None:
    clock.move_to(datetime(2026, 3, 2, 9, tzinfo=clock.SHANGHAI))
    complaint = complain(block)
    case = replied(complaint, agent)
    for somebody in (agent, hire("manager", name="许婧"), hire("admin", name="钱立")):
        with refused("flow.not_yours"):
            move(somebody, case_id=case.id, step="close")
    later(days=6, hours=23)
    run_timers(company)
    case.refresh_from_db()
    assert case.stage == "replied"
    later(hours=2)
    run_timers(company)
    case.refresh_from_db()
    assert case.stage == "done"


@pytest.mark.req("W-12")
def test_a_tenant_takes_a_complaint_back_and_is_not_told_so(block: Block, agent: Actor) -> None:
    first, second = complain(block), complain(block, said="邻居太吵", cause="neighbour")
    move(block.tenant(ROOM), case_id=first.case_id, step="drop", reason="已经说开了")
    assert told() == []
    with refused("flow.not_yours"):
        move(agent, case_id=second.case_id, step="drop", reason="不想办")
    move(hire("manager", name="许婧"), case_id=second.case_id, step="drop", reason="和另一件重复")
    assert told() == [("dropped", block.tenant(ROOM).id)]


@pytest.mark.req("W-12")
def test_what_it_is_about_is_the_same_tenants(block: Block, agent: Actor) -> None:
    tenant, lease = block.tenant(ROOM), block.lease(ROOM)
    mine = report(tenant, lease_id=lease.id, spot="kitchen", said="水管漏水")
    other = report(block.tenant(ABOVE), lease_id=block.lease(ABOVE).id, spot="kitchen", said="水管漏水")
    about = file(tenant, lease_id=lease.id, cause="repair", said="修了三次还漏", record=("workorder", mine.id))
    assert find_record(lease.id, mine.case.number.lower()) == ("workorder", mine.id)
    assert find_record(lease.id, other.case.number) is None
    assert find_record(lease.id, lease.number) == ("lease", lease.id)
    assert queries.records_of([about])["workorder", mine.id].text == mine.case.number
    for kind, record_id in (
        ("workorder", other.id), ("lease", block.lease(ABOVE).id), ("bill", 1), ("person", tenant.id),
    ):  # fmt: skip
        for by in (tenant, agent):
            with refused("not_found"):
                file(by, lease_id=lease.id, cause="repair", said="别人的单子", record=(kind, record_id))


@pytest.mark.req("W-12")
@pytest.mark.parametrize("said", ["", "😀😀😀", "吵", "。。。！！！", "  \n "])
def test_a_complaint_says_something(block: Block, said: str) -> None:
    with refused("complaints.say_more"):
        complain(block, said=said)


def test_a_complaint_is_not_a_book_and_has_a_cause(block: Block, agent: Actor) -> None:
    assert len(complain(block, said="吵" * LONGEST).said) == LONGEST
    with refused("complaints.too_long"):
        complain(block, said="吵" * (LONGEST + 1))
    with refused("complaints.no_cause"):
        complain(block, cause="weather")
    with refused("complaints.hotline_long"):
        file(
            agent, lease_id=block.lease(ROOM).id, cause="fee", said="收费不对", source="hotline", hotline_no="9" * 41
        )  # fmt: skip


def test_five_an_hour_from_one_tenant_are_enough(block: Block, agent: Actor) -> None:
    for n in range(MOST_AN_HOUR):
        complain(block, said=f"第{n}件事不满意")
    with refused("complaints.too_many"):
        complain(block)
    file(agent, lease_id=block.lease(ROOM).id, cause="fee", said="打电话来说的", source="phone")
    complain(block, ABOVE)
    later(hours=1, minutes=1)
    complain(block)


@pytest.mark.req("W-12")
def test_somebody_elses_home_and_complaint_are_not_found(block: Block, agent: Actor) -> None:
    with refused("not_found"):
        file(block.tenant(ROOM), lease_id=block.lease(ABOVE).id, cause="fee", said="收费不对")
    complaint = complain(block)
    with refused("not_found"):
        queries.own(block.tenant(ABOVE), complaint.id)
    with refused("not_found"):
        queries.own(agent, complaint.id)
    with refused("not_found"):
        file(
            agent, lease_id=block.lease(ROOM).id, cause="fee", said="收费不对", source="phone",
            person_id=block.tenant(ABOVE).id,
        )  # fmt: skip
    for step in ("close", "reopen", "drop"):
        with refused("not_found"):
            move(block.tenant(ABOVE), case_id=complaint.case_id, step=step, reason="不是我的")


@pytest.mark.req("W-12")
def test_another_projects_complaints_are_neither_seen_nor_made_nor_counted(block: Block) -> None:
    complaint = complain(block)
    elsewhere: House = house("8号楼")
    stranger = hire("manager", name="何远", all_projects=False, scope_ids=[elsewhere.building.scope_id])
    assert list(queries.complaints(stranger, Filter(view="all"))) == []
    assert rates(stranger) == []
    with refused("not_found"):
        file(stranger, lease_id=block.lease(ROOM).id, cause="fee", said="收费不对", source="phone")
    with refused("not_found"):
        move(stranger, case_id=complaint.case_id, step="accept")
    here = hire("manager", name="许婧", all_projects=False, scope_ids=[block.where.building.scope_id])
    assert list(queries.complaints(here, Filter(view="all"))) == [complaint]


@pytest.mark.req("W-12")
def test_the_rates_are_per_hundred_leases_and_of_what_is_decided(block: Block, agent: Actor) -> None:
    for room in ("3-1-0301", "3-1-0302", "3-1-0303"):
        block.lease(room)
    replied(complain(block), agent)
    complain(block, said="邻居太吵", cause="neighbour")
    (rate,) = rates(agent)
    assert (rate.filed, rate.leases, rate.decided, rate.in_time) == (2, 4, 1, 1)
    assert (rate.per_hundred, rate.share) == (50, 1)
    later(days=4)
    assert together(rates(agent)).share == 0.5
    later(days=27)
    assert together(rates(agent)).filed == 0
