"""Pages of cases: who sees what, what is offered, what a refused step says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from anju.foundation.db import org_scope
from anju.foundation.flows.actions import move, open_case
from anju.foundation.flows.diagram import drawn
from anju.foundation.flows.models import FlowCase
from anju.kit import Actor
from tests.flows.house import KEYS, hire, install

SYSTEM = Actor.system()


def signed_in(org: int, *roles: str, login: str) -> Client:
    with org_scope(org):
        hire(*roles, name=login)
    client = Client()
    full = f"{'-'.join(roles)}-{login}@example.com"
    assert client.post("/sign-in", {"login": full, "password": "correct horse 7"}).status_code == 302
    return client


def begun(org: int, **more: object) -> FlowCase:
    with org_scope(org):
        install("keys", KEYS)
        return open_case(SYSTEM, flow="keys", title="两把钥匙", facts={"keys": "2"}, **more)  # type: ignore[arg-type]


def test_a_team_sees_its_case_claims_it_and_goes_on(org: int) -> None:
    case = begun(org)
    client = signed_in(org, "service", login="lin")
    page = client.get("/cases").content.decode()
    assert case.number in page
    assert "待领取" in page
    own = f"/cases/{case.id}"
    assert "去送" in client.get(own).content.decode()
    assert client.post(f"{own}/step/take", {"rev": "1"}).status_code == 302
    with org_scope(org):
        assert FlowCase.objects.get().stage == "out"
    refused = client.post(f"{own}/step/hand", {"signed": "信箱"})
    assert refused.status_code == 422
    assert "要先拍照" in refused.content.decode()
    assert '<option value="信箱" selected>' in refused.content.decode()


def test_what_one_may_not_do_is_said_not_offered(org: int) -> None:
    case = begun(org)
    client = signed_in(org, "finance", login="wu")
    page = client.get(f"/cases/{case.id}").content.decode()
    assert f"/cases/{case.id}/step/take" not in page
    assert "“去送”由" in page
    assert f"/cases/{case.id}/assign" not in page
    assert client.post(f"/cases/{case.id}/claim").status_code == 422
    assert client.post(f"/cases/{case.id}/step/take").status_code == 422


def test_a_second_editor_is_told_what_changed(org: int) -> None:
    case = begun(org)
    client = signed_in(org, "service", login="lin")
    with org_scope(org):
        other = hire("service", name="王珊")
        move(other, case_id=case.id, step="take")
    answer = client.post(f"/cases/{case.id}/step/take", {"rev": "1"})
    assert answer.status_code == 422
    assert "王珊" in answer.content.decode()


@pytest.mark.parametrize("stage", ["open", "proof"])
def test_the_diagram_shows_where_a_case_stands_and_may_go(stage: str) -> None:
    drawing = drawn(KEYS, stage=stage, visited=["open", stage])
    states = {b.key: b.state for b in drawing.boxes}
    assert states[stage] == "now"
    assert {k for k, s in states.items() if s == "next"} == {t.to for t in KEYS.transitions if stage in t.sources}
    limits = {b.key: b.limit for b in drawing.boxes if b.limit}
    assert limits == {"open": timedelta(minutes=30), "proof": timedelta(days=2)}
    assert "open" not in {b.key for b in drawn(KEYS, stage=stage, priority=1).boxes if b.limit}, "not for this class"
    assert len({(b.x, b.y) for b in drawing.boxes}) == len(KEYS.stages)
    assert all(0 <= b.x <= drawing.width - 132 and 0 <= b.y <= drawing.height - 48 for b in drawing.boxes)
