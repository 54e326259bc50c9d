"""移交 at a desk: a colleague leaves; what would go where is seen, done, found in both lists, and given back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from anju.foundation.db import clock, org_scope
from anju.foundation.flows import actions
from anju.foundation.identity.models import Staff
from anju.foundation.staffing.actions import add_staff, create_organization
from anju.kit import Actor
from tests.browser.conftest import DESK, audit, opened
from tests.browser.test_cases import PASSWORD, SYSTEM, shot, sign_in
from tests.flows.test_handing_over import two_flows

pytestmark = pytest.mark.browser


@pytest.fixture
def org(site: str) -> int:
    """Five keys and a parcel in the hands of 林晓; 何志斌 is of the team, 吴倩 is not."""
    made = create_organization(name="禾里公寓", drill=True, starts=datetime(2025, 1, 1, tzinfo=clock.SHANGHAI)).id
    with org_scope(made):
        clock.move_to(datetime(2026, 11, 23, 9, tzinfo=clock.SHANGHAI))
        people = (("xu", "许婧", "manager"), ("lin", "林晓", "service"), ("he", "何志斌", "service"),
                  ("wu", "吴倩", "finance"))  # fmt: skip
        for login, name, role in people:
            add_staff(SYSTEM, login=login, name=name, roles=[role], password=PASSWORD)
        two_flows()
        lin = Actor.staff(Staff.objects.get(name="林晓").id)
        for n, flow in enumerate(["keys"] * 5 + ["post"]):
            case = actions.open_case(SYSTEM, flow=flow, facts={"keys": "1"}, title=f"{flow} 第 {n + 1} 件")
            actions.claim(lin, case_id=case.id)
    return made


def choose(desk: Any, flow: str, who: str) -> None:
    desk.select_option(f"select[name=to-{flow}]", label=who)


@pytest.mark.req("T-10")
def test_a_colleagues_cases_go_over_in_one_go_and_come_back(site: str, org: int, desk: Any) -> None:
    sign_in(desk, site, "xu", "/cases")
    desk.get_by_role("link", name="移交").click()
    desk.wait_for_selector("text=谁的单")
    audit(desk)
    shot(desk, "hand-over-who")
    desk.get_by_role("link", name="林晓").click()
    desk.wait_for_selector("text=交接钥匙 5 张")
    assert desk.get_by_role("button", name="确认移交").count() == 0, "nothing goes unseen"
    choose(desk, "keys", "何志斌")
    offered = desk.locator("select[name=to-post] option").all_inner_texts()
    assert offered == ["放回小组", "何志斌"], "not 吴倩, who is not of the team, nor 许婧"
    choose(desk, "post", "何志斌")
    audit(desk)
    desk.get_by_role("button", name="看看会怎样").click()
    desk.wait_for_selector("text=何志斌 5 张")
    desk.wait_for_selector("text=何志斌 1 张")
    audit(desk)
    shot(desk, "hand-over-seen")
    # Choosing again changes what is shown, and still nothing has gone.
    choose(desk, "post", "放回小组")
    desk.get_by_role("button", name="看看会怎样").click()
    desk.wait_for_selector("text=放回小组，谁接都行")
    desk.get_by_role("button", name="确认移交 6 张").click()
    desk.wait_for_selector("text=已移交 6 张办理单")
    audit(desk)
    shot(desk, "hand-over-done")
    rows = desk.locator("main tbody tr")
    assert rows.count() == 1
    assert ("何志斌" in rows.inner_text(), "5" in rows.inner_text()) == (True, True)

    for login, own in (("lin", 0), ("he", 5)):
        with opened(desk.context.browser, viewport=DESK) as page:
            sign_in(page, site, login, "/cases?box=mine")
            page.wait_for_selector("text=我在办")
            assert page.locator("main tbody tr").count() == own, login
            audit(page)
            shot(page, f"hand-over-{login}")
            if own:
                page.goto(f"{site}{page.get_by_role('link', name='keys 第 1 件').first.get_attribute('href')}")
                page.wait_for_selector("text=移交 5 张办理单")

    # Given back the same way.
    desk.get_by_role("link", name="何志斌").click()
    choose(desk, "keys", "林晓")
    desk.get_by_role("button", name="看看会怎样").click()
    desk.get_by_role("button", name="确认移交 5 张").click()
    desk.wait_for_selector("text=已移交 5 张办理单")
    assert "林晓" in desk.locator("main tbody").inner_text()
