"""配置 in a browser: what is typed is saved by itself, its consequence is counted, a second person releases it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from anju.domain.reminders.policies import Reminders
from anju.domain.tenants.actions import register_people
from anju.domain.tenants.models import Person
from anju.domain.tenants.rules import NewPerson
from anju.foundation.db import clock, org_scope
from anju.foundation.policy.store import in_force
from anju.foundation.staffing.actions import add_staff, create_organization
from anju.foundation.sweeps.run import run_sweep
from anju.kit import Actor
from tests.browser.conftest import audit
from tests.browser.test_cases import shot
from tests.builders import house, let, terms

pytestmark = pytest.mark.browser
SYSTEM = Actor.system()
PASSWORD = "correct horse 7"
PAGE = "/policies/reminders"


@pytest.fixture
def org(site: str) -> int:
    """A company with one bill due on 17 January; two managers; it is the 8th."""
    made = create_organization(name="禾里公寓", drill=True, starts=datetime(2025, 1, 1, tzinfo=clock.SHANGHAI)).id
    with org_scope(made):
        clock.move_to(datetime(2026, 1, 7, 9, tzinfo=clock.SHANGHAI))
        for login, name in (("xu", "许婧"), ("chen", "陈立")):
            add_staff(SYSTEM, login=login, name=name, roles=["manager"], password=PASSWORD)
        register_people(SYSTEM, rows=[NewPerson(name="康诗涵", phone="13800132451")])
        let(house(), "3-1-1208", terms(), person=Person.objects.get(name="康诗涵"))
        run_sweep(SYSTEM, made, "billing", date(2026, 1, 7))
        clock.move_to(datetime(2026, 1, 8, 9, tzinfo=clock.SHANGHAI))
    return made


def sign_in(page: Any, site: str, login: str) -> None:
    page.goto(f"{site}/sign-in?next=/policies/")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "/sign-in" not in url, wait_until="commit")
    page.said.clear()  # what other pages say is theirs


def saved(page: Any) -> Any:
    """Waits for the answer to the next autosave."""
    return page.expect_response(lambda r: r.url.endswith("/save"))


@pytest.mark.req("L-04")
def test_a_change_is_written_counted_reviewed_and_released(site: str, org: int, desk: Any, phone: Any) -> None:
    sign_in(desk, site, "xu")
    desk.goto(f"{site}{PAGE}")
    audit(desk)
    desk.click("button:has-text('修改')")
    desk.wait_for_selector("#policy-form")
    with saved(desk):
        desk.select_option("select[name='steps.0.channels'] >> nth=0", "sms")
    with saved(desk):
        desk.select_option("select[name='steps.0.channels'] >> nth=1", "")
    desk.wait_for_selector("#b-f-steps-0.is-changed")
    desk.wait_for_selector("#pf-side .a-diff:has-text('到期前 7 天')")
    with desk.expect_response(lambda r: r.url.endswith("/simulate")):
        desk.click("button:has-text('模拟')")
    desk.wait_for_selector(".a-result:has-text('以今天的数据')")
    desk.wait_for_selector(".pf-who:has-text('康诗涵')")
    audit(desk)
    desk.click("button:has-text('提交复核')")
    desk.wait_for_selector("text=复核中")
    audit(desk)

    sign_in(phone, site, "chen")
    phone.goto(f"{site}/policies/")
    audit(phone)
    phone.click("text=去复核")
    phone.wait_for_selector("text=您的复核")
    audit(phone)
    phone.click("button:has-text('同意并发布')")
    phone.wait_for_selector("text=现行 v2")
    with org_scope(org):
        assert in_force(Reminders).value.steps[0].channels == ("sms",)


def test_what_is_typed_while_saving_is_not_lost(site: str, org: int, desk: Any) -> None:
    sign_in(desk, site, "xu")
    desk.goto(f"{site}{PAGE}")
    desk.click("button:has-text('修改')")
    desk.wait_for_selector("#policy-form")
    with saved(desk):
        desk.fill("[name='steps.0.offset_days']", "-5")
        desk.press("[name='steps.0.offset_days']", "Tab")
        desk.fill("[name=least]", "25")
    desk.wait_for_selector("#b-f-steps-0.is-changed")
    assert desk.input_value("[name=least]") == "25"
    assert desk.input_value("[name='steps.0.offset_days']") == "-5"


def test_a_wrong_value_is_said_at_its_field(site: str, org: int, phone: Any) -> None:
    sign_in(phone, site, "xu")
    phone.goto(f"{site}{PAGE}")
    phone.click("button:has-text('修改')")
    phone.wait_for_selector("#policy-form")
    with saved(phone):
        phone.fill("[name=least]", "很多")
        phone.press("[name=least]", "Tab")
    phone.wait_for_selector("#m-f-least:has-text('请填整数，如 3。')")
    phone.said.clear()  # the browser itself notes the 422
    audit(phone)
    with saved(phone):
        phone.fill("[name=least]", "30")
        phone.press("[name=least]", "Tab")
    phone.wait_for_selector("#m-f-least.is-changed", state="attached")


HEADS = """() => [...document.querySelectorAll('.a-ladder > li:not(.is-none)')].map((li) =>
  Math.round(li.querySelector('.a-ladder-head').getBoundingClientRect().left - li.getBoundingClientRect().left))"""


def test_a_ladder_without_a_word_of_help_keeps_its_headings_in_line(site: str, org: int, desk: Any) -> None:
    """A list's own slot is empty while only a field in it is faulty; the first heading stays below the list's."""
    sign_in(desk, site, "xu")
    desk.goto(f"{site}/policies/flow.repair")
    desk.click("button:has-text('修改')")
    desk.wait_for_selector("#policy-form")
    with saved(desk):
        desk.fill("[name='transitions.0.photos']", "99")
        desk.press("[name='transitions.0.photos']", "Tab")
    desk.wait_for_selector("#m-f-transitions-0-photos.is-wrong")
    desk.locator("[name='transitions.0.photos']").scroll_into_view_if_needed()
    shot(desk, "policy-ladder")
    assert set(desk.evaluate(HEADS)) == {40}
