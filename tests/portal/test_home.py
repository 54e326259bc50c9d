"""What a tenant sees first: what is owed and when, light enough for a bad line, without any script."""

from __future__ import annotations

import gzip
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from anju.domain.billing.queries.own import next_bill
from anju.foundation.db import clock, org_scope
from anju.kit import Money
from tests.leases import builders
from tests.portal.conftest import Home, text


def test_home_says_what_is_owed_and_when(lin: Home) -> None:
    page = text(lin.client().get("/p/"))
    assert "林晓雯，早上好" in page
    assert "11月账单待支付" in page
    assert "还有 3 天" in page
    assert "<i>¥</i>2,280<small>.00" in page
    assert "11月25日（周三）" in page
    assert f'href="/p/bills/{lin.bill}"' in page
    assert "房租 2,280.00" in page


def test_only_one_button_is_filled(lin: Home) -> None:
    assert text(lin.client().get("/p/")).count("is-solid") == 1


def test_everything_paid_is_said_and_what_comes_next(lin: Home) -> None:
    lin.pay("2280")
    page = text(lin.client().get("/p/"))
    assert "都付清了，谢谢您" in page
    assert "12月25日（周五）" in page
    assert "立即支付" not in page


def test_paid_ahead_is_shown_as_credit(lin: Home) -> None:
    lin.pay("2780")
    assert "预存余额 ¥500.00" in text(lin.client().get("/p/"))


def test_overdue_is_red_and_says_since_when(lin: Home) -> None:
    with org_scope(lin.org):
        clock.move_to(datetime(2026, 11, 30, 20, tzinfo=clock.SHANGHAI))
    page = text(lin.client().get("/p/"))
    assert "逾期 5 天" in page
    assert "应于 11月25日（周三）支付，请尽快" in page
    assert "晚上好" in page


def test_the_next_bill_is_priced_by_todays_terms(lin: Home) -> None:
    with org_scope(lin.org):
        coming = next_bill(lin.actor, lin.lease)
    assert coming is not None
    assert (coming.period_from, coming.due_on, coming.issue_on) == (
        date(2026, 12, 25), date(2026, 12, 25), date(2026, 12, 15),
    )  # fmt: skip
    assert coming.amount == Money("2280")


def test_a_tenant_of_two_rooms_chooses(lin: Home) -> None:
    with org_scope(lin.org):
        second = builders.let(builders.unit("3-1-1310"), lin.person, builders.terms(end_on=date(2027, 3, 1)))
    client = lin.client()
    page = text(client.get("/p/"))
    assert "您有 2 处在租，先选一处。" in page
    assert "3-1-1208" in page
    assert "3-1-1310" in page
    chosen = text(client.get(f"/p/?lease={second.id}"))
    assert '换到 <span class="p-whole">3-1-1208</span>' in chosen


def test_a_person_without_a_lease_is_told_so(company: int) -> None:
    with org_scope(company):
        person = builders.tenant("新租客", "13600001111")
    page = text(Home(company, person, 0).client().get("/p/"))
    assert "这里还没有您的合同" in page


def test_nobody_signed_in_is_led_to_the_sign_in(db: None) -> None:
    assert Client().get("/p/messages").headers["Location"] == "/p/sign-in?next=%2Fp%2Fmessages"


def test_the_first_view_is_light(lin: Home) -> None:
    page = text(lin.client().get("/p/"))
    assert "<script" not in page
    files = re.findall(r'(?:href|src)="/static/([^"]+)"', page)
    assert files
    parts = [page.encode(), *(Path(str(finders.find(name))).read_bytes() for name in files)]
    assert sum(len(gzip.compress(part)) for part in parts) < 50_000


def test_no_page_but_the_waiting_one_has_a_script(lin: Home) -> None:
    client = lin.client()
    rest = ("", "/pay", "/ahead", "/bills", "/statement")
    for place in (
        "/p/",
        f"/p/bills/{lin.bill}",
        "/p/messages",
        "/p/data",
        *(f"/p/leases/{lin.lease}{r}" for r in rest),
    ):
        page = client.get(place)
        assert page.status_code == 200, place
        assert "<script" not in text(page), place


def test_large_type_is_kept_by_the_phone(lin: Home) -> None:
    client = lin.client()
    answer = client.post("/p/type", {"large": "1", "next": "/p/"})
    assert answer.headers["Location"] == "/p/"
    assert 'class="is-large"' in text(client.get("/p/"))


def test_home_asks_as_little_with_many_leases_as_with_one(lin: Home, django_assert_max_num_queries: Any) -> None:
    client = lin.client()
    client.get("/p/")
    with django_assert_max_num_queries(20):
        client.get("/p/")
    with org_scope(lin.org):
        for room in ("3-1-1310", "3-1-1311", "3-1-1312"):
            builders.let(builders.unit(room), lin.person, builders.terms(end_on=date(2027, 3, 1)))
    with django_assert_max_num_queries(20):
        client.get(f"/p/?lease={lin.lease}")


@pytest.mark.parametrize("place", ["/p/nowhere", "/b/abcdefghjkm"])
def test_a_wrong_address_shows_a_page_with_a_way_home(lin: Home, place: str) -> None:
    page = lin.client().get(place)
    assert page.status_code in (404, 422)
    assert 'href="/p/"' in text(page)
    assert "按 / 搜索" not in text(page)
