"""A new version: what it means for running cases is shown before the release; afterwards they can be moved over."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from anju.foundation.db import clock, org_scope
from anju.foundation.flows import actions, queries
from anju.foundation.flows.definitions import FlowDefinition
from anju.foundation.flows.moving_over import running
from anju.foundation.publishing import actions as publish
from anju.foundation.publishing.simulation import has_simulator, simulate
from anju.foundation.trace.events import timeline
from anju.kit import Actor
from tests.flows.house import KEYS, hire, install
from tests.flows.test_cases import at
from tests.flows.test_pages import begun, signed_in

SYSTEM = Actor.system()


def without(stage: str, *, instead: str) -> FlowDefinition:
    """The key hand-over with another stage in one's place, of another team."""
    return KEYS.model_copy(
        update={
            "stages": tuple(
                s.model_copy(update={"key": instead, "zh": "待处理", "team": "finance"}) if s.key == stage else s
                for s in KEYS.stages
            ),
            "transitions": tuple(
                t.model_copy(
                    update={
                        "sources": tuple(instead if s == stage else s for s in t.sources),
                        "to": instead if t.to == stage else t.to,
                    }
                )
                for t in KEYS.transitions
            ),
            "limits": (),
        }
    )


@pytest.mark.req("L-02")
def test_a_draft_says_who_keeps_the_old_version_and_who_would_be_stuck(company: int) -> None:
    install("keys", KEYS)
    draft = without("open", instead="waiting")
    nobody = simulate("flow.keys", KEYS, draft, clock.today())
    assert (nobody.changed, nobody.headline.zh) == (0, "现在没有正在办的单，新发起的按新版办")
    desk = hire("service")
    waiting, out = (actions.open_case(SYSTEM, flow="keys", facts={"keys": "1"}) for _ in range(2))
    actions.move(desk, case_id=out.id, step="take")
    said = simulate("flow.keys", KEYS, draft, clock.today())
    assert said.headline.zh == "**2** 张正在办的单按旧版办完；如果换到新版，**1** 张要先选去处"
    assert {r.label.zh: (r.now, r.draft) for r in said.rows} == {"待领取": (1, 0), "送钥匙": (1, 1)}
    assert [(e.id, e.label, e.now.zh) for e in said.examples] == [(waiting.id, waiting.number, "待领取")]
    assert simulate("flow.keys", KEYS, KEYS, clock.today()).changed == 0
    assert has_simulator("flow.repair")
    assert not has_simulator("hours")


def test_a_stage_that_now_ends_cases_holds_none(company: int) -> None:
    at(9)
    install("keys", KEYS)
    case = actions.open_case(SYSTEM, flow="keys", facts={"keys": "1"})
    ending = KEYS.model_copy(
        update={
            "stages": (
                *(s.model_copy(update={"kind": "done"}) if s.key == "open" else s for s in KEYS.stages),
                KEYS.stages[0].model_copy(update={"key": "fresh"}),
            )
        }
    )
    assert simulate("flow.keys", KEYS, ending, clock.today()).changed == 1
    at(9, 5)
    install("keys", ending, number=2)
    assert [s.lost for s in running("keys")] == [True]
    assert actions.adapt(SYSTEM, flow="keys", stages={"open": "fresh"}) == 1
    case.refresh_from_db()
    assert (case.stage, case.closed_at) == ("fresh", None)


@pytest.mark.req("L-02")
def test_moving_over_keeps_the_way_and_the_team(company: int) -> None:
    at(9)
    first = install("keys", KEYS)
    case = actions.open_case(SYSTEM, flow="keys", facts={"keys": "1"}, scope_id=5)
    at(9, 5)
    second = install("keys", without("open", instead="waiting"), number=2)
    far = hire("manager", name="远方", all_projects=False, scope_ids=[6])
    assert actions.adapt(far, flow="keys", stages={"open": "waiting"}) == 0, "not what lies out of reach"
    assert actions.adapt(SYSTEM, flow="keys", stages={"open": "waiting"}) == 1
    case.refresh_from_db()
    assert (case.version_id, case.stage, case.team) == (second.id, "waiting", "finance")
    assert first.id != second.id
    went = queries.visits(case.id)
    assert [(v.stage, v.left_at is None) for v in went] == [("open", False), ("waiting", True)]
    assert timeline(("flow_case", case.id))[0]["action"] == "flows.case.adapt"


@pytest.mark.req("L-02")
def test_the_page_asks_for_a_place_for_each_lost_stage(org: int) -> None:
    case = begun(org)
    boss = signed_in(org, "manager", login="xu")
    own = "/cases/versions/keys"
    assert "没有按旧版办的单" in boss.get(own).content.decode()
    with org_scope(org):
        install("keys", without("open", instead="waiting"), number=2)
    assert "1 张办理单还按旧版办" in boss.get("/policies/flow.keys").content.decode()
    page = boss.get(own).content.decode()
    assert "会卡住，要选去处" in page
    assert 'name="stage-open"' in page
    refused = boss.post(own, {"stage-open": ""})
    assert refused.status_code == 422
    assert "停在新版没有的阶段" in refused.content.decode()
    assert boss.post(own, {"stage-open": "waiting"}).status_code == 302
    with org_scope(org):
        case.refresh_from_db()
        assert case.stage == "waiting"
    assert "没有按旧版办的单" in boss.get(own).content.decode()
    assert "还按旧版办" not in boss.get("/policies/flow.keys").content.decode()
    assert signed_in(org, "service", login="lin").get(own).status_code in (403, 404)
    assert boss.get("/cases/versions/none").status_code == 404


def test_the_inbox_goes_to_excel_as_it_is_listed(org: int) -> None:
    case = begun(org)
    boss = signed_in(org, "manager", login="xu")
    assert "/cases.xlsx" in boss.get("/cases").content.decode()
    answer = boss.get("/cases.xlsx", {"box": "all"})
    rows = list(load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.values)  # type: ignore[attr-defined,union-attr]
    assert rows[0][:4] == ("单号", "流程", "事项", "级别")
    assert rows[1][:4] == (case.number, "交接钥匙", "两把钥匙", "急")
    assert len(rows) == 2
    desk = signed_in(org, "service", login="lin")
    assert "/cases.xlsx" not in desk.get("/cases").content.decode()
    assert desk.get("/cases.xlsx").status_code in (403, 404, 422)


@pytest.mark.req("L-02")
def test_the_draft_s_page_names_the_cases_that_would_be_stuck(org: int) -> None:
    case = begun(org)
    with org_scope(org):
        author = hire("admin", name="陈工")
        draft = publish.start_draft(author, key="flow.keys")
        body = without("open", instead="waiting").model_dump(mode="json")
        draft = publish.save_draft(author, version_id=draft.id, rev=draft.rev, body=body)
        publish.simulate_draft(author, version_id=draft.id)
    client = signed_in(org, "admin", login="boss")
    page = client.get("/policies/flow.keys").content.decode()
    assert "张要先选去处" in page
    assert case.number in page
    assert f"/cases/{case.id}" in page
