"""Tenants sign in with a code on their phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from anju.foundation.access.pages import tenant_page
from anju.foundation.db import clock, fetch_value, org_scope
from anju.foundation.identity import sessions
from anju.foundation.identity.codes import check_code, request_code
from anju.foundation.identity.middleware import IdentityMiddleware
from anju.kit import Actor, Refused

PHONE, IP = "13800001234", "10.0.0.7"


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_the_right_code_works_once(org: int) -> None:
    code = request_code(org, "138 0000 1234", IP)
    assert len(code) == 6
    assert check_code(org, "+86 13800001234", f"{code[:3]} {code[3:]}", IP) == PHONE
    with pytest.raises(Refused, match=r"sign_in\.code_expired"):
        check_code(org, PHONE, code, IP)


def test_phone_and_code_are_not_stored_readably(org: int) -> None:
    code = request_code(org, PHONE, IP)
    with org_scope(org):
        row = fetch_value("SELECT row_to_json(p)::text FROM phone_code p")
    assert PHONE not in row
    assert code not in row


def test_five_tries_and_the_code_is_gone(org: int) -> None:
    code = request_code(org, PHONE, IP)
    for left in (4, 3, 2, 1):
        with pytest.raises(Refused) as refused:
            check_code(org, PHONE, wrong(code), IP)
        assert refused.value.text() == f"验证码不对，还可以试 {left} 次。"
    for typed in (wrong(code), code):
        with pytest.raises(Refused, match=r"sign_in\.code_expired"):
            check_code(org, PHONE, typed, IP)


def test_a_code_lives_five_minutes_of_wall_time(org: int) -> None:
    code = request_code(org, PHONE, IP)
    with (
        time_machine.travel(clock.wall() + timedelta(minutes=5, seconds=1)),
        pytest.raises(Refused, match=r"sign_in\.code_expired"),
    ):
        check_code(org, PHONE, code, IP)


def test_a_new_code_replaces_the_old(org: int) -> None:
    old = request_code(org, PHONE, IP)
    with time_machine.travel(clock.wall() + timedelta(seconds=61)):
        new = request_code(org, PHONE, IP)
        if old != new:
            with pytest.raises(Refused, match=r"sign_in\.wrong_code"):
                check_code(org, PHONE, old, IP)
        assert check_code(org, PHONE, new, IP) == PHONE


def test_asking_too_often_is_refused(org: int, other_org: int) -> None:
    request_code(org, PHONE, IP)
    with pytest.raises(Refused, match="too_many"):
        request_code(org, PHONE, "10.0.0.8")
    request_code(other_org, PHONE, IP)
    for number in range(28):
        request_code(org, f"139000000{number:02}", IP)
    with pytest.raises(Refused, match="too_many"):
        request_code(org, "13700000000", IP)


def test_what_is_no_phone_is_refused(org: int) -> None:
    with pytest.raises(Refused, match=r"sign_in\.not_a_phone"):
        request_code(org, "0571-88880000", IP)


def test_a_code_of_one_company_is_nothing_in_another(org: int, other_org: int) -> None:
    code = request_code(org, PHONE, IP)
    with pytest.raises(Refused, match=r"sign_in\.code_expired"):
        check_code(other_org, PHONE, code, IP)


@tenant_page()
def portal(request: HttpRequest) -> HttpResponse:
    assert request.actor == Actor.tenant(request.tenant.person_id)  # type: ignore[attr-defined]
    return HttpResponse(f"{request.org.id}:{request.tenant.person_id}")  # type: ignore[attr-defined]


def visit(cookie: str) -> HttpResponse:
    request = RequestFactory().get("/p/bills")
    request.COOKIES[sessions.TENANT_COOKIE] = cookie
    answer = IdentityMiddleware(portal)(request)
    assert isinstance(answer, HttpResponse)
    return answer


def test_a_tenants_cookie_opens_the_portal_until_it_ends(org: int, other_org: int) -> None:
    cookie = sessions.open_tenant_session(org, person_id=7)
    assert visit(cookie).content.decode() == f"{org}:7"
    token = cookie.partition(".")[2]
    for forged in (f"{other_org}.{token}", f"{org}.x", "", "..", f"99999999999999999999.{token}", f"-1.{token}"):
        assert visit(forged).headers["Location"] == "/p/sign-in?next=%2Fp%2Fbills"
    with time_machine.travel(clock.wall() + timedelta(days=31)):
        assert visit(cookie).status_code == 302
    with org_scope(org):
        assert sessions.end_tenant_sessions(7) == 1
    assert visit(cookie).status_code == 302
