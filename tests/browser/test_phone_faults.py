"""What happens to a phone in real life: a second tap, no signal, a session that ran out, odd words and odd pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from anju.domain.complaints.models import Complaint
from anju.domain.workorders import actions
from anju.domain.workorders.models import WorkOrder
from anju.foundation.db import org_scope
from anju.foundation.flows.actions import claim
from anju.foundation.identity import sessions
from anju.foundation.identity.models import Staff
from anju.foundation.staffing.actions import add_staff
from anju.kit import Actor
from tests.browser.conftest import audit
from tests.browser.test_cases import PASSWORD, sign_in
from tests.browser.test_repairs import KEPT, SYSTEM, pictures, quietly, tenancy

__all__ = ["tenancy"]
pytestmark = pytest.mark.browser
LEAK = "水槽下的水管一直漏水，地上都湿了"
LONG = "漏水" + "w" * 400
TWICE = "(where) => { const one = document.querySelector(where); one.click(); one.click(); }"
ON_TOP = """(where) => {
    const [one, box] = [document.querySelector(where), document.querySelector(where).getBoundingClientRect()];
    return [box.top + 4, box.bottom - 4].every((y) => document.elementFromPoint(box.left + 20, y) === one);
}"""
ONE_LINE = """() => [...document.querySelectorAll(".p-whole")].map((x) =>
    [x.textContent, new Set([...x.getClientRects()].map((box) => Math.round(box.top))).size])"""


def enter(phone: Any, site: str, tenancy: tuple[int, int]) -> None:
    """The tenant is signed in on this phone."""
    cookie = sessions.open_tenant_session(*tenancy)
    phone.context.add_cookies([{"name": sessions.TENANT_COOKIE, "value": cookie, "url": site}])


def reported(tenancy: tuple[int, int], said: str = LEAK) -> WorkOrder:
    """A repair that the tenant has reported."""
    from anju.domain.leases.models import Lease

    with org_scope(tenancy[0]):
        actions.report(
            Actor.tenant(tenancy[1]), lease_id=Lease.objects.get().id, spot="kitchen", said=said, entry="home"
        )
        return WorkOrder.objects.select_related("case").get()


@pytest.fixture
def repair_form(site: str, tenancy: tuple[int, int], phone: Any) -> Any:
    """A tenant's phone at the empty form of a repair."""
    enter(phone, site, tenancy)
    phone.goto(f"{site}/p/repairs/new")
    return phone


def fill(phone: Any, tmp_path: Path, said: str = LEAK) -> None:
    """The form, with a picture."""
    phone.click(".r-kitchen")
    phone.fill("[name=said]", said)
    phone.set_input_files("[name=photos]", pictures(tmp_path, "leak"))
    phone.wait_for_selector("text=已选 1 张")


@pytest.mark.req("W-01")
@pytest.mark.parametrize("wide", [320, 390])
def test_no_number_is_cut_at_the_end_of_a_line(site: str, tenancy: tuple[int, int], phone: Any, wide: int) -> None:
    order = reported(tenancy)
    enter(phone, site, tenancy)
    phone.set_viewport_size({"width": wide, "height": 844})
    for language in ("zh-hans", "en"):
        phone.context.add_cookies([{"name": "anju_language", "value": language, "url": site}])
        phone.goto(f"{site}/p/repairs/{order.id}")
        found = phone.evaluate(ONE_LINE)
        assert {"3-1-1208", order.case.number} <= {text for text, _lines in found}
        assert [text for text, lines in found if lines != 1] == []
        audit(phone)


@pytest.mark.req("W-01")
def test_a_refusal_no_signal_and_a_second_tap_lose_nothing_and_send_once(
    tenancy: tuple[int, int], repair_form: Any, tmp_path: Path
) -> None:
    phone = repair_form
    fill(phone, tmp_path, "😀😀")
    phone.click("text=提交报修")
    phone.wait_for_selector("#wrong .is-danger")
    assert phone.locator(".r-picked img").count() == 1
    phone.fill("[name=said]", LEAK)
    phone.wait_for_selector("text=水管漏水堵塞，按“P1 优先”处理")
    phone.context.set_offline(True)
    phone.click("text=提交报修")
    phone.wait_for_selector("text=没有信号，还没有发出去")
    phone.said.clear()
    quietly(phone)
    phone.context.set_offline(False)
    phone.evaluate(TWICE, ".p-bar button")
    phone.wait_for_selector("text=已上报，正在派师傅")
    assert phone.locator(".r-shots img").count() == 1
    with org_scope(tenancy[0]):
        assert WorkOrder.objects.count() == 1
    phone.go_back()
    assert not phone.url.endswith("/new")


@pytest.mark.req("W-01")
def test_beside_a_keyboard_the_bar_covers_nothing(site: str, tenancy: tuple[int, int], phone: Any) -> None:
    enter(phone, site, tenancy)
    phone.set_viewport_size({"width": 390, "height": 380})
    phone.goto(f"{site}/p/repairs/new")
    for name in ("said", "slot"):
        phone.focus(f"[name={name}]")
        assert phone.evaluate(ON_TOP, f"[name={name}]")
    audit(phone)


@pytest.mark.req("W-07")
def test_what_is_already_reported_is_shown_without_losing_the_picture(
    site: str, tenancy: tuple[int, int], phone: Any, tmp_path: Path
) -> None:
    reported(tenancy)
    enter(phone, site, tenancy)
    phone.goto(f"{site}/p/repairs/new")
    phone.route("**/p/repairs/hint", lambda route: route.abort())  # sent before the hint was there
    fill(phone, tmp_path, "厨房水槽下面漏水，地上都湿了")
    phone.click("text=提交报修")
    phone.wait_for_selector("text=近来已有类似申报")
    assert phone.locator(".r-picked img").count() == 1
    phone.click("text=不是，提交我的报修")
    phone.wait_for_selector("text=已上报，正在派师傅")
    assert phone.locator(".r-shots img").count() == 1


@pytest.mark.req("W-01")
def test_a_session_that_ran_out_gives_back_what_was_written(
    site: str, tenancy: tuple[int, int], repair_form: Any, tmp_path: Path
) -> None:
    phone = repair_form
    phone.click(".r-entry-way label:nth-of-type(2)")
    phone.context.clear_cookies(name=sessions.TENANT_COOKIE)
    fill(phone, tmp_path)
    phone.wait_for_load_state("networkidle")
    assert phone.locator("#hint").inner_text() == ""  # not the sign-in page in the middle of the form
    phone.click("text=提交报修")
    phone.wait_for_url("**/p/sign-in?next=%2Fp%2Frepairs%2Fnew")
    enter(phone, site, tenancy)
    phone.goto(f"{site}/p/repairs/new")
    phone.wait_for_selector("text=登录过期了，刚才写的都还在。照片请再选一次。")
    assert phone.input_value("[name=said]") == LEAK
    assert phone.is_checked("[name=spot][value=kitchen]")
    assert phone.is_checked("[name=entry][value=away]")


@pytest.mark.req("W-12")
def test_a_complaint_with_a_film_survives_no_signal_and_is_filed_once(
    site: str, tenancy: tuple[int, int], phone: Any, tmp_path: Path
) -> None:
    (tmp_path / "film.mp4").write_bytes(b"\x00\x00\x00\x18ftypmp42" + b"0" * 200)
    enter(phone, site, tenancy)
    phone.goto(f"{site}/p/complaints/new")
    phone.locator(".p-choices label").first.click()
    phone.fill("[name=said]", "<b>修了三次</b>还在滴 " + "w" * 300)
    phone.set_input_files("[name=photos]", [str(tmp_path / "film.mp4")] * 6)
    phone.wait_for_selector("text=最多 4 张，后面的没有加上")
    assert [said for said in phone.said if "Content Security Policy" in said] == []
    phone.context.set_offline(True)
    phone.click("text=提交投诉")
    phone.wait_for_selector("text=没有信号，还没有发出去")
    phone.context.set_offline(False)
    phone.reload()
    assert phone.input_value("[name=said]").startswith("<b>修了三次</b>")
    phone.evaluate(TWICE, ".p-bar button")
    phone.wait_for_selector("text=已收到，正在安排")
    phone.said.clear()
    audit(phone)
    with org_scope(tenancy[0]):
        assert Complaint.objects.count() == 1


def technician(phone: Any, site: str, tenancy: tuple[int, int], case: int) -> None:
    """赵永康 has looked at the order with a signal."""
    sign_in(phone, site, "zhao", "/f/")
    phone.wait_for_selector(f"a[href='/f/orders/{case}']")
    phone.evaluate(KEPT, f"/f/orders/{case}")
    phone.goto(f"{site}/f/orders/{case}")


@pytest.mark.req("W-04")
def test_an_empty_picture_is_said_at_once_and_never_seen_pages_are_explained(
    site: str, tenancy: tuple[int, int], phone: Any, tmp_path: Path
) -> None:
    order = reported(tenancy, LONG)
    technician(phone, site, tenancy, order.case_id)
    audit(phone)  # a word of 400 letters scrolls nothing sideways
    with phone.expect_event("load"):  # once it is sent, the page is the server's again
        phone.click("button:has-text('接单')")
    form = phone.locator("form.is-main:has(button:has-text('到场'))")
    form.locator("button[type=submit]").wait_for()
    (tmp_path / "empty.jpg").write_bytes(b"")
    form.locator("[name=photos]").set_input_files(str(tmp_path / "empty.jpg"))
    phone.wait_for_selector("text=这张照片是空的，请再拍一张")
    assert form.locator(".f-thumbs img").count() == 0
    phone.context.set_offline(True)
    phone.goto(f"{site}/f/orders/999999")
    phone.wait_for_selector("text=这一页还没有在这台手机上打开过")
    phone.click("text=回到今天的单")
    phone.wait_for_selector("text=离线")


@pytest.mark.req("W-04")
@pytest.mark.req("W-09")
def test_after_a_refusal_the_order_stands_where_the_server_says(
    site: str, tenancy: tuple[int, int], phone: Any, tmp_path: Path
) -> None:
    order = reported(tenancy)
    technician(phone, site, tenancy, order.case_id)
    phone.context.set_offline(True)
    phone.evaluate(TWICE, "form.is-main:not([hidden]) [type=submit]:not([form])")
    phone.wait_for_selector("text=离线 ・ 1 项待同步")
    form = phone.locator("form.is-main:has(button:has-text('到场'))")
    form.locator("[name=photos]").set_input_files(pictures(tmp_path, "door"))
    form.locator(".f-thumbs img").wait_for()
    form.locator("button[type=submit]:not([form])").click()
    phone.wait_for_selector("text=离线 ・ 2 项待同步")
    with org_scope(tenancy[0]):
        add_staff(SYSTEM, login="he", name="何志斌", roles=["maintenance"], password=PASSWORD)
        other = Actor.staff(Staff.objects.get(name="何志斌").id)
        claim(other, case_id=order.case_id)
    phone.context.set_offline(False)
    phone.wait_for_selector(".f-no >> text=何志斌")
    phone.reload()
    phone.wait_for_selector(".f-no >> text=何志斌")
    assert phone.locator("#sync").is_hidden()  # nothing is on its way, so nothing says so
    assert phone.locator("form.is-main:visible").count() == 0
    phone.said.clear()
    audit(phone)
