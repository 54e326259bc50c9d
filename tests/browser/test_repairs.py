"""A leak from the tenant's photo to the rating: tenant at 390 px, agent at 1440 px, technician at 390 px."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from anju.domain.leases.models import LeaseParty
from anju.domain.tenants.actions import register_people
from anju.domain.tenants.models import Person
from anju.domain.tenants.rules import NewPerson
from anju.domain.workorders.models import WorkOrder
from anju.foundation.db import clock, org_scope
from anju.foundation.flows.models import FlowCase
from anju.foundation.identity import sessions
from anju.foundation.staffing.actions import add_staff, create_organization
from anju.kit import Actor
from anju.surface.demo.pictures import picture
from tests.browser.conftest import PHONE, audit, opened
from tests.browser.test_cases import PASSWORD, shot, sign_in
from tests.builders import house, let, terms

pytestmark = pytest.mark.browser
SYSTEM = Actor.system()

FOLDED = """(card) => {
    const [line, arrow] = ["summary", "summary .i"].map((one) => card.querySelector(one).getBoundingClientRect());
    return [card.getBoundingClientRect().height, line.right - arrow.right];
}"""
KEPT = "async (page) => { while (!(await caches.match(page))) await new Promise((ok) => setTimeout(ok, 50)); }"


@pytest.fixture
def tenancy(site: str) -> tuple[int, int]:
    """A company with an agent, a technician and a tenant: the organization and the person."""
    made = create_organization(name="禾里公寓", drill=True, starts=datetime(2025, 1, 1, tzinfo=clock.SHANGHAI)).id
    with org_scope(made):
        clock.move_to(datetime(2026, 11, 22, 20, 16, tzinfo=clock.SHANGHAI))
        for login, name, role in (("guo", "郭建军", "service"), ("zhao", "赵永康", "maintenance")):
            add_staff(SYSTEM, login=login, name=name, roles=[role], password=PASSWORD)
        register_people(SYSTEM, rows=[NewPerson(name="林晓雯", phone="13800132451")])
        person = Person.objects.get(name="林晓雯")
        lease = let(house(), "3-1-1208", terms(end_on=date(2027, 1, 17)), person=person)
        LeaseParty.objects.create(lease=lease, person=person, role="payer", from_on=lease.start_on)
    return made, person.id


def pictures(folder: Path, *scenes: str) -> list[str]:
    """Files as a phone's camera leaves them."""
    for scene in scenes:
        (folder / f"{scene}.png").write_bytes(picture(scene))
    return [str(folder / f"{scene}.png") for scene in scenes]


def quietly(page: Any) -> None:
    """Audit a page without a signal: that nothing could be fetched is no fault of its."""
    quiet = ("ERR_INTERNET_DISCONNECTED", "Failed to load resource")
    page.said = [said for said in page.said if not any(q in said for q in quiet)]
    audit(page)


def in_the_basement(phone: Any, site: str, case: int, tmp_path: Path) -> None:
    """The technician looks at the order upstairs, works without a signal, comes back and everything is sent."""
    with opened(phone.context.browser, viewport=PHONE, is_mobile=True, has_touch=True) as worker:
        sign_in(worker, site, "zhao", "/f/")
        worker.wait_for_selector("text=今天还有 1 单")
        audit(worker)
        shot(worker, "field-today")
        worker.locator(".f-me summary").press("Enter")
        assert worker.locator(".f-me button:visible").all_inner_texts() == ["English", "退出登录"]
        audit(worker)
        shot(worker, "field-menu")
        worker.evaluate(KEPT, f"/f/orders/{case}")
        worker.context.set_offline(True)
        worker.reload()
        worker.wait_for_selector("text=离线，看过的单子都还能看")
        worker.click("text=接单")
        worker.wait_for_selector("text=水槽下的水管一直漏水")
        worker.click("button:has-text('接单')")
        worker.wait_for_selector("text=离线 ・ 1 项待同步")
        worker.wait_for_selector("text=租客已同意入户")
        high, beside = worker.locator(".f-visit").evaluate(FOLDED)
        assert (high, beside) == (52, 0), "one line, its arrow at the right edge"
        worker.click("text=约上门时间")
        worker.fill("[name=on]", "2026-11-22")
        worker.fill("[name=starts]", "21:00")
        worker.fill("[name=ends]", "21:30")
        quietly(worker)
        shot(worker, "field-order-visit")
        worker.click("button:has-text('约好')")
        worker.wait_for_selector("text=离线 ・ 2 项待同步")
        worker.wait_for_selector("text=约 11-22 21:00–21:30")
        for n, (step, scene, result) in enumerate(
            (("到场", "door", ""), ("修好了", "done", "换了密封圈，放水试了十分钟"))
        ):
            form = worker.locator(f"form.is-main:has(button:has-text('{step}'))")
            if result:
                form.locator("[name=result]").fill(result)
            form.locator("[name=photos]").set_input_files(pictures(tmp_path, scene))
            form.locator(".f-thumbs img").wait_for()
            shot(worker, f"field-order-{n}")
            form.locator("button[type=submit]").click()
            worker.wait_for_selector(f"text=离线 ・ {n + 3} 项待同步")
        quietly(worker)
        shot(worker, "field-offline")
        # The phone dies and starts again, still without a signal.
        worker.close()
        again = worker.context.new_page()
        again.goto(f"{site}/f/")
        again.wait_for_selector("text=离线 ・ 4 项待同步")
        shot(again, "field-today-offline")
        worker.context.set_offline(False)
        again.wait_for_selector("text=今天已完成 1 单")
        assert again.evaluate("FieldQueue.all()") == []
        shot(again, "field-today-after")


@pytest.mark.req("W-01")
@pytest.mark.req("W-03")
@pytest.mark.req("W-04")
@pytest.mark.req("W-06")
def test_a_leak_from_photo_to_rating(
    site: str, tenancy: tuple[int, int], phone: Any, desk: Any, tmp_path: Path
) -> None:
    org, person = tenancy
    cookie = sessions.open_tenant_session(org, person)
    phone.context.add_cookies([{"name": sessions.TENANT_COOKIE, "value": cookie, "url": site}])
    phone.goto(f"{site}/p/")
    phone.click("text=报修")
    phone.click("text=我要报修")
    phone.click(".r-kitchen")
    phone.fill("[name=said]", "水槽下的水管一直漏水，地上都湿了，已经用盆接着。")
    phone.wait_for_selector("text=水管漏水堵塞，按“P1 优先”处理")
    phone.set_input_files("[name=photos]", pictures(tmp_path, "leak"))
    phone.wait_for_selector("text=已选 1 张")
    phone.select_option("[name=slot]", label="明天 09:00–12:00")
    phone.click(".r-entry-way label:nth-of-type(1)")
    audit(phone)
    shot(phone, "portal-repair-new")
    phone.click("button:has-text('提交报修')")
    phone.wait_for_selector("text=已上报，正在派师傅")
    phone.wait_for_selector("text=您方便 明天 09:00–12:00")
    phone.click("text=改时间或怎么进门")
    audit(phone)
    shot(phone, "portal-repair-said")
    track = phone.url

    sign_in(desk, site, "guo", "/orders")
    desk.wait_for_selector("text=厨房漏水")
    audit(desk)
    shot(desk, "console-dispatch")
    desk.click("button:has-text('派单')")
    desk.wait_for_selector("text=已派单")

    with org_scope(org):
        case = WorkOrder.objects.get().case_id
    in_the_basement(phone, site, case, tmp_path)
    with org_scope(org):
        assert FlowCase.objects.get(id=case).stage == "proof"

    phone.goto(track)
    phone.wait_for_selector("text=已修好，请您确认")
    phone.wait_for_selector("text=约定 21:00–21:30")
    assert phone.locator(".r-shots img").count() == 3
    audit(phone)
    shot(phone, "portal-repair-progress")
    phone.click("button:has-text('确认修好')")
    phone.wait_for_selector("text=这次修得怎么样")
    phone.click(".r-stars label:nth-of-type(5)")
    audit(phone)
    phone.click("button:has-text('提交评价')")
    phone.wait_for_selector("text=您给了 5 星")


def asked_whether_it_is_the_same(desk: Any, site: str, tmp_path: Path) -> None:
    """Written down again: the question leaves what is typed and chosen where it is."""
    written = desk.url
    desk.goto(f"{site}/orders/new")
    desk.set_input_files("#f-photos", pictures(tmp_path, "leak", "door"))
    desk.fill("[name=room]", "3-1-1208")
    desk.select_option("[name=spot]", "kitchen")
    desk.fill("[name=said]", "厨房水管漏水")
    desk.click("button:has-text('报修')")
    desk.wait_for_selector("text=近来已有类似申报")
    assert desk.inner_text("[data-chosen]") == "2 个文件"
    assert desk.input_value("[name=said]") == "厨房水管漏水"
    audit(desk)
    shot(desk, "orders-new-same")
    desk.click("button:has-text('是同一件事')")
    desk.wait_for_url(written)
    desk.wait_for_selector("text=已并入这一单")


@pytest.mark.req("W-01")
def test_a_call_written_down_is_sent_once(site: str, tenancy: tuple[int, int], desk: Any, tmp_path: Path) -> None:
    org, _person = tenancy
    sign_in(desk, site, "guo", "/orders/new")
    # The browser's own words beside a file are in the browser's language, ours in the page's.
    assert desk.inner_text("[data-chosen]") == "还没有选"
    with desk.expect_file_chooser() as chooser:
        desk.click("#f-photos")
    chooser.value.set_files(pictures(tmp_path, "leak", "door"))
    assert desk.inner_text("[data-chosen]") == "2 个文件"
    shot(desk, "orders-new-chosen")
    desk.fill("[name=room]", "3-1-1208")
    desk.select_option("[name=spot]", "kitchen")
    desk.fill("[name=said]", "水槽下的水管漏水")
    with desk.expect_response(lambda r: r.request.method == "POST"):
        # Twice before any answer can be there, as an impatient hand does; ``seen`` asks for no second look.
        desk.eval_on_selector(
            "main form",
            """form => { form.insertAdjacentHTML("beforeend", '<input type="hidden" name="seen" value="1">');
                const send = form.querySelector("button[type=submit]"); send.click(); send.click(); }""",
        )
    desk.wait_for_url("**/cases/*")
    with org_scope(org):
        assert WorkOrder.objects.count() == 1
    asked_whether_it_is_the_same(desk, site, tmp_path)
    desk.wait_for_selector(".fl-diagram svg")
    card = desk.locator(".fl-diagram")
    assert card.evaluate("e => e.scrollWidth <= e.clientWidth && e.firstElementChild.clientWidth >= 600")
    audit(desk)
