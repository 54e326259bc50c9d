"""租客与合同 in a browser: an agent takes a call, finds the tenant, sees why, reminds; a manager changes terms."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from anju.domain.leases.models import Lease, LeaseVersion
from anju.foundation.db import clock, org_scope
from anju.foundation.messaging.models import Message
from anju.foundation.staffing.actions import add_staff, create_organization
from anju.foundation.sweeps.run import run_sweep
from anju.kit import Actor
from tests.browser.conftest import audit
from tests.leases.builders import let, tenant, terms, unit

pytestmark = pytest.mark.browser
SYSTEM = Actor.system()
PASSWORD = "correct horse 7"
START, END = date(2026, 11, 17), date(2027, 11, 17)


@pytest.fixture
def org(site: str) -> int:
    """何雨桐 of 3-1-1208 owes since the 17th; another 何雨桐 does not. It is Sunday, 22 November 2026."""
    made = create_organization(name="禾里公寓", drill=True, starts=datetime(2025, 1, 1, tzinfo=clock.SHANGHAI)).id
    with org_scope(made):
        clock.move_to(datetime(2026, 11, 17, 9, tzinfo=clock.SHANGHAI))
        for login, name, role in (("lin", "林晓", "service"), ("xu", "许婧", "manager")):
            add_staff(SYSTEM, login=login, name=name, roles=[role], password=PASSWORD)
        let(unit("3-1-1208"), tenant("何雨桐", "13800137730"), terms(start_on=START, end_on=END))
        run_sweep(SYSTEM, made, "billing", date(2026, 11, 7))
        clock.move_to(datetime(2026, 11, 22, 9, 43, tzinfo=clock.SHANGHAI))
        let(unit("3-1-1209"), tenant("何雨桐", "13800138888"), terms(start_on=date(2026, 11, 24), end_on=END))
    return made


def lease_of(org: int, code: str) -> Lease:
    with org_scope(org):
        return Lease.objects.get(leaseunit__unit__code=code)


def sign_in(page: Any, site: str, login: str) -> None:
    page.goto(f"{site}/sign-in?next=/")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(f"{site}/")


@pytest.mark.req("T-02")
def test_a_call_at_the_front_desk(site: str, org: int, desk: Any) -> None:
    own = lease_of(org, "3-1-1208")
    sign_in(desk, site, "lin")
    assert "上午好，林晓" in desk.inner_text("main")
    audit(desk)
    desk.keyboard.press("/")
    desk.keyboard.type("何雨桐")
    desk.wait_for_selector(f"#search-out a:has-text('{own.number} · 7730')")
    assert desk.locator("#search-out a[href^='/tenants/']").count() == 2
    desk.click(f"#search-out a[href='/tenants/{own.payer_id}']")
    desk.wait_for_selector(".a-subject")
    assert "有欠款" in desk.inner_text(".a-who")
    audit(desk)
    desk.click("#timeline a:has-text('系统判定')")
    desk.wait_for_selector("#timeline .is-on:has-text('系统判定')")
    assert "判定：出账" in desk.inner_text("#timeline")
    desk.click("#timeline a:has-text('为什么') >> nth=0")
    desk.wait_for_selector("#why")
    desk.click("#why a[aria-label='后一天']")
    desk.wait_for_selector("#why .a-stepper:has-text('11-08')")
    desk.goto(f"{site}/tenants/{own.payer_id}")
    desk.click("a:has-text('发送提醒')")
    desk.click("main button:has-text('发送')")
    desk.wait_for_selector(".a-toast:has-text('已发出')")
    with org_scope(org):
        assert Message.objects.filter(to_person=own.payer_id, kind="reminder").exists()
    desk.goto(f"{site}/tenants/{own.payer_id}")
    assert "手动发送缴租提醒" in desk.inner_text("#timeline")


@pytest.mark.req("T-04")
def test_looking_at_a_number_takes_a_reason(site: str, org: int, desk: Any) -> None:
    sign_in(desk, site, "lin")
    desk.goto(f"{site}/tenants/{lease_of(org, '3-1-1208').payer_id}")
    desk.click(".a-reveal summary")
    desk.click(".a-reveal button:has-text('联系租客')")
    desk.wait_for_selector("text=13800137730")
    assert "13800137730" not in desk.url
    audit(desk)
    desk.reload()
    assert "13800137730" not in desk.content()
    assert "查看完整手机号" in desk.inner_text("#timeline")


def test_new_terms_show_what_follows_before_they_are_kept(site: str, org: int, desk: Any) -> None:
    own = lease_of(org, "3-1-1208")
    sign_in(desk, site, "xu")
    desk.goto(f"{site}/leases/{own.id}")
    audit(desk)
    desk.click("a:has-text('变更条款')")
    desk.fill("[name=effective_from]", "2026-12-01")
    desk.fill("[name=price]", "2500")
    desk.click("button:has-text('看会带来什么')")
    desk.wait_for_selector("#confirm:has-text('账单差额')")
    audit(desk)
    with org_scope(org):
        assert LeaseVersion.objects.filter(lease=own).count() == 1
    desk.click("button:has-text('确认变更')")
    desk.wait_for_selector(".a-toast:has-text('条款已变更')")
    assert "已出账期重算" in desk.inner_text("#timeline")
    for tab in ("versions", "why", "why-reminded", "bills"):
        desk.goto(f"{site}/leases/{own.id}/{tab}")
        audit(desk)


def test_lists_open_beside_themselves_and_as_pages(site: str, org: int, desk: Any) -> None:
    own = lease_of(org, "3-1-1208")
    sign_in(desk, site, "xu")
    for path, row in (("/tenants", f"/tenants/{own.payer_id}"), ("/leases", f"/leases/{own.id}")):
        desk.goto(f"{site}{path}")
        audit(desk)
        desk.click(f"a.a-row-link[href='{row}']")
        desk.wait_for_selector("#panel .a-panel-in")
        assert desk.url == f"{site}{row}"
        audit(desk)
        desk.reload()
        desk.wait_for_selector(".a-subject")


def test_everything_fits_a_phone(site: str, org: int, phone: Any) -> None:
    own = lease_of(org, "3-1-1208")
    sign_in(phone, site, "xu")
    person, lease = f"/tenants/{own.payer_id}", f"/leases/{own.id}"
    pages = ["/", "/tenants", person, f"{person}/data", f"{person}/communications", "/leases", lease, f"{lease}/amend"]
    for path in [*pages, f"{lease}/end", "/leases/new", "/search", "/payments/problems"]:
        phone.goto(f"{site}{path}")
        audit(phone)
