"""开放接口 in a browser: a key is made, shown once, used by a program, and ended; the documentation reads itself."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from anju.foundation.db import clock, org_scope
from anju.foundation.staffing.actions import add_staff, create_organization
from anju.kit import Actor
from tests.browser.conftest import audit
from tests.builders import house

pytestmark = pytest.mark.browser
SYSTEM = Actor.system()
PASSWORD = "correct horse 7"


@pytest.fixture
def org(site: str) -> int:
    """A company with a project, an administrator and a clerk of finance."""
    made = create_organization(name="禾里公寓", drill=True, starts=datetime(2025, 1, 1, tzinfo=clock.SHANGHAI)).id
    with org_scope(made):
        add_staff(SYSTEM, login="zhou", name="周敏", roles=["admin"], password=PASSWORD)
        add_staff(SYSTEM, login="lin", name="林岚", roles=["finance"], password=PASSWORD)
        house()
    return made


def sign_in(page: Any, site: str, login: str) -> None:
    page.goto(f"{site}/sign-in?next=/api/keys")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url, wait_until="commit")
    page.said.clear()


def shot(page: Any, name: str) -> None:
    """Kept where ANJU_SHOTS says, for whoever wants to look."""
    if folder := os.environ.get("ANJU_SHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


@pytest.mark.req("L-06")
def test_a_key_is_made_used_and_ended(site: str, org: int, desk: Any, phone: Any) -> None:
    sign_in(desk, site, "zhou")
    desk.wait_for_selector("text=还没有密钥")
    audit(desk)
    shot(desk, "keys-empty")
    desk.fill("[name=name]", "财务系统对接")
    desk.click("button:has-text('建立密钥')")
    desk.wait_for_selector("text=请至少选择一项权限")
    desk.said.clear()  # the browser notes the 422 itself
    assert desk.input_value("[name=name]") == "财务系统对接"
    desk.check("[value='billing:read']")
    desk.check("[value='leases:read']")
    desk.click("button:has-text('建立密钥')")
    token = desk.inner_text(".oa-token code")
    audit(desk)
    shot(desk, "keys-made")

    headers = {"Authorization": f"Bearer {token}"}
    assert httpx.get(f"{site}/api/v1/leases", headers=headers).json() == {"items": [], "next": None}
    assert httpx.get(f"{site}/api/v1/units", headers=headers).status_code == 403

    sign_in(phone, site, "zhou")
    phone.goto(f"{site}/api/keys")
    assert token not in phone.content()
    phone.wait_for_selector("text=财务系统对接")
    audit(phone)
    shot(phone, "keys-phone")
    phone.click("summary:has-text('停用')")
    phone.click("button:has-text('确认停用')")
    phone.wait_for_selector("text=已停用")
    assert httpx.get(f"{site}/api/v1/leases", headers=headers).status_code == 401


def test_who_may_not_manage_keys_finds_no_page(site: str, org: int, desk: Any) -> None:
    sign_in(desk, site, "lin")
    desk.goto(f"{site}/api/keys")
    assert desk.locator("text=开放接口").count() == 0
    desk.wait_for_selector("text=没有这项权限")


@pytest.mark.req("L-06")
def test_the_documentation_needs_no_key_and_nothing_from_elsewhere(site: str, org: int, desk: Any, phone: Any) -> None:
    asked: list[str] = []
    desk.on("request", lambda r: asked.append(r.url))
    for page, name in ((desk, "docs"), (phone, "docs-phone")):
        page.goto(f"{site}/api/v1/docs")
        page.wait_for_selector("text=第一次调用")
        audit(page)
        shot(page, name)
    assert all(url.startswith((site, "data:")) for url in asked)
    desk.click("nav a:has-text('起草合同')")
    desk.click("#draft_lease details >> nth=0 >> summary")
    shot(desk, "docs-operation")
    desk.goto(f"{site}/api/v1/docs#lease.overlap")
    assert desk.locator("dt[id='lease.overlap']").is_visible()
