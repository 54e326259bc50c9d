"""A tenant's forms under a thumb: what is missing is said beside its field, stars light up, nothing is too wide."""

from __future__ import annotations

from typing import Any

import pytest

from anju.domain.leases.models import Lease
from anju.domain.workorders.models import WorkOrder
from anju.foundation.db import org_scope
from anju.foundation.flows.actions import move
from anju.foundation.identity.models import Staff
from anju.kit import Actor
from anju.surface.demo.pictures import photos
from tests.browser.conftest import audit
from tests.browser.test_phone_faults import LEAK, enter, reported
from tests.browser.test_repairs import tenancy

__all__ = ["tenancy"]
pytestmark = pytest.mark.browser
NARROW = {"width": 320, "height": 640}
GAPS = """(where) => {
    const boxes = [...document.querySelectorAll(where)].map((x) => x.getBoundingClientRect());
    return boxes.slice(1).map((box, n) => Math.round(box.top - boxes[n].bottom));
}"""
APOSTROPHE = """() => {
    const mark = Object.assign(document.createElement("span"), { textContent: "’" });
    document.querySelector("main p").append(mark);
    return mark.getBoundingClientRect().width;
}"""
LIT = "() => [...document.querySelectorAll('.r-stars label .i')].map((x) => getComputedStyle(x).fill !== 'none')"


def mended(tenancy: tuple[int, int]) -> WorkOrder:
    """A repair that was mended and that the tenant has confirmed."""
    order = reported(tenancy)
    with org_scope(tenancy[0]):
        technician, tenant = Actor.staff(Staff.objects.get(name="赵永康").id), Actor.tenant(tenancy[1])
        move(technician, case_id=order.case_id, step="accept")
        move(technician, case_id=order.case_id, step="arrive", photos=photos("door"))
        move(technician, case_id=order.case_id, step="finish", facts={"result": "换密封圈"}, photos=photos("door"))
        move(tenant, case_id=order.case_id, step="confirm")
    return order


@pytest.mark.req("W-01")
@pytest.mark.parametrize("path", ["/p/repairs/new", "/p/complaints/new"])
def test_what_is_missing_is_said_beside_its_field_and_what_is_written_stays(
    site: str, tenancy: tuple[int, int], phone: Any, path: str
) -> None:
    enter(phone, site, tenancy)
    phone.goto(f"{site}{path}")
    phone.fill("[name=said]", LEAK)
    phone.click(".p-bar button")
    place = phone.locator("fieldset:has([required]) .p-error")
    place.wait_for()
    assert phone.locator(".p-error:visible").count() == 1
    assert phone.input_value("[name=said]") == LEAK
    audit(phone)
    phone.locator("fieldset:has([required]) [type=radio]").first.check()
    assert place.is_hidden()
    phone.fill("[name=said]", "")
    phone.click(".p-bar button")
    phone.wait_for_selector(".p-field:has([name=said]) >> text=请写几个字")
    assert phone.url.endswith(path)
    phone.fill("[name=said]", LEAK)
    assert phone.locator(".p-error:visible").count() == 0
    phone.click(".p-bar button")
    phone.wait_for_selector("text=收到了")


@pytest.mark.req("W-06")
def test_four_stars_light_four_and_the_button_stands_apart(site: str, tenancy: tuple[int, int], phone: Any) -> None:
    order = mended(tenancy)
    enter(phone, site, tenancy)
    phone.goto(f"{site}/p/repairs/{order.id}")
    rate = "form[action$='/rate']"
    phone.click(f"{rate} button")
    phone.wait_for_selector("text=请点几颗星")
    phone.locator("[name=stars]").nth(3).check()
    assert phone.evaluate(LIT) == [True, True, True, True, False]
    assert phone.locator(".p-error:visible").count() == 0
    assert phone.evaluate(GAPS, f"{rate} .p-field, {rate} .p-btn")[0] >= 12
    audit(phone)
    phone.click(f"{rate} button")
    phone.wait_for_selector("text=您给了 4 星")


@pytest.mark.req("W-02")
def test_the_class_is_changed_in_fields_that_do_not_touch(site: str, tenancy: tuple[int, int], phone: Any) -> None:
    enter(phone, site, tenancy)
    phone.goto(f"{site}/p/repairs/new")
    phone.check("[name=spot][value=bath]", force=True)
    phone.fill("[name=said]", "热水器不出热水")
    phone.wait_for_selector("text=热水取暖，按“P1 优先”处理")
    phone.click("#hint summary")
    assert min(phone.evaluate(GAPS, "#hint summary, #hint .p-field")) >= 12
    audit(phone)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_large_type_on_a_small_phone_is_never_wider_than_it(
    site: str, tenancy: tuple[int, int], phone: Any, language: str
) -> None:
    order = mended(tenancy)
    with org_scope(tenancy[0]):
        lease = Lease.objects.get().id
    enter(phone, site, tenancy)
    chosen = {"anju_language": language, "large_type": "1"}
    phone.context.add_cookies([{"name": name, "value": value, "url": site} for name, value in chosen.items()])
    phone.set_viewport_size(NARROW)
    phone.goto(f"{site}/p/")
    assert (phone.evaluate(APOSTROPHE) < 10) is (language == "en")  # in Chinese it is as wide as a character
    for path in (
        "repairs", "repairs/new", f"repairs/{order.id}", "complaints", "complaints/new", "data",
        f"leases/{lease}/statement", f"leases/{lease}/bills",
    ):  # fmt: skip
        phone.goto(f"{site}/p/{path}")
        assert phone.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], path
