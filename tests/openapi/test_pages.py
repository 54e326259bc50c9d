"""Keys in the console, and the documentation, as pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from anju.domain.portfolio.models import Project
from anju.foundation.db import org_scope
from anju.foundation.staffing.actions import add_staff
from anju.kit import Actor
from anju.surface.openapi.models import ApiKey
from tests.builders import house
from tests.openapi.caller import Caller

PASSWORD = "correct horse 7"


@pytest.fixture
def desk(firm: int) -> Client:
    """A browser in which the administrator is signed in."""
    with org_scope(firm):
        add_staff(Actor.system(), login="zhou", name="周敏", roles=["admin"], password=PASSWORD)
        house()
    return signed_in("zhou")


def signed_in(login: str) -> Client:
    client = Client()
    client.post("/sign-in", {"login": login, "password": PASSWORD})
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.req("L-06")
def test_a_key_is_shown_once_and_ended(firm: int, desk: Client) -> None:
    assert "还没有密钥" in text(desk.get("/api/keys"))
    with org_scope(firm):
        project = Project.objects.get()
    asked = {"name": "官网", "scope": ["portfolio:read"], "project": [project.id], "lasts": "90"}
    shown = text(desk.post("/api/keys/create", asked))
    with org_scope(firm):
        key = ApiKey.objects.get()
    assert key.projects == [project.id]
    assert key.expires_at is not None
    token = shown.split('<code tabindex="0"')[1].split(">")[1].split("<")[0]
    assert Caller(token).get("/projects")["items"][0]["id"] == project.id
    again = text(desk.get("/api/keys"))
    assert token not in again
    assert all(word in again for word in ("官网", key.prefix, "读取项目、楼栋和房源", project.name, "周敏", "可用"))
    desk.post(f"/api/keys/{key.id}/revoke")
    assert "已停用" in text(desk.get("/api/keys"))
    Caller(token).get("/projects", expect=401)
    assert desk.post(f"/api/keys/{key.id}/revoke").status_code == 422


def test_what_was_typed_comes_back_with_the_reason(desk: Client) -> None:
    answer = desk.post("/api/keys/create", {"name": "财务系统对接", "lasts": "", "project": ["x", "1"]})
    assert answer.status_code == 422
    assert "请至少选择一项权限" in text(answer)
    assert 'value="财务系统对接"' in text(answer)


def test_only_who_manages_keys_may_stand_here(firm: int, desk: Client) -> None:
    with org_scope(firm):
        add_staff(Actor.system(), login="lin", name="林岚", roles=["finance"], password=PASSWORD)
    clerk = signed_in("lin")
    assert clerk.get("/api/keys").status_code == 403
    assert clerk.post("/api/keys/create", {"name": "x", "scope": ["billing:read"]}).status_code == 403
    assert Client().get("/api/keys").status_code == 302


def test_a_neighbours_key_is_not_there(neighbour: int, desk: Client) -> None:
    Caller.of(neighbour)
    with org_scope(neighbour):
        theirs = ApiKey.objects.get().id
    assert desk.post(f"/api/keys/{theirs}/revoke").status_code == 404


@pytest.mark.req("L-06")
def test_the_documentation_needs_no_key_and_speaks_both_languages() -> None:
    page = Client().get("/api/v1/docs")
    assert all(word in text(page) for word in ("第一次调用", "起草合同", "lease.overlap", "Idempotency-Key"))
    assert "http://" not in text(page).replace("http://www.w3.org", "")
    assert "cdn" not in text(page).lower()
    document = Client().get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert document["paths"]["/api/v1/leases"]["post"]["summary"] == "起草合同"
    Client().get("/api/v1/openapi.json", headers={"Accept-Language": "en"})
