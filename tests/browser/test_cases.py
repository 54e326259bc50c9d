"""A flow made in the console without code, released by a second person, run to its end: desk and phone."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from anju.domain.tenants.actions import register_people
from anju.domain.tenants.models import Person
from anju.domain.tenants.rules import NewPerson
from anju.foundation.db import clock, org_scope
from anju.foundation.flows.actions import open_case
from anju.foundation.flows.models import FlowCase
from anju.foundation.staffing.actions import add_staff, create_organization
from anju.kit import Actor
from tests.browser.conftest import audit
from tests.builders import house, let, terms
from tests.flows.house import KEYS, install

pytestmark = pytest.mark.browser
SYSTEM = Actor.system()
PASSWORD = "correct horse 7"


@pytest.fixture
def org(site: str) -> int:
    """A company with two managers, one tenant, no flow of its own yet."""
    made = create_organization(name="禾里公寓", drill=True, starts=datetime(2025, 1, 1, tzinfo=clock.SHANGHAI)).id
    with org_scope(made):
        clock.move_to(datetime(2026, 1, 7, 9, tzinfo=clock.SHANGHAI))
        for login, name in (("xu", "许婧"), ("chen", "陈立")):
            add_staff(SYSTEM, login=login, name=name, roles=["manager"], password=PASSWORD)
        register_people(SYSTEM, rows=[NewPerson(name="康诗涵", phone="13800132451")])
        let(house(), "3-1-1208", terms(), person=Person.objects.get(name="康诗涵"))
    return made


def shot(page: Any, name: str) -> None:
    """Keeps a picture where ANJU_SHOTS names a folder."""
    if folder := os.environ.get("ANJU_SHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def sign_in(page: Any, site: str, login: str, to: str) -> None:
    page.goto(f"{site}/sign-in?next={to}")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url, wait_until="commit")
    page.said.clear()


def saved(page: Any) -> Any:
    """Waits for the answer to the next autosave."""
    return page.expect_response(lambda r: r.url.endswith("/save"))


@pytest.mark.req("L-02")
def test_a_flow_of_ones_own_is_made_released_and_run(site: str, org: int, desk: Any, phone: Any) -> None:
    sign_in(desk, site, "xu", "/cases")
    desk.wait_for_selector("text=这里没有要办的事")
    audit(desk)
    shot(desk, "cases-none")
    desk.goto(f"{site}/policies/")
    desk.click("summary:has-text('新建')")
    desk.fill("[name=name]", "keys")
    audit(desk)
    desk.click("button:has-text('开始写')")
    desk.wait_for_selector("#policy-form")
    with saved(desk):
        desk.fill("[name='name.zh']", "钥匙交接")
        desk.press("[name='name.zh']", "Tab")
    with saved(desk):
        desk.select_option("select[name='subject']", "lease")
    audit(desk)
    shot(desk, "flow-draft")
    with desk.expect_response(lambda r: r.url.endswith("/simulate")):
        desk.click("button:has-text('模拟')")
    desk.wait_for_selector(".a-result")
    desk.click("button:has-text('提交复核')")
    desk.wait_for_selector("text=复核中")

    sign_in(phone, site, "chen", "/policies/")
    phone.click("text=去复核")
    phone.wait_for_selector("text=您的复核")
    phone.click("button:has-text('同意并发布')")
    phone.wait_for_selector("text=现行 v1")

    desk.goto(f"{site}/cases")
    desk.wait_for_selector("text=这里没有要办的事")
    audit(desk)
    desk.click("summary:has-text('发起')")
    desk.click("a.a-pop-item:has-text('钥匙交接')")
    desk.fill("[name=title]", "两把大门钥匙交给新租客")
    desk.fill("[name=subject]", "9-9-9999")
    audit(desk)
    desk.click("button:has-text('发起')")
    desk.wait_for_selector("text=没有找到“9-9-9999”")
    desk.said.clear()  # the browser notes the 422 itself
    assert desk.input_value("[name=title]") == "两把大门钥匙交给新租客"
    desk.fill("[name=subject]", "3-1-1208")
    desk.click("button:has-text('发起')")
    desk.wait_for_selector(".fl-box.is-now")
    audit(desk)
    shot(desk, "case")
    desk.goto(f"{site}/cases")
    desk.click("a.a-row-link:has-text('两把大门钥匙')")
    desk.wait_for_selector("#panel article")
    audit(desk)
    shot(desk, "cases")

    phone.goto(f"{site}/cases")
    phone.wait_for_selector("text=康诗涵")
    audit(phone)
    shot(phone, "cases-phone")
    phone.goto(f"{site}/cases?box=unassigned")
    phone.click("a.a-row-link:has-text('两把大门钥匙')")
    phone.wait_for_selector("button:has-text('完成')")
    with org_scope(org):
        case = FlowCase.objects.get()
    phone.goto(f"{site}/cases/{case.id}")
    audit(phone)
    shot(phone, "case-phone")
    phone.click("button:has-text('接单')")
    phone.wait_for_selector("text=已接单")
    phone.click("button:has-text('完成')")
    phone.wait_for_selector("text=已办理")
    with org_scope(org):
        case = FlowCase.objects.get()
    assert (case.stage, case.subject_kind) == ("done", "lease")
    assert case.closed_at is not None


ONE_LINE = "badges => badges.map(badge => badge.offsetHeight <= 22)"


def test_how_late_a_case_is_stands_in_one_line(site: str, org: int, desk: Any, phone: Any) -> None:
    with org_scope(org):
        install("keys", KEYS)
        for days in (0, 13, 100):
            late = timedelta(days=days, hours=16, minutes=30)
            clock.move_to(datetime(2026, 5, 7, 9, tzinfo=clock.SHANGHAI) - late)
            open_case(SYSTEM, flow="keys", facts={"keys": "1"}, title="两把大门钥匙交给新租客")
        clock.move_to(datetime(2026, 5, 7, 9, tzinfo=clock.SHANGHAI))
    for page, name in ((phone, "phone"), (desk, "desk")):
        sign_in(page, site, "xu", "/cases?box=all")
        page.wait_for_selector("text=超时 13 天 16 时")
        shot(page, f"cases-late-{name}")
        assert page.eval_on_selector_all("main .a-badge-danger", ONE_LINE) == [True] * 3, name
        audit(page)
    phone.context.add_cookies([{"name": "anju_language", "value": "en", "url": site}])
    phone.goto(f"{site}/cases?box=all")
    phone.wait_for_selector("html[lang^=en]")
    shot(phone, "cases-late-english")
    assert phone.eval_on_selector_all("main .a-badge-danger", ONE_LINE) == [True] * 3
    audit(phone)
