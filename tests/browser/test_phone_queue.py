"""What waits in a technician's phone: a failing server is no missing signal; a refused order is put aside whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from anju.domain.leases.models import Lease
from anju.domain.workorders import actions
from anju.foundation.db import org_scope
from anju.foundation.flows.actions import claim
from anju.foundation.flows.models import FlowCase
from anju.foundation.identity.models import Staff
from anju.foundation.staffing.actions import add_staff
from anju.kit import Actor
from anju.surface.field import sent
from anju.surface.field.pages import order as order_page
from anju.surface.field.pages import phone as phone_page
from tests.browser.conftest import audit
from tests.browser.test_cases import PASSWORD, shot
from tests.browser.test_phone_faults import reported, technician
from tests.browser.test_repairs import KEPT, SYSTEM, pictures, tenancy

__all__ = ["tenancy"]
pytestmark = pytest.mark.browser
LEFT = "async (n) => { while ((await FieldQueue.all()).length !== n) await new Promise((ok) => setTimeout(ok, 50)); }"
WAITING = "FieldQueue.all().then((all) => all.map((x) => [x.case, x.step]))"


def broken(*_: Any, **__: Any) -> Any:
    raise RuntimeError("the disk is full")


def second(tenancy: tuple[int, int]) -> int:
    """Another repair in the same home: its case."""
    with org_scope(tenancy[0]):
        lease = Lease.objects.get().id
        made = actions.report(Actor.tenant(tenancy[1]), lease_id=lease, spot="bath", said="马桶堵了，冲不下去")
        return int(made.case_id)


def stages(tenancy: tuple[int, int]) -> dict[int, str]:
    with org_scope(tenancy[0]):
        return dict(FlowCase.objects.values_list("id", "stage"))


def accept(phone: Any, site: str, case: int) -> None:
    if not phone.url.endswith(f"/f/orders/{case}"):
        phone.goto(f"{site}/f/orders/{case}")
    phone.click("button:has-text('接单')")


@pytest.mark.req("W-04")
def test_a_server_that_fails_is_said_to_and_asked_again(
    site: str, tenancy: tuple[int, int], phone: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, other = reported(tenancy).case_id, second(tenancy)
    phone.clock.install()
    technician(phone, site, tenancy, case)
    real = sent.carry_out
    monkeypatch.setattr(sent, "carry_out", lambda by, entry: broken() if entry.case == case else real(by, entry))
    accept(phone, site, case)
    phone.wait_for_selector("text=服务器没收下，1 项还在手机里")
    phone.wait_for_selector("text=手机会自动再传，先后不变")
    assert "离线" not in phone.inner_text("body")
    audit(phone, "status of 500")  # the phone asks again when it likes
    shot(phone, "field-server-down")
    accept(phone, site, other)
    phone.evaluate(LEFT, 1)
    assert stages(tenancy) == {case: "new", other: "accepted"}, "the other order's step goes on"

    with monkeypatch.context() as down:
        down.setattr(phone_page, "get_token", broken)
        down.setattr(order_page, "shots", broken)
        phone.goto(f"{site}/f/orders/{case}")  # the page seen before, not the server's fault
        phone.wait_for_selector("text=服务器没收下，1 项还在手机里")
        phone.context.set_offline(True)
        phone.wait_for_selector("text=离线 ・ 1 项待同步")
        phone.context.set_offline(False)
        phone.wait_for_selector("text=服务器没收下，1 项还在手机里")
    assert phone.evaluate(WAITING) == [[case, "accept"]]
    monkeypatch.undo()
    phone.clock.fast_forward(300_000)
    phone.wait_for_selector("#sync", state="hidden")
    assert stages(tenancy) == {case: "accepted", other: "accepted"}


@pytest.mark.req("W-04")
@pytest.mark.req("W-09")
def test_the_steps_of_a_refused_order_are_put_aside_at_once_and_taken_up_again(
    site: str, tenancy: tuple[int, int], phone: Any, tmp_path: Path
) -> None:
    case, other = reported(tenancy).case_id, second(tenancy)
    technician(phone, site, tenancy, case)
    phone.evaluate(KEPT, f"/f/orders/{other}")
    phone.context.set_offline(True)
    accept(phone, site, case)
    form = phone.locator("form.is-main:has(button:has-text('到场'))")
    form.locator("[name=photos]").set_input_files(pictures(tmp_path, "door"))
    form.locator(".f-thumbs img").wait_for()
    form.locator("button[type=submit]:not([form])").click()
    phone.wait_for_selector("text=离线 ・ 2 项待同步")
    accept(phone, site, other)
    phone.wait_for_selector("text=离线 ・ 3 项待同步")
    with org_scope(tenancy[0]):
        add_staff(SYSTEM, login="he", name="何志斌", roles=["maintenance"], password=PASSWORD)
        claim(Actor.staff(Staff.objects.get(name="何志斌").id), case_id=case)
    with phone.expect_event("load"):  # once all that could go is gone, the page is the server's again
        phone.context.set_offline(False)
    phone.wait_for_selector(".f-no >> text=何志斌")
    assert stages(tenancy)[other] == "accepted", "the other order's step goes on"

    later = phone.locator(".f-no .f-later")
    later.get_by_text("这一单还在手机里的 2 步").wait_for()
    assert [line.split(" ", 2)[2] for line in later.locator("li").all_inner_texts()] == ["接单", "到场，1 张照片"]
    phone.said.clear()
    audit(phone)
    shot(phone, "field-refused-later")
    with phone.expect_event("load"):
        later.get_by_role("button", name="这几步都先放一边").click()
    aside = phone.locator(".f-aside")
    aside.get_by_text("放在一边的 2 步").wait_for()
    assert (phone.locator(".f-no").count(), phone.locator("#sync").is_hidden()) == (0, True)
    audit(phone)
    shot(phone, "field-aside")
    phone.reload()
    aside.get_by_role("button", name="恢复这几步").click()
    phone.wait_for_selector(".f-no >> text=何志斌")
    assert phone.evaluate(WAITING) == [[case, "accept"], [case, "arrive"]]
    with phone.expect_event("load"):
        phone.get_by_role("button", name="这几步都先放一边").click()
    aside.get_by_role("button", name="全部丢弃").click()
    aside.get_by_role("button", name="确定丢弃？再点一次").click()
    phone.evaluate(LEFT, 0)
    assert aside.count() == 0
