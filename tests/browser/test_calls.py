"""隐私电话 as people press it: technician and tenant at 390 px, staff at 1440 px, the provider behind a real socket."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest

from anju.domain.leases.models import Lease
from anju.domain.workorders.actions import report
from anju.foundation.calls.models import CallBinding
from anju.foundation.calls.standins.aliyun_dypls import AliyunDypls
from anju.foundation.db import org_scope
from anju.foundation.flows.actions import move
from anju.foundation.flows.files import Upload
from anju.foundation.flows.models import FlowCase
from anju.foundation.identity import sessions
from anju.foundation.identity.models import Staff
from anju.kit import Actor
from anju.surface.demo.pictures import picture
from tests.browser.conftest import audit, serving
from tests.browser.test_cases import shot, sign_in
from tests.browser.test_repairs import tenancy
from tests.calls.conftest import Exchange
from tests.messaging.house import secret_of

__all__ = ["tenancy"]

pytestmark = pytest.mark.browser

MINE, THEIRS = "13911112222", "13800132451"
FULL = "号码池里没有空闲的隐私号，请过几分钟再试。"


@pytest.fixture
def exchange(site: str, tenancy: tuple[int, int]) -> Iterator[Exchange]:
    """The provider, set up for the company; what was called comes back to our own address over HTTP."""
    org, _ = tenancy
    service = AliyunDypls(
        secret_of=secret_of,
        report_url_of=lambda key: f"{site}/calls/report/aliyun/{key.removeprefix('drill-')}",
    )
    with serving(service.wsgi) as url:
        made = Exchange(service, url, org)
        with org_scope(org):
            made.set_up()
        yield made


@pytest.fixture
def taken(tenancy: tuple[int, int]) -> FlowCase:
    """A leak under the sink that 赵永康 accepted."""
    org, person = tenancy
    with org_scope(org):
        lease = Lease.objects.get()
        leak = Upload("leak.png", BytesIO(picture("leak")))
        order = report(Actor.tenant(person), lease_id=lease.id, spot="kitchen", said="水槽下漏水", photos=(leak,))
        zhao = Actor.staff(Staff.objects.get(name="赵永康").id)
        move(zhao, case_id=order.case_id, step="accept")
        found: FlowCase = order.case
        return found


def lent(org: int) -> CallBinding:
    """The one number that is lent."""
    with org_scope(org):
        return CallBinding.objects.get()


def look(page: Any, name: str) -> None:
    """A page that a careful colleague passes and that holds nobody's own number."""
    audit(page)
    shot(page, name)
    for own in (MINE, THEIRS):
        assert own not in page.content(), (page.url, own)


HIGH = "bar => bar.getBoundingClientRect().height"


@pytest.mark.req("T-04")
def test_the_technician_calls_and_nobody_sees_a_number(
    site: str, tenancy: tuple[int, int], exchange: Exchange, taken: FlowCase, phone: Any, desk: Any
) -> None:
    org, person = tenancy
    sign_in(phone, site, "zhao", f"/f/orders/{taken.id}")
    look(phone, "field-order-call")
    high = phone.locator(".p-bar:visible").evaluate(HIGH)
    phone.context.set_offline(True)
    phone.locator(".f-call:visible >> text=有信号才能打").wait_for()
    assert phone.locator(".p-bar:visible").evaluate(HIGH) == high, "one line, with a signal and without"
    phone.context.set_offline(False)
    phone.get_by_role("button", name="隐私电话").click()
    phone.wait_for_selector("text=请先填写您自己的手机号")
    phone.said.clear()  # the browser notes the 422
    look(phone, "field-call-own-phone")
    phone.fill("[name=phone]", MINE)
    phone.get_by_role("button", name="开通隐私号").click()
    phone.wait_for_selector(".f-dial")
    number = lent(org)
    assert phone.get_attribute(".f-dial", "href") == f"tel:{number.x_number}"
    look(phone, "field-call")
    assert exchange.dial(number, MINE, 62) == THEIRS
    exchange.release()
    phone.get_by_role("link", name="回到这一单").last.click()
    phone.wait_for_selector(".f-place")
    look(phone, "field-order-called")

    sign_in(desk, site, "guo", f"/cases/{taken.id}")
    desk.wait_for_selector("text=赵永康 通过隐私号联系了租客，通话 62 秒")
    look(desk, "case-called")
    desk.goto(f"{site}/tenants/{person}?tab=timeline")
    desk.wait_for_selector("text=赵永康 通过隐私号联系了租客，通话 62 秒")
    look(desk, "tenant-called")


@pytest.mark.req("T-04")
def test_the_tenant_calls_from_the_progress_page(
    site: str, tenancy: tuple[int, int], exchange: Exchange, taken: FlowCase, phone: Any, desk: Any
) -> None:
    org, person = tenancy
    cookie = sessions.open_tenant_session(org, person)
    phone.context.add_cookies([{"name": sessions.TENANT_COOKIE, "value": cookie, "url": site}])
    phone.goto(f"{site}/p/repairs/{taken.subject_id}")
    look(phone, "portal-repair-call")
    phone.get_by_role("button", name="用隐私号打给师傅").click()
    phone.wait_for_selector("text=对方没有可用的手机号，请改用站内消息，或请管家补充。")
    phone.said.clear()
    look(phone, "portal-call-no-phone")

    # A colleague's own phone is asked for on the case's page as well; then the tenant's call goes through.
    sign_in(desk, site, "zhao", f"/cases/{taken.id}")
    desk.fill("[name=phone]", MINE)
    desk.get_by_role("button", name="开通隐私号").click()
    desk.wait_for_selector("a[href^='tel:170']")
    number = lent(org)
    assert desk.locator(f"a[href='tel:{number.x_number}']").count() == 1
    look(desk, "case-number")

    phone.get_by_role("button", name="用隐私号打给师傅").click()
    phone.wait_for_selector(".r-dial")
    assert phone.get_attribute(".r-dial", "href") == f"tel:{number.x_number}"
    look(phone, "portal-call")
    assert exchange.dial(number, THEIRS, 0) == MINE
    exchange.release()
    phone.goto(phone.url)  # dropped while one talked, asked for anew
    phone.wait_for_selector("text=报修内容")
    desk.reload()
    desk.wait_for_selector("text=租客通过隐私号联系了 赵永康，没有接通")
    look(desk, "case-missed")


@pytest.mark.req("T-04")
def test_a_provider_that_refuses_is_one_sentence_with_a_way_out(
    site: str, tenancy: tuple[int, int], exchange: Exchange, taken: FlowCase, phone: Any, desk: Any
) -> None:
    org, _ = tenancy
    sign_in(desk, site, "zhao", f"/cases/{taken.id}")
    exchange.behave(fail="isv.NO_AVAILABLE_NUMBER", fail_times=-1)
    desk.fill("[name=phone]", MINE)
    desk.get_by_role("button", name="开通隐私号").click()
    desk.wait_for_selector(f"text={FULL}")
    assert desk.locator("[name=phone]").count() == 0, "the phone is kept, only the number is missing"
    assert desk.get_by_role("button", name="开通隐私号").count() == 1
    look(desk, "case-refused")

    sign_in(phone, site, "zhao", f"/f/orders/{taken.id}")
    phone.get_by_role("button", name="隐私电话").click()
    phone.wait_for_selector(f"text={FULL}")
    phone.said.clear()
    look(phone, "field-call-refused")
    with org_scope(org):
        assert CallBinding.objects.count() == 0
    exchange.behave(fail="")
    phone.get_by_role("button", name="再试一次").click()
    phone.wait_for_selector(".f-dial")
    # A phone that drops the page while one talks asks for its address again.
    phone.goto(phone.url)
    phone.wait_for_selector(".f-place")
