"""A key: made by whoever may, shown once, doing no more than its scopes, ended at once."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from anju.domain.portfolio.models import Project
from anju.foundation.access import all_permissions
from anju.foundation.db import clock, org_scope
from anju.foundation.identity.models import Staff, StaffScope
from anju.foundation.staffing.actions import create_organization
from anju.kit import Actor, Refused
from anju.surface.openapi import door, keys
from anju.surface.openapi.document import METHODS, PREFIX, document
from anju.surface.openapi.keys import create_key, revoke_key
from anju.surface.openapi.models import ApiKey, ApiKeyPlace
from anju.surface.openapi.samples import example
from anju.surface.openapi.scopes import SCOPES
from tests.openapi.caller import Caller, let, place

SYSTEM = Actor.system()


def test_every_scope_names_permissions_that_exist() -> None:
    known = {p.code for p in all_permissions()}
    assert {code for s in SCOPES.values() for code in s.permissions} <= known
    assert {s.includes for s in SCOPES.values() if s.includes} <= set(SCOPES)


@pytest.mark.req("L-06")
def test_a_key_is_kept_as_a_hash_only(firm: int) -> None:
    with org_scope(firm):
        made = create_key(SYSTEM, name="财务系统", scopes=["billing:read"])
        row = ApiKey.objects.values().get()
    assert made.token.startswith(row["prefix"])
    assert len(made.token) > 50
    secret = made.token.removeprefix(row["prefix"])
    assert secret not in str(row) + str(list(ApiKeyPlace.objects.values()))
    assert made.token not in repr(made)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic YW5qdTphbmp1"},
        {"Authorization": "Bearer anju_00000000_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
        {"Cookie": "anju_session=x"},
    ],
)
def test_without_a_key_there_is_nothing(firm: int, sent: dict[str, str]) -> None:
    for method, path in (("get", "/units"), ("post", "/units"), ("get", "/leases/1"), ("get", "/policies/access")):
        answer = getattr(Client(), method)(f"/api/v1{path}", headers=sent)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.json()["code"] in ("api.key_missing", "api.key_unknown")


def test_a_key_in_the_address_opens_nothing(caller: Caller) -> None:
    for name in ("key", "api_key", "token", "access_token"):
        assert Client().get("/api/v1/units", {name: caller.token}).status_code == 401


@pytest.mark.req("L-06")
def test_a_revoked_or_expired_key_is_out_at_once(firm: int, caller: Caller) -> None:
    caller.get("/units")
    with org_scope(firm):
        revoke_key(SYSTEM, key_id=ApiKey.objects.get().id)
        with pytest.raises(Refused, match=r"api_key.already_revoked"):
            revoke_key(SYSTEM, key_id=ApiKey.objects.get().id)
        soon = create_key(SYSTEM, name="临时", scopes=["portfolio:read"], expires_at=clock.wall() + timedelta(hours=1))
    assert caller.get("/units", expect=401)["code"] == "api.key_unknown"
    brief = Caller(soon.token)
    brief.get("/units")
    with time_machine.travel(clock.wall() + timedelta(hours=2)):
        brief.get("/units", expect=401)


def test_the_last_day_of_use_is_noted(firm: int, caller: Caller) -> None:
    caller.get("/units")
    with org_scope(firm):
        assert ApiKey.objects.get().last_used_on == clock.wall().date()


def operations() -> list[tuple[str, str, str]]:
    return [
        (method, path.removeprefix(PREFIX), operation["x-scope"])
        for path, found in document()["paths"].items()
        for method, operation in found.items()
        if method in METHODS
    ]


@pytest.mark.req("L-06")
@pytest.mark.parametrize("scope", sorted(SCOPES))
def test_a_key_with_one_scope_is_refused_everything_else(firm: int, scope: str) -> None:
    """Every operation asks for its scope before it reads what was sent."""
    one = Caller.of(firm, scope)
    held = {scope, SCOPES[scope].includes}
    for method, path, needs in operations():
        address = path.replace("{key}", "billing").format_map({"project_id": 1, **_ids()})
        answer = getattr(one.client, method)(
            f"/api/v1{address}", headers=one.headers(**{"Idempotency-Key": address.replace("/", "-")})
        )
        if needs in held:
            assert answer.status_code not in (401, 403), (method, path)
        else:
            assert (answer.status_code, answer.json()["code"]) == (403, "api.scope_missing"), (method, path)


def _ids() -> dict[str, int]:
    return dict.fromkeys(("unit_id", "tenant_id", "lease_id", "bill_id", "charge_id", "run_id"), 1)


@pytest.mark.req("T-04")
def test_fields_of_people_are_absent_without_the_scope(firm: int, caller: Caller) -> None:
    lease = let(caller)
    only = Caller.of(firm, "leases:read", "billing:read")
    shown = only.get(f"/leases/{lease}")
    assert not {"payer", "handle", "parties"} & shown.keys()
    assert shown["payer_mask"] == "何*"
    assert "何雨桐" not in str(only.get("/leases"))
    assert "何雨桐" in str(Caller.of(firm, "leases:read", "tenants:read").get("/leases"))


@pytest.mark.req("T-04")
def test_full_numbers_are_never_answered(caller: Caller) -> None:
    let(caller, phone="13912345678")
    tenant = caller.get("/tenants")["items"][0]["id"]
    body = {"kind": "email", "value": "he.yutong@example.com"}
    caller.post(f"/tenants/{tenant}/contacts", body, expect=201)
    said = str(caller.get("/tenants")) + str(caller.get(f"/tenants/{tenant}"))
    said += str(caller.get(f"/tenants/{tenant}/contacts")) + str(caller.get("/leases"))
    assert "13912345678" not in said
    assert "he.yutong@example.com" not in said


@pytest.mark.req("T-04")
def test_keys_and_values_stay_out_of_the_log(caller: Caller, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        let(caller, phone="13912345678")
        caller.post("/tenants", {"tenants": [{"name": "王芳", "phone": 5}]}, expect=422)
        caller.get("/leases/999", expect=404)
    assert not any(word in caplog.text for word in (caller.token, "13912345678", "王芳"))


def test_who_makes_a_key_gives_no_more_than_they_have(firm: int, caller: Caller) -> None:
    caller.post("/units", {"units": [place(), place("9-901", project="拱墅店")]})
    with org_scope(firm):
        near, _far = Project.objects.order_by("id")
        staff = _administrator(firm)
        Staff.objects.filter(id=staff.id).update(all_projects=False)
        StaffScope.objects.create(staff_id=staff.id, scope_id=near.id)
        by = Actor.staff(staff.id)
        made = create_key(by, name="官网", scopes=["portfolio:read"], projects=[near.id])
        assert made.key.projects == [near.id]
        for projects in (None, [_far.id], [], [near.id, 10**12]):
            refusal = create_key.refusal(by, name="官网", scopes=["portfolio:read"], projects=projects)
            assert refusal is not None
            assert refusal.code == "not_found"
        Staff.objects.filter(id=staff.id).update(roles=["finance"])
        refusal = create_key.refusal(by, name="官网", scopes=["portfolio:read"], projects=[near.id])
        assert refusal is not None
        assert refusal.code == "not_allowed"


def _administrator(org: int) -> Staff:
    from anju.foundation.identity.models import User

    return Staff.objects.create(user=User.objects.create_user(f"boss{org}@example.com"), name="周敏", roles=["admin"])


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"name": " "}, "api_key.no_name"),
        ({"scopes": []}, "api_key.no_scope"),
        ({"scopes": ["billing:all"]}, "api_key.unknown_scope"),
        ({"expires_at": clock.wall() - timedelta(days=1)}, "api_key.expires_in_past"),
    ],
)
def test_a_key_that_makes_no_sense_is_refused(firm: int, asked: dict[str, object], code: str) -> None:
    with org_scope(firm), pytest.raises(Refused, match=code):
        create_key(SYSTEM, **({"name": "官网", "scopes": ["portfolio:read"]} | asked))  # type: ignore[arg-type]


@pytest.mark.req("L-06")
def test_the_command_line_makes_a_key(firm: int) -> None:
    Caller(keys.create(org_id=firm, name="脚本", scopes=["all"])).get("/policies")
    with pytest.raises(Refused, match=r"not_found"):
        keys.create(org_id=firm + 1000, name="脚本", scopes=["all"])
    with pytest.raises(Refused, match=r"api_key.no_scope"):
        keys.create(org_id=firm, name="脚本", scopes=[])


@pytest.mark.req("L-06")
def test_too_many_calls_are_told_when_to_come_back(firm: int, caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "PER_MINUTE", door.Limit("openapi.key", 2, timedelta(minutes=1)))
    other = Caller.of(firm)
    caller.get("/units")
    caller.get("/units")
    answer = caller.client.get("/api/v1/units", headers=caller.headers())
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert answer.json()["code"] == "too_many"
    other.get("/units")
    with time_machine.travel(clock.wall() + timedelta(seconds=61)):
        caller.get("/units")


def test_examples_in_the_document_fit_their_own_schema(caller: Caller) -> None:
    """A reader may send an example as it is; ids in it may be unknown, but no field is wrong."""
    found = document()
    for path, operations_ in found["paths"].items():
        body = operations_.get("post", {}).get("requestBody")
        if body is None:
            continue
        sent = example(found, body["content"]["application/json"]["schema"])
        address = path.removeprefix(PREFIX).replace("{key}", "billing").format_map(_ids())
        answer = caller.client.post(
            f"/api/v1{address}", sent, content_type="application/json",
            headers=caller.headers(**{"Idempotency-Key": path.replace("/", "-")}),
        )  # fmt: skip
        assert answer.status_code < 300 or answer.json()["code"] != "api.invalid", (path, answer.content.decode())


def test_a_company_of_its_own_has_its_own_keys(firm: int, caller: Caller) -> None:
    create_organization(name="隔壁公寓")
    assert caller.get("/projects")["items"] == []
