"""A manager brings last year's rent roll, at the desk and on a phone."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from anju.foundation.db import clock, org_scope
from anju.foundation.staffing.actions import add_staff, create_organization
from anju.kit import Actor
from anju.surface.imports import jobs
from anju.surface.imports.models import ImportFile
from anju.surface.imports.sample import write_messy
from tests.browser.conftest import audit

PASSWORD = "correct horse 7"
SHOTS = os.environ.get("ANJU_SHOTS")


def shot(page: Any, name: str) -> None:
    """Keep a picture when somebody asked for one."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"imports-{name}.png"), full_page=True)


@pytest.fixture
def operator(site: str) -> int:
    """An operator with one manager."""
    org = create_organization(name="安居示范公寓", drill=True, starts=datetime(2026, 11, 1, tzinfo=clock.SHANGHAI)).id
    with org_scope(org):
        clock.move_to(datetime(2026, 11, 22, 9, tzinfo=clock.SHANGHAI))
        add_staff(Actor.system(), login="manager@example.com", name="林晓", roles=("manager",), password=PASSWORD)
    return org


def bring_in(page: Any, site: str, operator: int, roll: Path, width: str) -> None:
    page.goto(f"{site}/sign-in")
    page.fill("[name=login]", "manager@example.com")
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_load_state()
    page.said.clear()  # the workbench is another test's business
    page.goto(f"{site}/imports/")
    audit(page)
    shot(page, f"list-{width}")
    page.set_input_files("[name=file]", str(roll))
    page.get_by_role("button", name="上传并识别").click()
    page.wait_for_url("**/imports/*")
    audit(page)
    shot(page, f"columns-{width}")
    page.fill("[name=default-city]", "杭州")
    page.get_by_role("button", name="读取并预览").click()
    page.wait_for_selector(".a-progress")
    audit(page)
    shot(page, f"running-{width}")
    with org_scope(operator):
        file_id = ImportFile.objects.get(state="reading").id
    jobs.read_import(org=operator, file_id=file_id)
    page.wait_for_selector("#im-rows")
    audit(page)
    shot(page, f"preview-{width}")
    page.get_by_role("button", name="导入 24 行").click()
    page.wait_for_selector(".a-progress")
    jobs.apply_import(org=operator, file_id=file_id)
    page.wait_for_selector("#im-rows")
    audit(page)
    shot(page, f"result-{width}")
    assert "24 行已写入" in page.inner_text("#main")


@pytest.mark.browser
@pytest.mark.req("P-03")
def test_a_rent_roll_at_the_desk(operator: int, site: str, desk: Any, tmp_path: Path) -> None:
    write_messy(tmp_path / "租户台账.xlsx", seed=7, leases=24)
    bring_in(desk, site, operator, tmp_path / "租户台账.xlsx", "1440")


@pytest.mark.browser
def test_a_rent_roll_on_a_phone(operator: int, site: str, phone: Any, tmp_path: Path) -> None:
    write_messy(tmp_path / "租户台账.xlsx", seed=7, leases=24)
    bring_in(phone, site, operator, tmp_path / "租户台账.xlsx", "390")
