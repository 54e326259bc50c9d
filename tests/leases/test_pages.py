"""合同 in the console: reading leases, and changing them with the consequence shown first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import pytest

from anju.domain.billing.models import Charge
from anju.domain.leases.actions import amend_lease, draft_lease
from anju.domain.leases.actions.changes import Amendment
from anju.domain.leases.models import Lease, LeaseVersion
from anju.domain.leases.rules import LeaseTerms
from anju.foundation.db import clock, org_scope
from anju.foundation.staffing.actions import create_organization
from anju.foundation.sweeps.run import run_sweep
from anju.kit import Actor
from tests.leases.builders import let, new, tenant, terms, unit
from tests.staff import refusal, signed_in, text

SYSTEM = Actor.system()
TODAY = datetime(2026, 11, 22, 9, tzinfo=clock.SHANGHAI)


@pytest.fixture
def company(db: None) -> Iterator[int]:
    """A drill organization on the standard template since 2025."""
    org = create_organization(name="禾里公寓", drill=True, starts=datetime(2025, 1, 1, tzinfo=clock.SHANGHAI)).id
    with org_scope(org):
        clock.move_to(datetime(2026, 1, 1, 9, tzinfo=clock.SHANGHAI))
        yield org


@pytest.fixture
def lease(company: int) -> Lease:
    """王芳 in 3-1-1208 since March, billed until December."""
    clock.move_to(TODAY)
    made = let(unit("3-1-1208"), tenant(), terms(start_on=date(2026, 3, 17), end_on=date(2027, 3, 17)))
    run_sweep(SYSTEM, company, "billing", date(2026, 11, 7))
    return made


def form_of(page: str) -> dict[str, str]:
    """The inputs of a page as a browser would send them."""
    fields = re.findall(r'<input[^>]*name="([^"]+)"[^>]*?(?:value="([^"]*)")', page)
    return {k: v for k, v in fields if k not in ("csrfmiddlewaretoken", "q", "next", "auto_renew", "confirm")}


def test_the_list_and_its_views(lease: Lease) -> None:
    client = signed_in("manager")
    page = text(client, "/leases")
    for words in (lease.number, "王芳", "3-1-1208", "2,280.00", "执行中"):
        assert words in page
    for view, there in (("active", True), ("draft", False), ("expired", False), ("ending", False)):
        assert (lease.number in text(client, f"/leases?view={view}")) is there
    assert lease.number not in text(client, "/leases?number=XX")


def test_terms_in_plain_words_and_why(lease: Lease) -> None:
    client = signed_in("manager")
    page = text(client, f"/leases/{lease.id}")
    for words in ("¥2,280.00 / 月", "押一付一", "2026-03-17 至 2027-03-16", "每月 17 日", "为什么", "账单"):
        assert words in page
    for tab in ("why", "why-reminded", "versions", "bills"):
        assert "<html" in text(client, f"/leases/{lease.id}/{tab}")


def test_why_answers_for_any_day_also_for_one_without_a_bill(lease: Lease) -> None:
    client = signed_in("service")
    part = text(client, f"/leases/{lease.id}/why?on=2026-11-25", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="why")
    assert "<html" not in part
    assert "11-25" in part
    assert "不出账" in part


def test_amending_shows_what_would_be_billed_again_and_writes_nothing_yet(lease: Lease) -> None:
    client = signed_in("manager")
    typed = form_of(text(client, f"/leases/{lease.id}/amend")) | {"price": "2400", "effective_from": "2026-12-01"}
    before = Charge.objects.count()
    page = client.post(f"/leases/{lease.id}/amend", typed).content.decode()
    assert "确认变更" in page
    assert "¥2,400.00（至 2027-03-16）" in page
    assert "账单差额" in page
    assert "押金 03-17" not in page, "the deposit stays what it was"
    assert (Charge.objects.count(), LeaseVersion.objects.filter(lease=lease).count()) == (before, 1)

    answer = client.post(f"/leases/{lease.id}/amend", typed | {"confirm": "1"})
    assert answer.status_code == 302
    assert Charge.objects.count() > before
    page = text(client, f"/leases/{lease.id}")
    assert "已出账期重算" in page
    assert "变更租金" in page
    assert "第 2 版" in text(client, f"/leases/{lease.id}/versions")


def test_the_second_editor_is_told_what_changed_and_loses_nothing(lease: Lease) -> None:
    client = signed_in("manager")
    typed = form_of(text(client, f"/leases/{lease.id}/amend")) | {"price": "2500", "reason": "续租一年"}
    kept = LeaseTerms.model_validate(LeaseVersion.objects.get(lease=lease).terms)
    cheaper = kept.model_copy(update={"price": Decimal(2300)})
    amend_lease(
        SYSTEM,
        change=Amendment(lease.id, lease.rev, date(2026, 12, 17), LeaseTerms.model_validate(cheaper.model_dump())),
    )
    answer = client.post(f"/leases/{lease.id}/amend", typed | {"confirm": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "刚刚被别人改过：租金" in page
    assert "别人改成了 2300" in page
    assert 'value="2500"' in page
    assert 'value="续租一年"' in page
    again = client.post(f"/leases/{lease.id}/amend", form_of(page) | {"price": "2500", "confirm": "1"})
    assert again.status_code == 302


def test_an_unreadable_field_says_what_to_do(lease: Lease) -> None:
    client = signed_in("manager")
    typed = form_of(text(client, f"/leases/{lease.id}/amend"))
    answer = client.post(
        f"/leases/{lease.id}/amend", typed | {"price": "很多", "last_day": "", "due_offset_days": "99"}
    )
    assert answer.status_code == 422
    for words in ("请填写金额", "请选择合同的最后一天", "请填写 -15 到 15 之间的整数"):
        assert words in answer.content.decode()


def test_ending_shows_the_consequence_then_ends(lease: Lease) -> None:
    client = signed_in("service")
    page = text(client, f"/leases/{lease.id}/end")
    assert "确认结束" in page
    assert "已结束" in page
    lease.refresh_from_db()
    assert lease.status == Lease.Status.ACTIVE
    done = client.post(
        f"/leases/{lease.id}/end", {"last_day": "2026-11-22", "rev": lease.rev, "reason": "early_exit", "confirm": "1"}
    )
    assert done.status_code == 302
    lease.refresh_from_db()
    assert (lease.status, lease.actual_end_on) == (Lease.Status.ENDED, date(2026, 11, 23))


def test_a_draft_is_reviewed_and_brought_into_force(company: int) -> None:
    clock.move_to(TODAY)
    client = signed_in("manager")
    room = unit("3-1-1209")
    draft = draft_lease(
        SYSTEM,
        new=new(room, tenant("李雷", "13900001111"), terms(start_on=date(2026, 12, 1), end_on=date(2027, 12, 1))),
    )
    page = text(client, f"/leases/{draft.id}")
    assert "3-1-1209" in page
    assert "¥2,280.00 / 月" in page
    assert "确认生效" in text(client, f"/leases/{draft.id}/activate")
    assert client.post(f"/leases/{draft.id}/activate", {"confirm": "1"}).status_code == 302
    draft.refresh_from_db()
    assert draft.status == Lease.Status.AWAITING


def test_drafting_asks_which_of_several_tenants(company: int) -> None:
    clock.move_to(TODAY)
    client = signed_in("service")
    unit("3-1-1210")
    first, second = tenant("王芳", "13800001111"), tenant("王芳", "13800002222")
    typed = {"tenant": "王芳", "room": "3-1-1210", "start_on": "2026-12-01", "last_day": "2027-11-30", "price": "2000",
             "cycle_months": "1", "deposit_months": "1", "due_offset_days": "0"}  # fmt: skip
    page = client.post("/leases/new", typed)
    assert page.status_code == 422
    assert "有几个结果，请选择" in page.content.decode()
    assert "138****2222" in page.content.decode()
    assert client.post("/leases/new", typed | {"payer_id": str(second)}).status_code == 302
    assert Lease.objects.get(status="draft").payer_id == second != first


def test_an_expired_lease_can_be_held_over(company: int) -> None:
    clock.move_to(TODAY)
    lease = let(
        unit("3-1-1211"), tenant("韩梅", "13800003333"), terms(start_on=date(2025, 11, 17), end_on=date(2026, 11, 17))
    )
    client = signed_in("manager")
    page = text(client, f"/leases/{lease.id}")
    assert "到期未退" in page
    assert client.post(f"/leases/{lease.id}/hold-over").status_code == 302
    lease.refresh_from_db()
    assert lease.holds_until > TODAY.date()


@pytest.mark.req("T-04")
@pytest.mark.parametrize("role", ["maintenance", "risk"])
def test_maintenance_and_risk_find_no_money(lease: Lease, role: str) -> None:
    client = signed_in(role)
    for path in ("/leases", f"/leases/{lease.id}"):
        page = text(client, path)
        for words in ("¥", "2,280", "押金", "欠款", "13800001234", "变更条款", "结束合同"):
            assert words not in page, (path, words)
    for tab in ("bills", "why", "why-reminded"):
        assert refusal(client, f"/leases/{lease.id}/{tab}") == 404
    for step in ("amend", "end", "cancel", "activate"):
        assert refusal(client, f"/leases/{lease.id}/{step}") == 403
    assert refusal(client, "/leases.xlsx") == 422


def test_another_company_and_another_project_are_not_found(lease: Lease) -> None:
    paths = [
        f"/leases/{lease.id}{tail}" for tail in ("", "/bills", "/versions", "/amend", "/end", "/why?on=2026-12-01")
    ]
    elsewhere = signed_in("manager", all_projects=False, scope_ids=[lease.scope_id + 1000])
    for path in paths:
        assert refusal(elsewhere, path) == 404, path
    assert lease.number not in text(elsewhere, "/leases")


@pytest.mark.parametrize("tail", ["", "/bills", "/versions", "/amend", "/end", "/activate", "/why?on=2026-12-01"])
def test_another_company_finds_nothing(org: int, other_org: int, tail: str) -> None:
    with org_scope(org):
        own = let(unit("3-1-1208"), tenant(), terms(start_on=date(2026, 3, 17), end_on=date(2027, 3, 17)))
    with org_scope(other_org):
        stranger = signed_in("manager")
    assert stranger.get(f"/leases/{own.id}{tail}").status_code == 404
