"""列表 in a browser: keep a view, leave a column out, both still there after a reload, by mouse and on a phone."""

from __future__ import annotations

from typing import Any

import pytest

from anju.foundation.db import org_scope
from anju.foundation.staffing.actions import add_staff, create_organization
from anju.kit import Actor
from tests.browser.conftest import audit
from tests.leases.builders import unit

pytestmark = pytest.mark.browser
PASSWORD = "correct horse 7"


@pytest.fixture
def org(site: str) -> int:
    """Two rooms and a manager."""
    made = create_organization(name="禾里公寓").id
    with org_scope(made):
        add_staff(Actor.system(), login="xu", name="许婧", roles=["manager"], password=PASSWORD)
        unit("3-1-1208"), unit("3-1-1209")
    return made


def sign_in(page: Any, site: str) -> None:
    page.goto(f"{site}/sign-in?next=/units")
    page.fill("[name=login]", "xu")
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(f"{site}/units")


def test_a_view_and_its_columns_stay(site: str, org: int, desk: Any, phone: Any) -> None:
    sign_in(desk, site)
    desk.goto(f"{site}/units/list?status=vacant")
    desk.click("summary:has-text('存为视图')")
    desk.fill("[name=label]", "空房")
    audit(desk)
    desk.click("button:has-text('保存')")
    desk.wait_for_selector("nav.a-views a[aria-current]:has-text('空房')")
    desk.click("summary:has-text('列')")
    desk.uncheck("label:has-text('面积') input")
    desk.click("button:has-text('显示这些列')")
    desk.wait_for_load_state()
    desk.reload()
    assert "面积" not in desk.inner_text("thead")
    assert "指导价" in desk.inner_text("thead")
    audit(desk)
    sign_in(phone, site)
    phone.goto(f"{site}/units/list")
    phone.click("nav.a-views a:has-text('空房')")
    phone.wait_for_url(f"{site}/units/list?status=vacant")
    audit(phone)
    # Every figure of a row lies on the screen, under its column's name.
    cells = phone.locator("main tbody tr:first-child td")
    boxes = [cells.nth(n).bounding_box() for n in range(cells.count())]
    assert len(boxes) == 6  # seven columns without the one left out
    assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes), boxes
    assert "指导价" in [cells.nth(n).get_attribute("data-named") for n in range(cells.count())]
