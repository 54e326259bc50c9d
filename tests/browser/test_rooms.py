"""房态图 and 驾驶舱 in a browser: pointed at, walked with keys, thumbed; the card says and does what the page does."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from anju.domain.portfolio.actions import register_places
from anju.domain.portfolio.models import Building, Unit
from anju.domain.portfolio.places import Place
from anju.foundation.db import clock, org_scope
from anju.foundation.staffing.actions import add_staff, create_organization
from anju.foundation.sweeps.run import run_sweep
from anju.kit import Actor
from tests.browser.conftest import audit
from tests.builders import House, let, terms

pytestmark = pytest.mark.browser
SYSTEM = Actor.system()
PASSWORD = "correct horse 7"


@pytest.fixture
def org(site: str) -> int:
    """A tower of 40 rooms and a shared flat; a few are let, one of them pays late."""
    made = create_organization(name="禾里公寓", drill=True, starts=datetime(2025, 1, 1, tzinfo=clock.SHANGHAI)).id
    with org_scope(made):
        clock.move_to(datetime(2026, 1, 1, 9, tzinfo=clock.SHANGHAI))
        add_staff(SYSTEM, login="xu", name="许婧", roles=["manager"], password=PASSWORD)
        base = {"region": "华东", "store": "滨江店", "city": "杭州", "project": "禾里公寓", "guide_rent": Decimal(2180)}
        at = [(floor, n) for floor in range(2, 10) for n in range(1, 6)]
        rooms = [Place(**base, building="3", unit=f"3-1-{f:02}{n:02}", entrance="1", floor=f) for f, n in at]  # type: ignore[arg-type]
        flat = Place(**base, building="4", unit="4-1-0201", entrance="1", floor=2, layout="2室1厅1卫")  # type: ignore[arg-type]
        parts = [Place(**base, building="4", unit=f"4-1-0201{c}", parent=flat.unit, kind="room") for c in "AB"]  # type: ignore[arg-type]
        register_places(SYSTEM, rows=[*rooms, flat, *parts])
        tower = Building.objects.get(code="3")
        house = House(tower, {u.code: u for u in Unit.objects.filter(building=tower)})
        for n in range(1, 5):
            let(house, f"3-1-090{n}", terms(start_on=date(2026, 1, n)))
        run_sweep(SYSTEM, made, "billing", date(2026, 1, 2))
        clock.move_to(datetime(2026, 1, 8, 9, tzinfo=clock.SHANGHAI))
    return made


def sign_in(page: Any, site: str) -> None:
    page.goto(f"{site}/sign-in?next=/units")
    page.fill("[name=login]", "xu")
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector(".a-building")


def test_a_room_is_pointed_at_walked_to_and_marked(site: str, org: int, desk: Any) -> None:
    sign_in(desk, site)
    audit(desk)
    desk.click(".a-room-cell:has-text('0901')")
    desk.wait_for_selector("[data-unit-card] >> text=有欠款 7 天")
    audit(desk)
    desk.keyboard.press("Escape")
    desk.wait_for_selector("#room-card:empty", state="attached")
    assert desk.evaluate("document.activeElement.querySelector('b').textContent") == "0901"
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowRight")
    assert desk.evaluate("document.activeElement.querySelector('b').textContent") == "0802"
    desk.keyboard.press("Enter")
    desk.wait_for_selector("[data-unit-card] h2:has-text('3-1-0802')")
    desk.click("[data-unit-card] summary")
    desk.select_option("[data-unit-card] [name=state]", "repair")
    desk.click("[data-unit-card] button[type=submit]")
    desk.wait_for_selector(".a-room-cell.is-repair:has-text('0802')")
    desk.click(".r-legend a:has-text('维修中')")
    desk.wait_for_selector("text=符合条件 1 间")
    audit(desk)


def test_places_and_the_cockpit_fit_a_desk_and_a_hand(site: str, org: int, desk: Any, phone: Any) -> None:
    with org_scope(org):
        flat = Unit.objects.get(code="4-1-0201")
        late = Unit.objects.get(code="3-1-0901").id
    for page in (desk, phone):
        sign_in(page, site)
        shared = f"/units?project={flat.scope_id}&building={flat.building_id}"
        for address in (shared, "/units/list", f"/units/{flat.id}", f"/units/{late}", "/projects"):
            page.goto(site + address)
            audit(page)
        page.goto(f"{site}/cockpit")
        page.wait_for_selector(".a-chart.is-drawn canvas")
        audit(page)
    phone.goto(f"{site}/units?project={flat.scope_id}&status=arrears")
    phone.tap(".a-room-cell:has-text('0902')")
    phone.wait_for_selector("[data-unit-card]")
    box = phone.locator("#room-card").bounding_box()
    assert box["x"] == 0
    assert box["y"] + box["height"] == phone.viewport_size["height"]
    audit(phone)


def test_the_list_opens_a_unit_beside_it(site: str, org: int, desk: Any) -> None:
    sign_in(desk, site)
    desk.goto(f"{site}/units/list?status=arrears")
    desk.click(".a-row-link >> nth=0")
    desk.wait_for_selector("#panel .a-why")
    assert "/units/" in desk.url
    with desk.expect_response(lambda r: "?on=" in r.url):
        desk.click("[aria-label=后一天]")
    audit(desk)
