"""Into the portal with a code on the phone; nobody learns from it who lives here."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from anju.foundation.db import clock, org_scope
from anju.foundation.identity import sessions
from anju.foundation.messaging.models import Message
from anju.surface.portal import places
from tests.leases import builders
from tests.portal.conftest import PHONE, Home, read, settle_in, text


@pytest.fixture
def codes(monkeypatch: pytest.MonkeyPatch) -> dict[int, str]:
    """The codes that were made, by organization, as the SMS would carry them."""
    made: dict[int, str] = {}
    really = places.request_code

    def note(org: int, phone: str, ip: str) -> str:
        made[org] = really(org, phone, ip)
        return made[org]

    monkeypatch.setattr(places, "request_code", note)
    return made


def ask(client: Client, phone: str = PHONE, **more: str) -> Any:
    return client.post("/p/sign-in", {"phone": phone, **more})


def plain(page: Any) -> str:
    """A page without what differs each time it is drawn."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text(page))


def messages(org: int) -> int:
    with org_scope(org):
        return Message.objects.filter(kind="code").count()


def test_the_code_opens_what_was_asked_for(lin: Home, codes: dict[int, str]) -> None:
    client = Client()
    ask(client, "138 0000 1234")
    with org_scope(lin.org):
        sent = Message.objects.get(kind="code")
        assert (sent.to_person, sent.channel, sent.priority) == (lin.person, "sms", 0)
        assert codes[lin.org] not in str(vars(sent))
    answer = ask(client, code=codes[lin.org], next=f"/p/bills/{lin.bill}")
    assert answer.headers["Location"] == f"/p/bills/{lin.bill}"
    assert client.get("/p/").status_code == 200


def test_an_unknown_phone_gets_the_same_answer_and_no_message(lin: Home, codes: dict[int, str]) -> None:
    known, unknown = ask(Client(), PHONE), ask(Client(), "13800001235")
    assert known.status_code == unknown.status_code == 200
    assert plain(known) == plain(unknown).replace("1235", "1234")
    assert messages(lin.org) == 1


@pytest.mark.parametrize("more", [{"again": "1"}, {}], ids=["again", "gone back"])
def test_asking_again_at_once_is_refused_alike_and_the_code_can_still_be_typed(
    lin: Home, codes: dict[int, str], more: dict[str, str]
) -> None:
    for phone in ("13800001235", PHONE):
        with time_machine.travel(datetime(2026, 11, 22, 9, 0, 30, tzinfo=clock.SHANGHAI), tick=False):
            ask(Client(), phone)
            again = ask(Client(), phone, **more)
        assert again.status_code == 422
        assert "09:02 后可以再要一次" in read(again)
        assert "操作太频繁" not in read(again)
        assert 'name="code"' in text(again)
    with time_machine.travel(datetime(2026, 11, 22, 9, 0, 40, tzinfo=clock.SHANGHAI)):
        assert ask(Client(), code=codes[lin.org]).status_code == 302


def test_a_minute_later_another_code_can_be_asked_for(lin: Home, codes: dict[int, str]) -> None:
    ask(Client())
    with time_machine.travel(clock.wall() + timedelta(seconds=61)):
        assert ask(Client(), PHONE, again="1").status_code == 200


def test_too_many_codes_in_a_day_are_refused_in_words(lin: Home, codes: dict[int, str]) -> None:
    start = clock.wall()
    for minute in range(10):
        with time_machine.travel(start + timedelta(minutes=2 * minute)):
            assert ask(Client()).status_code == 200
    with time_machine.travel(start + timedelta(minutes=19, seconds=30)):
        page = ask(Client())
    assert "操作太频繁" in read(page)
    assert 'name="code"' in text(page), "the last one can still be typed"


def test_the_phone_speaks_english_when_asked(lin: Home) -> None:
    client = lin.client()
    for place in ("/p/sign-in", "/p/data"):
        assert 'name="language" value="en"' in text(client.get(place))
    answer = client.post("/p/language", {"language": "en", "next": "/p/data"})
    assert answer.headers["Location"] == "/p/data"
    page = text(client.get("/p/data"))
    assert '<html lang="en"' in page
    assert 'name="language" value="zh-hans"' in page
    assert '<html lang="en"' in text(client.get("/p/sign-in"))
    client.post("/p/language", {"language": "xx", "next": "https://evil.example"})
    assert '<html lang="en"' in text(client.get("/p/data")), "nonsense changes nothing"


def test_a_wrong_code_says_how_many_tries_are_left(lin: Home, codes: dict[int, str]) -> None:
    ask(Client())
    wrong = f"{(int(codes[lin.org]) + 1) % 10**6:06}"
    page = ask(Client(), code=wrong)
    assert page.status_code == 422
    assert "验证码不对，还可以试 4 次。" in text(page)


def test_what_is_no_phone_is_said(lin: Home) -> None:
    page = ask(Client(), "0571-8888")
    assert page.status_code == 422
    assert "请输入 11 位手机号。" in text(page)


def test_a_code_opens_only_the_company_that_sent_it(lin: Home, stranger: Home, codes: dict[int, str]) -> None:
    elsewhere = settle_in(stranger.org, "8-802", "林晓雯", PHONE)
    client = Client()
    ask(client)
    assert set(codes) == {lin.org, stranger.org}
    ask(client, code=codes[stranger.org])
    assert client.cookies[sessions.TENANT_COOKIE].value.startswith(f"{stranger.org}.")
    assert client.get(f"/p/bills/{lin.bill}").status_code == 404
    assert client.get(f"/p/bills/{elsewhere.bill}").status_code == 200


def test_a_link_of_one_company_asks_that_company_only(lin: Home, stranger: Home, codes: dict[int, str]) -> None:
    settle_in(stranger.org, "8-802", "林晓雯", PHONE)
    ask(Client(), org=str(lin.org))
    assert set(codes) == {lin.org}


def test_two_people_with_one_phone_choose(lin: Home, codes: dict[int, str]) -> None:
    with org_scope(lin.org):
        mother = builders.tenant("陈玉兰", PHONE)
    client = Client()
    ask(client)
    assert ask(client, code=codes[lin.org]).headers["Location"] == "/p/choose"
    page = text(client.get("/p/choose"))
    assert "林晓雯" in page
    assert "陈玉兰" in page
    assert client.post("/p/choose", {"person": "99999"}).status_code == 200
    assert client.post("/p/choose", {"person": str(mother)}).headers["Location"] == "/p/"
    assert "陈玉兰，" in text(client.get("/p/"))


def test_nobody_chooses_without_a_code(lin: Home) -> None:
    assert Client().get("/p/choose").headers["Location"] == "/p/sign-in"


@pytest.mark.parametrize("place", ["https://evil.example/p/", "//evil.example/p/", "/", "/p\\evil", ""])
def test_the_way_on_stays_in_the_portal(lin: Home, codes: dict[int, str], place: str) -> None:
    client = Client()
    ask(client)
    assert ask(client, code=codes[lin.org], next=place).headers["Location"] == "/p/"


def test_signing_out_ends_the_session(lin: Home) -> None:
    client = lin.client()
    cookie = client.cookies[sessions.TENANT_COOKIE].value
    assert client.post("/p/sign-out").headers["Location"] == "/p/sign-in"
    client.cookies[sessions.TENANT_COOKIE] = cookie
    assert client.get("/p/").status_code == 302


def test_a_staff_session_opens_no_tenants_page(lin: Home) -> None:
    assert Client().get("/p/").headers["Location"].startswith("/p/sign-in")
