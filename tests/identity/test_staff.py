"""People sign in, are limited, leave; organizations never meet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import Client, RequestFactory

from anju.foundation.db import clock, fetch_value, org_scope
from anju.foundation.identity import totp
from anju.foundation.identity.middleware import IdentityMiddleware
from anju.foundation.identity.models import Staff, User
from anju.foundation.staffing import actions, queries
from anju.foundation.staffing.invitations import invite
from anju.foundation.trace.events import timeline
from anju.kit import Actor, Refused

PASSWORD = "rent-is-due-on-friday"
SYSTEM = Actor.system()


@pytest.fixture
def admin(org: int) -> Staff:
    """The first administrator, as the first run makes one."""
    with org_scope(org):
        return actions.add_staff(SYSTEM, login="Boss@Example.com", name="王店", roles=["admin"], password=PASSWORD)


@pytest.fixture
def hire(org: int, admin: Staff) -> Callable[..., Staff]:
    """The administrator takes somebody on: ``hire("li", ["finance"])``."""

    def add(login: str, roles: list[str], **more: Any) -> Staff:
        with org_scope(org):
            return actions.add_staff(
                Actor.staff(admin.id), login=login, name=login, roles=roles, password=PASSWORD, **more
            )

    return add


def sign_in(login: str, password: str = PASSWORD) -> tuple[Client, Any]:
    client = Client()
    return client, client.post("/sign-in", {"login": login, "password": password})


def is_in(client: Client) -> bool:
    return client.get("/account/totp").status_code == 200


def test_a_new_organization_has_its_policies_and_its_key(org: int) -> None:
    with org_scope(org):
        assert fetch_value("SELECT count(*) FROM org_key") == 1
        assert fetch_value("SELECT count(*) FROM policy_release WHERE key = 'access'") == 1
        assert [e["action"] for e in timeline(("organization", org))] == ["staffing.organization.found"]


def test_the_administrator_signs_in_however_the_login_is_typed(admin: Staff) -> None:
    client, answer = sign_in("  ｂoss@example.COM ")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert is_in(client)
    assert client.get("/account/totp").headers["Cache-Control"] == "private, no-store"


def test_a_wrong_password_says_so_and_keeps_the_login(admin: Staff) -> None:
    client, answer = sign_in("boss@example.com", "wrong")
    assert answer.status_code == 422
    assert "登录名或密码不对" in answer.content.decode()
    assert "boss@example.com" in answer.content.decode()
    assert not is_in(client)


def test_guessing_passwords_is_stopped(admin: Staff) -> None:
    for _ in range(10):
        sign_in("boss@example.com", "wrong")
    _client, answer = sign_in("boss@example.com")
    assert "操作太频繁" in answer.content.decode()
    with time_machine.travel(clock.wall() + timedelta(minutes=16)):
        assert sign_in("boss@example.com")[1].status_code == 302


def test_nobody_signed_in_is_sent_to_the_door_and_back(admin: Staff) -> None:
    client = Client()
    answer = client.get("/account/totp?x=1")
    assert answer.headers["Location"] == "/sign-in?next=%2Faccount%2Ftotp%3Fx%3D1"
    fragment = client.get("/account/totp", headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment.headers["HX-Redirect"]) == (401, "/sign-in")
    back = client.post("/sign-in", {"login": "boss@example.com", "password": PASSWORD, "next": "/account/totp?x=1"})
    assert back.headers["Location"] == "/account/totp?x=1"


@pytest.mark.parametrize("place", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_sign_in_never_leads_to_another_site(admin: Staff, place: str) -> None:
    answer = Client().post("/sign-in", {"login": "boss@example.com", "password": PASSWORD, "next": place})
    assert answer.headers["Location"] == "/"


def test_a_form_from_elsewhere_is_refused(admin: Staff) -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in", {"login": "boss@example.com", "password": PASSWORD})
    assert answer.status_code == 403


def test_sign_in_is_on_record_without_personal_values(org: int, admin: Staff) -> None:
    sign_in("boss@example.com")
    with org_scope(org):
        event = timeline(("staff", admin.id))[0]
    assert event["action"] == "staffing.account.sign_in"
    assert event["body"] == '{"second_factor":false}'


@pytest.mark.req("T-10")
def test_freezing_ends_every_session_at_once(org: int, admin: Staff, hire: Callable[..., Staff]) -> None:
    li = hire("li", ["finance"])
    phone, desk = sign_in("li")[0], sign_in("li")[0]
    assert is_in(phone)
    assert is_in(desk)
    with org_scope(org):
        actions.freeze_staff(Actor.staff(admin.id), staff_id=li.id)
    assert not is_in(phone)
    assert not is_in(desk)
    assert "没有在任何公司启用" in sign_in("li")[1].content.decode()
    with org_scope(org):
        actions.unfreeze_staff(Actor.staff(admin.id), staff_id=li.id)
    assert not is_in(phone), "an old session stays ended"
    assert is_in(sign_in("li")[0])


@pytest.mark.req("T-10")
def test_a_leaver_is_out_the_day_after_and_frozen_by_the_daily_run(
    org: int, admin: Staff, hire: Callable[..., Staff]
) -> None:
    li = hire("li", ["finance"])
    client = sign_in("li")[0]
    with org_scope(org):
        last_day = clock.today()
        actions.set_departure(Actor.staff(admin.id), staff_id=li.id, left_on=last_day)
        assert actions.freeze_leavers(SYSTEM, as_of=last_day) == []
    assert is_in(client)
    with time_machine.travel(clock.wall() + timedelta(days=1)):
        assert not is_in(client)
        with org_scope(org):
            assert actions.freeze_leavers(SYSTEM, as_of=clock.today()) == [li.id]
            assert actions.freeze_leavers(SYSTEM, as_of=clock.today()) == []
            assert timeline(("staff", li.id))[0]["action"] == "staffing.staff.freeze_leavers"


def test_the_last_administrator_stays(org: int, admin: Staff, hire: Callable[..., Staff]) -> None:
    with org_scope(org):
        with pytest.raises(Refused, match=r"staffing\.last_admin"):
            actions.change_staff(SYSTEM, staff_id=admin.id, roles=["finance"])
        with pytest.raises(Refused, match=r"staffing\.last_admin"):
            actions.freeze_staff(SYSTEM, staff_id=admin.id)
        with pytest.raises(Refused, match=r"staffing\.not_self"):
            actions.freeze_staff(Actor.staff(admin.id), staff_id=admin.id)
    second = hire("second", ["admin"])
    with org_scope(org):
        actions.freeze_staff(Actor.staff(second.id), staff_id=admin.id)
        assert queries.holders("admin") == [second.id]


def test_only_administrators_manage_staff(org: int, admin: Staff, hire: Callable[..., Staff]) -> None:
    li = hire("li", ["manager"])
    with org_scope(org):
        refused = actions.add_staff.refusal(Actor.staff(li.id), login="x", name="x", roles=["finance"])
        assert refused is not None
        assert refused.code == "not_allowed"
        with pytest.raises(Refused, match=r"staffing\.unknown_role"):
            actions.change_staff(Actor.staff(admin.id), staff_id=li.id, roles=["emperor"])
        with pytest.raises(Refused, match=r"staffing\.no_role"):
            actions.change_staff(Actor.staff(admin.id), staff_id=li.id, roles=[])


def test_another_organizations_staff_are_not_found(
    org: int, other_org: int, admin: Staff, hire: Callable[..., Staff]
) -> None:
    li = hire("li", ["finance"])
    with org_scope(other_org):
        with pytest.raises(Refused, match="not_found"):
            actions.freeze_staff(SYSTEM, staff_id=li.id)
        there = actions.add_staff(SYSTEM, login="there", name="there", roles=["admin"])
        with pytest.raises(Refused, match=r"staffing\.login_taken"):
            actions.add_staff(Actor.staff(there.id), login="li", name="李", roles=["finance"])
        assert list(queries.all_staff()) == [there]


def test_an_invitation_works_once(org: int, admin: Staff) -> None:
    with org_scope(org):
        li = actions.add_staff(Actor.staff(admin.id), login="li@example.com", name="李", roles=["finance"])
        token = invite(li)
    client = Client()
    assert "li@example.com" in client.get(f"/join/{token}").content.decode()
    weak = client.post(f"/join/{token}", {"password": "12345"})
    assert weak.status_code == 422
    assert client.post(f"/join/{token}", {"password": PASSWORD}).headers["Location"] == "/"
    assert is_in(client)
    assert "已使用或已过期" in Client().get(f"/join/{token}").content.decode()
    assert is_in(sign_in("li@example.com")[0])


def test_an_invitation_expires(org: int, admin: Staff) -> None:
    with org_scope(org):
        token = invite(actions.add_staff(Actor.staff(admin.id), login="li", name="李", roles=["finance"]))
    with time_machine.travel(clock.wall() + timedelta(days=8)):
        assert "已使用或已过期" in Client().get(f"/join/{token}").content.decode()
    assert Client().get(f"/join/{token}x").status_code == 422


def test_changing_the_password_ends_other_sessions(admin: Staff) -> None:
    here, elsewhere = sign_in("boss@example.com")[0], sign_in("boss@example.com")[0]
    new = "a-better-password-2026"
    assert here.post("/account/password", {"current": "no", "password": new}).status_code == 422
    assert here.post("/account/password", {"current": PASSWORD, "password": new}).status_code == 302
    assert is_in(here)
    assert not is_in(elsewhere)
    assert is_in(sign_in("boss@example.com", new)[0])


def current_code(user: User, at: Any = None) -> str:
    secret = totp._secret(User.objects.get(id=user.id))
    return TOTP(secret, 6, SHA1(), 30).generate((at or clock.wall()).timestamp()).decode()


def enrol(client: Client, user: User) -> list[str]:
    client.post("/account/totp", {"do": "begin"})
    answer = client.post("/account/totp", {"do": "confirm", "code": current_code(user)})
    return [line.split("</code>")[0] for line in answer.content.decode().split("<code>")[1:]]


def test_the_second_factor_is_asked_and_a_code_works_once(admin: Staff) -> None:
    client = sign_in("boss@example.com")[0]
    spare = enrol(client, admin.user)
    assert len(spare) == 10
    with time_machine.travel(clock.wall() + timedelta(minutes=1), tick=False):
        door, answer = sign_in("boss@example.com")
        assert answer.headers["Location"] == "/sign-in/code"
        assert not is_in(door)
        assert door.post("/sign-in/code", {"code": "000000"}).status_code == 422
        right = current_code(admin.user)
        assert door.post("/sign-in/code", {"code": f" {right[:3]} {right[3:]}"}).status_code == 302
        assert is_in(door)
        second = sign_in("boss@example.com")[0]
        assert second.post("/sign-in/code", {"code": right}).status_code == 422, "replayed"
        assert second.post("/sign-in/code", {"code": spare[0]}).status_code == 302
        third = sign_in("boss@example.com")[0]
        assert third.post("/sign-in/code", {"code": spare[0]}).status_code == 422, "spent"


def test_an_abandoned_sign_in_does_not_wait_for_ever(admin: Staff) -> None:
    enrol(sign_in("boss@example.com")[0], admin.user)
    door = sign_in("boss@example.com")[0]
    with time_machine.travel(clock.wall() + timedelta(minutes=6)):
        assert door.post("/sign-in/code", {"code": current_code(admin.user)}).headers["Location"] == "/sign-in"


def test_an_administrator_helps_who_lost_the_phone(org: int, admin: Staff, hire: Callable[..., Staff]) -> None:
    li = hire("li", ["finance"])
    client = sign_in("li")[0]
    enrol(client, li.user)
    with org_scope(org):
        actions.reset_totp(Actor.staff(admin.id), staff_id=li.id)
    assert not is_in(client)
    assert sign_in("li")[1].headers["Location"] == "/"


def test_the_secret_is_not_in_the_database_in_the_clear(admin: Staff) -> None:
    enrol(sign_in("boss@example.com")[0], admin.user)
    stored = bytes(User.objects.get(id=admin.user_id).totp_secret or b"")
    assert totp._secret(User.objects.get(id=admin.user_id)) not in stored


def test_rfc_6238_vectors() -> None:
    from datetime import UTC, datetime

    secret = b"12345678901234567890"
    for at, code in ((59, "287082"), (1111111109, "081804"), (2000000000, "279037")):
        assert totp.matching_step(secret, code, datetime.fromtimestamp(at, UTC), 0) == at // 30
    assert totp.matching_step(secret, "287082", datetime.fromtimestamp(59 + 90, UTC), 0) is None


def test_an_organization_may_demand_the_second_factor(org: int, admin: Staff) -> None:
    from anju.foundation.identity.models import Organization

    Organization.objects.filter(id=org).update(totp_required=True)
    client = sign_in("boss@example.com")[0]
    assert client.get("/account/password").headers["Location"] == "/account/totp"


def test_a_page_without_a_viewer_cannot_run() -> None:
    def forgotten(request: object) -> HttpResponse:
        raise AssertionError("ran")

    request = RequestFactory().get("/leases")
    with pytest.raises(ImproperlyConfigured, match="no viewer"):
        IdentityMiddleware(lambda r: HttpResponse()).process_view(request, forgotten, (), {})


def test_somebody_in_two_companies_changes_between_them(org: int, other_org: int, admin: Staff) -> None:
    with org_scope(other_org):
        actions.add_staff(SYSTEM, login="boss@example.com", name="王", roles=["finance"])
    client = sign_in("boss@example.com")[0]
    assert "隔壁公寓" in client.get("/account/organizations").content.decode()
    client.post("/account/organizations", {"organization": other_org})
    client.get("/account/organizations/move")
    assert client.session["anju_staff"]["org_id"] == other_org
    client.post("/account/organizations", {"organization": 999999})
    client.get("/account/organizations/move")
    assert client.session["anju_staff"]["org_id"] == other_org
