"""Statements that are asked all day are planned once on a connection, and read once by a page that only looks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from anju.domain.portfolio.models import Region
from anju.foundation.db import fetch, fetch_value, org_scope, planned, planned_for_all, so_many
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


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 5, 8, 9])
def test_a_set_of_so_many_is_whole_and_has_few_texts(in_org: int, n: int) -> None:
    those = so_many("unnest(%(ids)s::bigint[]) AS u(id)", n)
    assert [r["id"] for r in fetch(planned(f"SELECT id FROM {those} u ORDER BY id"), {"ids": [*range(n)]})] == [
        *range(n)
    ]
    assert len({so_many("x", most) for most in range(1, 17)}) == 5


MOMENT = (
    "SELECT timestamptz '2026-11-30 08:00:00.5+08' AS at, NULL::timestamptz AS never, 'infinity'::date > %(d)s::date"
)


def test_moments_are_utc_however_they_are_read(in_org: int) -> None:
    at = datetime(2026, 11, 30, 0, 0, 0, 500_000, UTC)
    for sql in (MOMENT, planned(MOMENT), planned(MOMENT)):
        row = fetch(sql, {"d": at.date()})[0]
        assert (row["at"], row["at"].tzinfo, row["never"]) == (at, UTC, None)
    Region.objects.create(name="华东")
    assert [r.name for r in Region.objects.iterator(chunk_size=1)] == ["华东"]
    assert fetch_value("SELECT current_setting('TimeZone')") == "UTC"


SPREAD = "SELECT count(*) AS n FROM generate_series(1, %(most)s::int) s JOIN region r ON r.id = s"


def plans_of(text: str) -> tuple[int, int]:
    (row,) = fetch(
        "SELECT generic_plans AS all, custom_plans AS own FROM pg_prepared_statements WHERE name = %(name)s",
        {"name": planned(text).name},
    )
    return row["all"], row["own"]


def test_a_large_statement_about_one_row_is_planned_once_for_all(in_org: int) -> None:
    with planned_for_all():
        for _time in range(3):
            fetch(planned(SPREAD), {"most": 1})
        assert plans_of(SPREAD) == (3, 0)
    fetch(planned(SPREAD), {"most": 1})
    assert plans_of(SPREAD) == (3, 1)  # as the server likes again
