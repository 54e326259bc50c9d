"""模拟手机 and 演练时钟 in a real browser, on a desk and on a phone."""

from __future__ import annotations

import os
import re
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from anju.foundation.db import clock, org_scope
from anju.foundation.messaging.dispatch import dispatch_all
from anju.foundation.staffing.actions import add_staff
from anju.foundation.sweeps.run import run_sweep
from anju.surface.demo import jobs
from anju.surface.demo.models import ClockMove
from tests.browser.conftest import audit
from tests.messaging.house import Gateway, gateway
from tests.portal.conftest import SYSTEM, Home, make_company, settle_in

__all__ = ["gateway"]

pytestmark = pytest.mark.browser
DUE_DAY = datetime(2026, 11, 25, 9, 30, tzinfo=clock.SHANGHAI)
LOGIN, PASSWORD = "manager@example.com", "correct horse 7"
SHOTS = os.environ.get("ANJU_SHOTS", "")


def shot(page: Any, name: str) -> None:
    """A picture to look at, where the run asks for them (``ANJU_SHOTS``: a folder)."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


@pytest.fixture
def lin(site: str, gateway: Gateway) -> Home:
    """林晓雯 was reminded today, in the app and by SMS; a manager who is administrator works here."""
    home = settle_in(make_company("安居示范公寓"), "3-1-1208", "林晓雯", "13800008888")
    gateway.set_up(home.org)
    with org_scope(home.org):
        add_staff(SYSTEM, login=LOGIN, name="许婧", roles=("admin", "manager", "service"), password=PASSWORD)
        clock.move_to(DUE_DAY)
        run_sweep(SYSTEM, home.org, "reminders", DUE_DAY.date())
    dispatch_all(home.org)
    return home


def sign_in(page: Any, site: str) -> None:
    page.goto(f"{site}/sign-in")
    page.fill("input[name=login]", LOGIN)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(f"{site}/")


@pytest.mark.req("L-07")
def test_the_link_on_the_phone_opens_what_the_tenant_would_see(site: str, lin: Home, desk: Any) -> None:
    sign_in(desk, site)
    desk.goto(f"{site}/phone")
    assert "为什么发这条" in desk.inner_text("main")
    shot(desk, "demo-phone")
    audit(desk)
    with desk.context.expect_page() as opened:
        desk.locator(".d-bubble a").first.click()
    portal = opened.value
    portal.wait_for_load_state()
    assert re.search(r"/b/\w{11}$", portal.url)
    assert "2,280.00" in portal.inner_text("main")
    portal.close()
    desk.get_by_text("已送达，链接点过 1 次").wait_for()  # the page looks for news by itself


def test_another_phone_is_found_from_the_keyboard(site: str, lin: Home, desk: Any) -> None:
    settle_in(lin.org, "3-2-0906", "周子昂", "13900005567")
    sign_in(desk, site)
    desk.goto(f"{site}/phone")
    desk.locator("summary", has_text="换一位").press("Enter")
    desk.locator("input[name=q]").press_sequentially("周子昂")
    desk.locator("#found a", has_text="周子昂").click()
    desk.get_by_role("heading", name=re.compile("周子昂")).wait_for()
    assert "这部手机还没有收到消息" in desk.inner_text("main")
    audit(desk)


def test_both_pages_fit_a_phone(site: str, lin: Home, phone: Any) -> None:
    sign_in(phone, site)
    for path in ("/phone", "/clock"):
        phone.goto(site + path)
        shot(phone, f"demo{path.replace('/', '-')}-small")
        audit(phone)


@pytest.mark.req("L-07")
def test_the_next_day_comes_at_a_press_of_a_button(site: str, lin: Home, desk: Any) -> None:
    sign_in(desk, site)
    desk.goto(f"{site}/phone")
    desk.get_by_role("button", name="快进 1 天").click()
    desk.wait_for_url(f"{site}/clock")
    desk.get_by_text("时钟正在走向 2026-11-26").wait_for()
    audit(desk)

    def work() -> None:
        try:
            with org_scope(lin.org):
                move = ClockMove.objects.get()
            jobs.carry_out(org=lin.org, move_id=move.id)
        finally:
            connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    desk.get_by_text("最近走过的日子").wait_for()
    assert "2026-11-26" in desk.inner_text(".d-now")
    shot(desk, "demo-clock")
    audit(desk)
