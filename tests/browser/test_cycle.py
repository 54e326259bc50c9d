"""The rent cycle as its people see it: a manager at a desk, a tenant with a phone, real stand-ins over HTTP.

林晓雯's next rent falls due on 25 November, 周子昂's later; 康诗涵 has not paid what was due on the 12th. The company's
clock moves from Sunday to Thursday: rent is billed, the reminder goes out, she pays from the message, and every page
afterwards tells the same story.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from anju.domain.billing import actions as billing
from anju.domain.billing.models import Bill, Charge
from anju.foundation.db import clock, fetch, org_scope
from anju.foundation.identity import sessions
from anju.foundation.jobs.ticks import run_due
from anju.foundation.messaging.actions import configure_channel
from anju.foundation.messaging.models import SmsTemplate
from anju.foundation.messaging.standins.aliyun_sms import AliyunSms
from anju.foundation.payments import accounts
from anju.foundation.payments.standins.drill_account import set_up_drill_account
from anju.foundation.payments.standins.wechat import WechatStandIn
from anju.foundation.staffing.actions import add_staff, create_organization
from anju.foundation.sweeps.models import SweepRun
from anju.foundation.sweeps.run import run_sweep
from anju.foundation.trace.cli import verify
from anju.kit import Actor, Money
from tests.browser.conftest import audit, serving
from tests.leases.builders import let, tenant, terms, unit
from tests.payments.conftest import keys, standin, trade_day

__all__ = ["keys", "standin", "trade_day"]

pytestmark = pytest.mark.browser
SYSTEM = Actor.system()
PASSWORD = "correct horse 7"
SMS_KEY, SMS_SECRET = "drill-cycle", "the stand-in and the company know it"
LIN_PHONE = "13800001234"
SHOTS = os.environ.get("ANJU_SHOTS", "")


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of 2026 in the company's time."""
    return datetime(2026, month, day, hour, minute, tzinfo=clock.SHANGHAI)


def seen(page: Any, name: str, *texts: str) -> None:
    """The page says this, passes the audit, and is pictured where the run asks for it (``ANJU_SHOTS``: a folder)."""
    for text in texts:
        page.wait_for_selector(f"main:has-text('{text}'), aside:has-text('{text}')")
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"cycle-{name}.png"), full_page=True)
    audit(page)


@dataclass
class Company:
    """The company and what the test needs to find again."""

    org: int
    sms: AliyunSms
    lin: int
    lin_lease: int
    zhou_lease: int

    def until(self, *moments: datetime) -> None:
        """Let the company's days pass, as the drill clock does; at each moment receipts come back."""
        for moment in moments:
            run_due(self.org, moment, move=True)
            self.sms.release(SMS_KEY)

    @property
    def texts(self) -> list[str]:
        """What 林晓雯's phone received."""
        return self.sms.phone(SMS_KEY, LIN_PHONE)

    @property
    def bill(self) -> int:
        """The bill due on 25 November."""
        with org_scope(self.org):
            return int(Bill.objects.get(lease_id=self.lin_lease, due_on=date(2026, 11, 25)).id)


def move_in(room: str, name: str, phone: str, start_on: date) -> tuple[int, int]:
    """Somebody takes a room for a year; gives person and lease."""
    person = tenant(name, phone)
    agreed = terms(start_on=start_on, end_on=start_on.replace(year=2027), price=Decimal(2280), deposit_months=1)
    return person, int(let(unit(room, layout="1室1厅1卫"), person, agreed).id)


def settle(lease: int, *due: date) -> None:
    """Bills due on these days were paid by bank transfer."""
    amounts = Charge.objects.filter(lease_id=lease, due_on__in=due).values_list("amount", flat=True)
    billing.record_payment(
        SYSTEM, lease_id=lease, amount=Money(str(sum(amounts))), method="bank", received_at=clock.now(),
        source=f"bank:{lease}",
    )  # fmt: skip


@pytest.fixture
def company(site: str, keys: Any, standin: WechatStandIn) -> Iterator[Company]:
    """Sunday morning, 15 November: three tenants, one manager, both providers at their stand-ins."""
    org = create_organization(name="安居示范公寓", short_name="安居公寓", drill=True, starts=at(1, 1, 9)).id
    sms = AliyunSms(
        secret_of=lambda key: SMS_SECRET if key == SMS_KEY else None,
        report_url_of=lambda key: f"{site}/messages/report/aliyun/{org}",
    )
    with serving(standin.wsgi) as wallet, serving(sms.wsgi) as texts:
        with org_scope(org):
            clock.move_to(at(11, 11, 9))
            add_staff(SYSTEM, login="manager", name="许婧", roles=["admin", "manager"], password=PASSWORD)
            config = {"key_id": SMS_KEY, "sign_name": "安居公寓", "endpoint": texts}
            secret = {"key_secret": SMS_SECRET}
            configure_channel(SYSTEM, channel="sms", provider="aliyun", config=config, secret=secret)
            set_up_drill_account(SYSTEM, home=keys[0], address=wallet)
            lin, lin_lease = move_in("3-1-1208", "林晓雯", LIN_PHONE, date(2026, 10, 25))
            _, zhou_lease = move_in("3-1-1209", "周子昂", "13900005567", date(2026, 11, 5))
            _, kang_lease = move_in("3-1-1210", "康诗涵", "13800132451", date(2026, 10, 12))
            run_sweep(SYSTEM, org, "billing", clock.today())
            settle(lin_lease, date(2026, 10, 25))
            settle(zhou_lease, date(2026, 11, 5))
            settle(kang_lease, date(2026, 10, 12))
        accounts._opened.clear()
        standin.start()
        company = Company(org, sms, lin, lin_lease, zhou_lease)
        company.until(at(11, 12, 10, 10), at(11, 13, 10, 10), at(11, 15, 5))
        yield company
        standin.courier.stop()
    accounts._opened.clear()


def sign_in(page: Any, site: str) -> None:
    """许婧 at the desk."""
    page.goto(f"{site}/sign-in")
    seen(page, "sign-in", "登录")
    page.fill("[name=login]", "manager")
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector("text=许婧")


@pytest.mark.req("R-01")
@pytest.mark.req("R-02")
@pytest.mark.req("R-03")
@pytest.mark.req("K-02")
def test_a_rent_cycle(site: str, company: Company, desk: Any, phone: Any) -> None:
    sign_in(desk, site)
    seen(desk, "workbench", "康诗涵", "逾期 3 天")
    the_days_pass(company)
    pays_from_the_message(company, phone)
    the_desk_knows(site, company, desk)
    why_and_why_not(site, company, desk)
    the_numbers_agree(site, company, desk)
    she_sees_it_at_home(site, company, phone)
    the_manager_on_the_way(site, company, phone, desk)
    said: list[str] = []
    assert verify([(company.org, "安居示范公寓")], said.append), said


def the_days_pass(company: Company) -> None:
    """Billed on the 15th, announced in the app on the 18th, by SMS on the 19th because nobody opened the app."""
    company.until(at(11, 19, 10, 6), at(11, 19, 18, 30))
    (sms,) = company.texts
    assert "林晓雯您好" in sms
    assert "2,280.00元" in sms
    with org_scope(company.org):
        assert set(SmsTemplate.objects.values_list("state", flat=True)) == {"approved"}
        rows = fetch("SELECT channel, state FROM message WHERE to_person = %(lin)s ORDER BY id", {"lin": company.lin})
    assert [(row["channel"], row["state"]) for row in rows] == [("inapp", "delivered"), ("sms", "delivered")]


def pays_from_the_message(company: Company, phone: Any) -> None:
    """The link needs no sign-in and names nobody in full; the wallet is a page of the stand-in."""
    found = re.search(r"https?://\S+/b/\w+", company.texts[0])
    assert found
    phone.goto(found[0])
    seen(phone, "link", "给 林* 的11月账单", "2,280.00")
    assert "林晓雯" not in phone.content()
    phone.get_by_role("button", name="微信支付 ¥2,280.00").click()
    phone.get_by_role("button", name="确认支付").click()
    seen(phone, "paid", "已到账，谢谢您")


def the_desk_knows(site: str, company: Company, desk: Any) -> None:
    """The bill, the arrears, the tenant's page: the same story in words."""
    desk.goto(f"{site}/rent/bills?lease={company.lin_lease}")
    seen(desk, "bills", "已付清")
    desk.goto(f"{site}/rent/bills/{company.bill}")
    seen(desk, "bill", "已付清", "2026-11-15 自动出账", "短信，已送达，链接已打开")
    desk.goto(f"{site}/rent/arrears")
    desk.click("text=康诗涵")
    desk.wait_for_selector("#panel:has-text('为什么')")
    seen(desk, "arrears", "逾期 7 天")
    assert "林晓雯" not in desk.inner_text("main")
    desk.goto(f"{site}/tenants/{company.lin}")
    seen(desk, "tenant", "短信缴租提醒，已送达，链接已打开", "收款 ¥2,280.00，微信支付")


def why_and_why_not(site: str, company: Company, desk: Any) -> None:
    """Why this lease was billed, why the other one was not, and on which day it will be."""
    desk.goto(f"{site}/leases/{company.lin_lease}/why")
    seen(desk, "why-billed", "11-15 自动判定", "账单与收款 v1")
    assert desk.inner_text(".a-why-decision") == "出账"
    desk.goto(f"{site}/leases/{company.zhou_lease}/why?on=2026-11-24")
    seen(desk, "why-not-billed", "今天：不出账，下一期 2026-12-05 起，2026-12-05 应付，将于 2026-11-25 出账")
    desk.get_by_label("后一天").click()
    desk.wait_for_selector(".a-why-other th:text-is('11-25')")
    assert desk.inner_text(".a-why-other tbody td >> nth=1") == "出账"
    audit(desk)


def the_numbers_agree(site: str, company: Company, desk: Any) -> None:
    """Every candidate got a decision; the curve has the money."""
    with org_scope(company.org):
        runs = [run for run in SweepRun.objects.all() if run.candidates]
    assert all(run.candidates == sum(run.tally.values()) for run in runs)
    assert {run.sweep for run in runs} == {"billing", "reminders", "call_tasks", "timers"}
    desk.goto(f"{site}/rent/runs")
    seen(desk, "runs", "完成，数目相符")
    desk.goto(f"{site}/cockpit")
    seen(desk, "cockpit", "应收与实收")
    assert desk.locator("tr:has-text('2026-11') td").all_inner_texts()[1:4] == ["¥6,840.00", "¥4,560.00", "¥2,280.00"]


def she_sees_it_at_home(site: str, company: Company, phone: Any) -> None:
    """The tenant, signed in on the same phone."""
    cookie = sessions.open_tenant_session(company.org, company.lin)
    phone.context.add_cookies([{"name": sessions.TENANT_COOKIE, "value": cookie, "url": site}])
    phone.goto(f"{site}/p/")
    seen(phone, "home", "都付清了，谢谢您")
    phone.get_by_role("link", name="账单和收据").click()
    seen(phone, "portal-bills", "已付清")


def the_manager_on_the_way(site: str, company: Company, phone: Any, desk: Any) -> None:
    """The console at 390 px: the same session, the tab bar, a list, its panel as a page."""
    phone.context.add_cookies(desk.context.cookies())
    phone.goto(f"{site}/")
    seen(phone, "phone-workbench", "康诗涵")
    phone.locator(".a-tabbar").get_by_role("link", name="收租").click()
    seen(phone, "phone-arrears", "逾期清单")
    phone.get_by_role("link", name="康诗涵").click()
    phone.wait_for_selector("#panel:has-text('为什么')")
    seen(phone, "phone-panel", "2,280.00")
