"""Roles through the access policy: what may be done, what is seen, which rows are reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from anju.foundation import access
from anju.foundation.access import ApiRights, FieldSpec, fields, permissions, rights
from anju.foundation.access.fields import EVERYBODY
from anju.foundation.access.pages import staff_page
from anju.foundation.access.policies import Access
from anju.foundation.access.revealing import check_reveal
from anju.foundation.actions import Act, action
from anju.foundation.actions.action import _registry
from anju.foundation.db import clock, fetch, org_scope
from anju.foundation.identity import sessions
from anju.foundation.identity.middleware import IdentityMiddleware
from anju.foundation.identity.models import Staff
from anju.foundation.policy.models import PolicyRelease, PolicyVersion
from anju.foundation.policy.store import body_sha256
from anju.foundation.staffing.actions import add_staff, change_staff, freeze_staff
from anju.foundation.trace.events import timeline
from anju.kit import Actor, Refused
from anju.kit.masks import mask_id_number, mask_name, mask_phone

SYSTEM = Actor.system()
GUEST = {
    "id": 7,
    "name": "张三",
    "phone": "13800001234",
    "bank_account": "6222020000001234",
    "unit_address": "杭州市西湖区文三路 1 号 3-1202",
    "room": "3-1202",
    "id_scan": 99,
    "note": "喜欢安静",
}


@pytest.fixture(autouse=True)
def guest() -> Iterator[None]:
    """An entity with the standard field rights of requirement T-04, and two permissions."""
    spec = FieldSpec
    access.entity(
        "guest",
        zh="租客",
        en="Guest",
        export_roles=("finance",),
        fields=[
            spec("id", "编号", "Id"),
            spec("room", "房号", "Room"),
            spec("note", "备注", "Note", tenant=False),
            spec("name", "姓名", "Name", "name", EVERYBODY, mask=mask_name),
            spec(
                "phone", "手机", "Phone", "contact", ("service", "finance"), mask=mask_phone, retention="lease_end+1y"
            ),
            spec("bank_account", "银行账号", "Bank account", "payment", ("finance",)),
            spec("unit_address", "地址", "Address", "location", ("maintenance",)),
            spec("id_scan", "证件照", "ID scan", "identity", ("risk",), mask=mask_id_number, mask_roles=("manager",)),
        ],
    )
    access.permission("guest.move", zh="搬", en="Move", roles=("manager", "tenant"))
    access.permission("guest.bill", zh="收", en="Bill", roles=("finance",))
    yield
    del fields._entities["guest"]
    for code in ("guest.move", "guest.bill"):
        del permissions._declared[code]


@pytest.fixture
def person(in_org: int) -> Callable[..., Actor]:
    """Somebody with these roles: ``person("finance")``."""

    def hire(*roles: str, **limits: Any) -> Actor:
        number = Staff.objects.count()
        return Actor.staff(add_staff(SYSTEM, login=f"{roles}{number}", name="x", roles=roles, **limits).id)

    return hire


def permission(code: str) -> permissions.Permission:
    return permissions._declared[code]


def release(model: Access) -> None:
    """Put another access policy in force."""
    body = model.model_dump(mode="json")
    now = clock.wall()
    version = PolicyVersion.objects.create(
        key="access", number=2, schema=1, body=body, sha256=body_sha256(body), state="released", author="system",
        created_at=now, updated_at=now,
    )  # fmt: skip
    PolicyRelease.objects.create(
        key="access", effective_from=now, version=version, kind="release", reviewer="system", created_at=now
    )


@pytest.mark.req("T-04")
@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("manager", {"id", "room", "note", "name", "phone_mask", "id_scan_mask"}),
        ("finance", {"id", "room", "note", "name", "phone", "bank_account"}),
        ("service", {"id", "room", "note", "name", "phone"}),
        ("maintenance", {"id", "room", "note", "name", "phone_mask", "unit_address"}),
        ("risk", {"id", "room", "note", "name", "phone_mask", "id_scan"}),
        ("admin", {"id", "room", "note", "name", "phone_mask"}),
    ],
)
def test_each_role_sees_what_it_needs_and_the_rest_is_absent(
    person: Callable[..., Actor], role: str, seen: set[str]
) -> None:
    who = person(role)
    (row,) = access.view(who, "guest", [GUEST])
    assert set(row) == seen
    assert set(access.visible_fields(who, "guest")) == seen
    assert row.get("phone_mask", "138****1234") == "138****1234"
    assert "13800001234" not in str(row) or "phone" in seen


def test_two_roles_see_what_either_sees(person: Callable[..., Actor]) -> None:
    (row,) = access.view(person("service", "risk"), "guest", [GUEST])
    assert {"phone", "id_scan"} <= set(row)
    assert "bank_account" not in row


def test_a_stored_mask_is_shown_and_an_empty_value_makes_none(person: Callable[..., Actor]) -> None:
    manager = person("manager")
    assert access.view(manager, "guest", [{"phone_mask": "138****1234"}]) == [{"phone_mask": "138****1234"}]
    assert access.view(manager, "guest", [{"phone": ""}, {"phone": None}]) == [{}, {}]


def test_an_undeclared_field_is_never_shown_by_accident(person: Callable[..., Actor]) -> None:
    rows: list[Mapping[str, Any]] = [{"id": 1, "salary": 3}]
    with pytest.raises(KeyError, match="not declared"):
        access.view(person("manager"), "guest", rows)


def test_a_field_of_personal_data_needs_someone_to_see_it() -> None:
    with pytest.raises(ValueError, match="say who sees it"):
        access.entity("pet", zh="宠物", en="Pet", fields=[FieldSpec("owner_phone", "手机", "Phone", "contact")])


def test_a_tenant_sees_own_rows_without_notes_of_staff(in_org: int) -> None:
    (row,) = access.view(Actor.tenant(7), "guest", [GUEST])
    assert row["phone"] == "13800001234"
    assert "note" not in row
    assert access.scopes(Actor.tenant(7)) == []


def test_permissions_follow_the_roles(person: Callable[..., Actor]) -> None:
    move, bill = permission("guest.move"), permission("guest.bill")
    assert access.allows(person("manager"), move)
    assert not access.allows(person("manager"), bill)
    assert access.allows(person("admin"), bill)
    assert access.allows(Actor.tenant(7), move)
    assert not access.allows(Actor.tenant(7), bill)
    assert access.allows(SYSTEM, bill)
    with pytest.raises(Refused, match="not_allowed"):
        access.require(person("risk"), bill)


def test_the_policy_in_force_decides(person: Callable[..., Actor]) -> None:
    service, finance = person("service"), person("finance")
    release(
        Access(
            actions={"guest.bill": ("service",)},
            fields={"guest.phone": ("maintenance",)},
            exports={"guest": ("service",)},
        )
    )
    assert access.allows(service, permission("guest.bill"))
    assert not access.allows(finance, permission("guest.bill"))
    assert not access.may_see(service, "guest", "phone")
    assert access.may_see(service, "guest", "phone_mask")
    assert access.may_export(service, "guest")
    with pytest.raises(Refused, match=r"access\.no_export"):
        access.require_export(finance, "guest")
    assert access.may_see(finance, "guest", "bank_account"), "what the policy does not mention follows the standard"


def test_a_frozen_or_unknown_actor_has_no_rights(person: Callable[..., Actor]) -> None:
    finance = person("finance")
    freeze_staff(SYSTEM, staff_id=finance.id)
    for who in (finance, Actor.staff(10**9), Actor.api(5)):
        assert not access.allows(who, permission("guest.bill"))
        assert access.scopes(who) == []
        assert not access.may_see(who, "guest", "phone")
    assert access.view(finance, "guest", [GUEST]) == [{}]


def test_another_organizations_staff_have_no_rights_here(org: int, other_org: int) -> None:
    with org_scope(other_org):
        stranger = Actor.staff(add_staff(SYSTEM, login="stranger", name="x", roles=["admin"]).id)
    with org_scope(org):
        assert not access.allows(stranger, permission("guest.bill"))


def test_a_key_has_the_scopes_written_on_it(in_org: int) -> None:
    held = ApiRights(frozenset({"guest.bill", "guest.bank_account", "export:guest"}), projects=(3,))
    before = list(rights._api)
    access.register_api_rights(lambda key: held if key == 5 else None)
    try:
        key = Actor.api(5)
        assert access.allows(key, permission("guest.bill"))
        assert not access.allows(key, permission("guest.move"))
        assert access.may_export(key, "guest")
        assert access.scopes(key) == [3]
        (row,) = access.view(key, "guest", [GUEST])
        assert "bank_account" in row
        assert "phone" not in row
        assert row["phone_mask"] == "138****1234"
    finally:
        rights._api[:] = before


def test_rows_are_limited_to_the_projects_of_the_viewer(person: Callable[..., Actor]) -> None:
    everywhere = person("service")
    here = person("service", all_projects=False, scope_ids=[3, 4])
    nowhere = person("service", all_projects=False)
    sql = f"SELECT s FROM generate_series(1, 5) AS s WHERE {access.in_scopes('s')} ORDER BY s"
    for who, reached in ((everywhere, [1, 2, 3, 4, 5]), (here, [3, 4]), (nowhere, [])):
        assert [row["s"] for row in fetch(sql, {**access.scope_params(who)})] == reached
        for _time in range(7):  # from the sixth on the server may take the plan that fits every value
            assert [row["s"] for row in fetch(*access.reaching(who, sql))] == reached
    from anju.foundation.identity.models import StaffScope

    assert access.restrict(StaffScope.objects.order_by("id"), here).count() == 2
    assert access.restrict(StaffScope.objects.order_by("id"), nowhere).count() == 0
    assert access.restrict(StaffScope.objects.order_by("id"), SYSTEM).count() == 2


def test_looking_is_recorded_with_a_reason_and_without_the_value(person: Callable[..., Actor]) -> None:
    needs = access.permission("guest.reveal", zh="查看", en="Reveal", roles=EVERYBODY)

    @action("guest.reveal", needs=needs)
    def reveal_guest(act: Act, *, field: str, reason: str) -> str:
        return access.reveal(act, "guest", 7, field, reason, lambda: GUEST[field])  # type: ignore[return-value, arg-type]

    try:
        service = person("service")
        assert reveal_guest(service, field="phone", reason="contact") == "13800001234"
        (event,) = timeline(("guest", 7))
        assert event["body"] == '{"field":"phone","reason":"contact"}'
        assert event["actor"] == str(service)
        with pytest.raises(Refused, match="not_allowed"):
            reveal_guest(person("maintenance"), field="phone", reason="contact")
        with pytest.raises(Refused, match=r"access\.reveal_needs_a_reason"):
            check_reveal(service, "guest", "phone", "curiosity")
        assert len(timeline(("guest", 7))) == 1
    finally:
        del permissions._declared["guest.reveal"], _registry["guest.reveal"]


def test_lint_finds_unknown_roles_and_openings() -> None:
    found = Access(
        actions={"guest.bill": ("emperor",)}, fields={"guest.id_scan": ("risk", "service"), "guest.name": EVERYBODY}
    ).lint()
    assert [(f.code, f.severity, f.path) for f in found] == [
        ("access.unknown_role", "error", "actions.guest.bill"),
        ("access.wider_than_standard", "warning", "fields.guest.id_scan"),
    ]
    assert found[1].suggest == ["risk"]


def test_rights_are_read_once_a_request_and_anew_after_a_change(
    person: Callable[..., Actor], django_assert_num_queries: Any
) -> None:
    service = person("service")
    with rights.remembering():
        assert access.may_see(service, "guest", "phone")
        with django_assert_num_queries(0):
            assert not access.may_see(service, "guest", "bank_account")
        change_staff(SYSTEM, staff_id=service.id, roles=["finance"])
        assert access.may_see(service, "guest", "bank_account")


def test_a_page_asks_its_permission_before_it_runs(org: int) -> None:
    @staff_page(needs=permission("guest.bill"))
    def bills(request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(request.actor))  # type: ignore[attr-defined]

    with org_scope(org):
        staff = {role: add_staff(SYSTEM, login=role, name=role, roles=[role]) for role in ("finance", "service")}

    def visit(one: Staff) -> HttpResponse:
        request = RequestFactory().get("/bills")
        mark = one.user.get_session_auth_hash()
        request.session = {sessions.STAFF_KEY: {"org_id": org, "staff_id": one.id, "epoch": 0, "mark": mark}}  # type: ignore[assignment]
        answer = IdentityMiddleware(bills)(request)
        assert isinstance(answer, HttpResponse)
        return answer

    assert visit(staff["finance"]).content.decode() == f"staff:{staff['finance'].id}"
    with pytest.raises(Refused, match="not_allowed"):
        visit(staff["service"])
