"""Statements that are asked all day are planned once on a connection, and read once by a page that only looks."""

from __future__ import annotations

from anju.domain.portfolio.models import Region
from anju.foundation.db import fetch, org_scope, planned
from anju.foundation.db.once import acting, looking, once

REGIONS = "SELECT name FROM region WHERE name <> %(not)s::text ORDER BY name"


def regions() -> list[str]:
    return [row["name"] for row in fetch(planned(REGIONS), {"not": ""})]


def test_a_plan_made_for_one_company_shows_nothing_of_it_to_another(org: int, other_org: int) -> None:
    with org_scope(org):
        Region.objects.create(name="华东")
        for _time in range(8):  # from the sixth on the server may take the plan that fits every value
            assert regions() == ["华东"]
        held = fetch(
            "SELECT count(*) AS n FROM pg_prepared_statements WHERE statement LIKE '%%SELECT name FROM region%%$1%%'"
        )
        assert held[0]["n"] == 1
    with org_scope(other_org):
        assert regions() == []
        Region.objects.create(name="西南")
        assert regions() == ["西南"]


def test_a_page_that_only_looks_reads_once(in_org: int) -> None:
    Region.objects.create(name="华东")
    with looking(only=True):
        assert once(("regions",), regions) == ["华东"]
        Region.objects.create(name="西南")
        assert once(("regions",), regions) == ["华东"]
        assert once(("regions", "others"), regions) == ["华东", "西南"]
    assert once(("regions",), regions) == ["华东", "西南"]


def test_an_action_makes_a_page_read_anew(in_org: int) -> None:
    with looking(only=True):
        assert once(("regions",), regions) == []
        acting()
        Region.objects.create(name="华东")
        assert once(("regions",), regions) == ["华东"]


def test_a_page_that_acts_remembers_nothing(in_org: int) -> None:
    with looking(only=False):
        assert once(("regions",), regions) == []
        Region.objects.create(name="华东")
        assert once(("regions",), regions) == ["华东"]
