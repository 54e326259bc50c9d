"""Public listings go in as projects, units, rents and positions; what has no position stays and is marked."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from anju.domain.portfolio.models import Project, Unit
from anju.surface.imports import staging
from anju.surface.imports.models import ImportFile, ImportRow
from tests.imports.conftest import inside

HEAD = "城市,区域,板块,小区,户型,户型详情,租金,面积,朝向,标题,经度,纬度,坐标精度\n"
ROWS = [
    "杭州,富阳区,富春,复城国际,一居,1室1厅1卫,2300.0,31.08,南,整租·复城国际 1室1厅 南,,,失败",
    "杭州,富阳区,富春,复城国际,一居,1室1厅1卫,2096.0,31.08,南,整租·复城国际 1室1厅 南,119.931183,30.04989,小区(模糊)",
    "杭州,临安区,临安,如意云庭,三居,3室2厅2卫,1500.0,30.0,北,合租·如意云庭 3居室 北卧,119.732739,30.235778,小区",
    "杭州,上城区,鼓楼,直箭道巷,两居,2室1厅1卫,3000.0,46.0,南,整租·直箭道巷 2室1厅 南,,,失败",
    "杭州,上城区,鼓楼,直箭道巷,两居,2室1厅1卫,3000.0,46.0,南,整租·直箭道巷 2室1厅 南,,,失败",
    "杭州,西湖区,黄龙,金祝新村,两居,2室1厅1卫,面议,55.59,南 北,整租·金祝新村 2室1厅 南/北,,,失败",
]
DATA = (HEAD + "\n".join(ROWS)).encode()
BringIn = Callable[..., ImportFile]


@pytest.mark.req("P-03")
def test_listings_become_projects_units_rents_and_positions(company: int, bring_in: BringIn) -> None:
    file = bring_in(DATA, "listings")
    with inside(company):
        assert file.state == "applied"
        assert staging.tally(file.id) == {"rows": 6, "done": 6, "new": 4, "duplicate": 1, "bad": 1}
        rents = Unit.objects.order_by("guide_rent").values_list("guide_rent", flat=True)
        assert list(rents) == [Decimal(1500), Decimal(2096), Decimal(2300), Decimal(3000)]
        assert Unit.objects.get(guide_rent=1500).kind == "room"
        placed = Project.objects.get(name="复城国际")
        assert (placed.lon, placed.lat, placed.position_precision) == (
            Decimal("119.931183"), Decimal("30.049890"), "小区(模糊)",
        )  # fmt: skip
        assert Project.objects.get(name="直箭道巷").lon is None
        marked = ImportRow.objects.filter(file=file, notes__contains=["no_position"]).exclude(fate="bad")
        assert sorted(r.n for r in marked) == [2, 5, 6]


@pytest.mark.req("P-03")
def test_the_same_listings_again_add_nothing_and_a_new_rent_is_a_change(company: int, bring_in: BringIn) -> None:
    bring_in(DATA, "listings")
    again = bring_in(DATA, "listings")
    with inside(company):
        assert staging.tally(again.id)["same"] == 4
        assert Unit.objects.count() == 4
    changed = DATA.replace(b"3000.0", b"3200.0")
    third = bring_in(changed, "listings")
    with inside(company):
        assert staging.tally(third.id)["changes"] == 1
        assert Unit.objects.count() == 4
        assert Unit.objects.filter(guide_rent=3200).count() == 1
