"""What waits in a technician's phone: a failing server is no missing signal; a refused order is put aside whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from anju.domain.leases.models import Lease
from anju.domain.workorders import actions
from anju.foundation.db import org_scope
from anju.foundation.flows.actions import claim, move
from anju.foundation.flows.models import FlowCase
from anju.foundation.identity.models import Staff
from anju.foundation.staffing.actions import add_staff
from anju.kit import Actor
from anju.surface.field import sent
from anju.surface.field.pages import order as order_page
from anju.surface.field.pages import phone as phone_page
from tests.browser.conftest import audit
from tests.browser.test_cases import PASSWORD, shot, sign_in
from tests.browser.test_phone_faults import reported, technician
from tests.browser.test_repairs import KEPT, SYSTEM, pictures, tenancy
from tests.workorders.conftest import photo

__all__ = ["tenancy"]
pytestmark = pytest.mark.browser
LEFT = "async (n) => { while ((await FieldQueue.all()).length !== n) await new Promise((ok) => setTimeout(ok, 50)); }"
NOTED = """async (words) => {
    while (!JSON.stringify(await FieldQueue.all()).includes(words)) await new Promise((ok) => setTimeout(ok, 50));
}"""
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
    aside.wait_for(state="detached")


def on_site(phone: Any, site: str, tenancy: tuple[int, int]) -> int:
    """赵永康 stands in front of the sink and looks at the order: its case."""
    case = reported(tenancy).case_id
    with org_scope(tenancy[0]):
        me = Actor.staff(Staff.objects.get(name="赵永康").id)
        move(me, case_id=case, step="accept")
        move(me, case_id=case, step="arrive", photos=(photo(),))
    technician(phone, site, tenancy, case)
    return case


def mended(phone: Any, tmp_path: Path, **written: str) -> Any:
    """The form of the last step, filled in, with a picture."""
    form = phone.locator("form[data-step=finish]")
    for name, text in written.items():
        form.locator(f"[name={name}]").fill(text)
    form.locator("[name=photos]").set_input_files(pictures(tmp_path, "done"))
    form.locator(".f-thumbs img").wait_for()
    return form


@pytest.mark.req("W-04")
def test_what_was_refused_is_corrected_where_it_was_written_and_nothing_is_lost(
    site: str, tenancy: tuple[int, int], phone: Any, tmp_path: Path
) -> None:
    case = on_site(phone, site, tenancy)
    # A page that the phone has kept since before it looked at numbers itself.
    phone.eval_on_selector("[name=minutes]", "field => { field.type = 'text'; }")
    form = mended(phone, tmp_path, result="换了密封圈", parts="密封圈 1 个", minutes="40分钟")
    form.locator("button[type=submit]:not([form])").click()
    phone.wait_for_selector(".f-no >> text=要填数字")
    step = phone.locator(".f-steps [data-step=finish]")
    assert step.get_attribute("class") == "is-now", "refused is not done"
    assert "已存在手机里" not in step.inner_text()
    assert form.is_hidden(), "an empty form would ask for all of it again"
    key = phone.evaluate("FieldQueue.all().then(([one]) => one.key)")
    phone.said.clear()
    audit(phone)
    shot(phone, "field-refused")

    phone.click("text=改一改")
    form.locator(".f-thumbs img").wait_for()
    assert form.locator("[name=result]").input_value() == "换了密封圈"
    form.locator("[name=result]").fill("换了密封圈，放水试了十分钟")
    phone.evaluate(NOTED, "十分钟")
    # The phone dies in the middle of it, and is opened again on the round.
    phone.goto(f"{site}/f/")
    phone.click("text=改一改")
    phone.wait_for_url(f"**/f/orders/{case}#*")
    form.locator("text=原来填的是“40分钟”").wait_for()
    assert form.locator("[name=result]").input_value() == "换了密封圈，放水试了十分钟"
    assert form.locator("[name=parts]").input_value() == "密封圈 1 个"
    assert form.locator(".f-thumbs img").count() == 1
    audit(phone)
    shot(phone, "field-mend")
    form.locator("[name=minutes]").fill("40")
    with phone.expect_request("**/f/sent") as again:
        form.locator("button[type=submit]:not([form])").click()
    assert again.value.post_data_json["key"] != key, "the old one has been answered"
    phone.evaluate(LEFT, 0)
    with org_scope(tenancy[0]):
        done = FlowCase.objects.get(id=case)
        assert (done.stage, done.photos) == ("proof", 2)
        assert done.facts == {"result": "换了密封圈，放水试了十分钟", "parts": "密封圈 1 个", "minutes": "40"}


@pytest.mark.req("W-04")
def test_what_the_phone_can_see_itself_it_says_beside_the_field_before_it_queues(
    site: str, tenancy: tuple[int, int], phone: Any, tmp_path: Path
) -> None:
    on_site(phone, site, tenancy)
    form = mended(phone, tmp_path, parts="密封圈 1 个")
    minutes = form.locator("[name=minutes]")
    assert (minutes.get_attribute("type"), minutes.get_attribute("inputmode")) == ("number", "decimal")
    minutes.press_sequentially("4e")
    form.locator("button[type=submit]:not([form])").click()
    assert form.locator(".p-field:has([name=result])").inner_text().endswith("请填写这一项。")
    assert form.locator(".p-field:has([name=minutes])").inner_text().endswith("这里只填数字。")
    assert phone.evaluate("document.activeElement.name") == "result"
    assert form.evaluate("form => form.noValidate"), "the browser's own words are in the browser's language"
    assert phone.evaluate(WAITING) == []
    audit(phone)
    shot(phone, "field-checked")
    form.locator("[name=result]").fill("换了密封圈")
    minutes.fill("40")
    assert form.locator(".p-error:visible").count() == 0
    assert form.locator("[name=parts]").input_value() == "密封圈 1 个"
    assert form.locator(".f-thumbs img").count() == 1


@pytest.mark.req("W-04")
def test_what_is_being_written_stays_when_the_signal_comes_back(
    site: str, tenancy: tuple[int, int], phone: Any, tmp_path: Path
) -> None:
    case = reported(tenancy).case_id
    technician(phone, site, tenancy, case)
    phone.context.set_offline(True)
    accept(phone, site, case)
    phone.wait_for_selector("text=离线 ・ 1 项待同步")
    form = phone.locator("form[data-step=arrive]")
    form.locator("[name=photos]").set_input_files(pictures(tmp_path, "door"))
    form.locator(".f-thumbs img").wait_for()
    phone.context.set_offline(False)
    phone.evaluate(LEFT, 0)
    phone.wait_for_selector("#state >> text=已同步")
    assert form.locator(".f-thumbs img").count() == 1
    assert stages(tenancy)[case] == "accepted"
    with phone.expect_event("load"):  # now nothing is being written, and the page is the server's again
        form.locator("button[type=submit]:not([form])").click()
    assert stages(tenancy)[case] == "onsite"


@pytest.mark.req("W-04")
def test_who_signs_out_leaves_no_pages_in_the_phone(site: str, tenancy: tuple[int, int], phone: Any) -> None:
    case = reported(tenancy).case_id
    sign_in(phone, site, "zhao", "/f/")
    phone.evaluate(KEPT, f"/f/orders/{case}")
    phone.click(".f-me summary")
    phone.click("text=退出登录")
    phone.wait_for_url("**/sign-in")
    assert not phone.evaluate("caches.has('anju-field-pages')")
    phone.goto(f"{site}/f/")
    phone.wait_for_url("**/sign-in?next=%2Ff%2F")
