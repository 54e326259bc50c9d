"""A company for measuring, written by a few statements: so many leases of one kind, their places and people.

Unlike the loader of demo data it makes no names to search and no phones: only what the engines read.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.db import connection

from anju.foundation.db import SqlFile, clock, org_scope, run_sql
from anju.foundation.db.migrate import as_owner
from anju.foundation.db.statistics import refresh_statistics, unhurried_commits
from anju.foundation.identity.models import Organization
from anju.foundation.staffing.actions import create_organization

BEGINS = date(2026, 1, 1)
ENDS = date(2029, 1, 1)
PART = 100_000  # leases in a transaction
PLACES, LEASES = SqlFile(__file__, "sql/places.sql"), SqlFile(__file__, "sql/leases.sql")
VERSIONS = SqlFile(__file__, "sql/current_versions.sql")


def company(leases: int, *, bill_day: int = 1, fresh: bool = True) -> int:
    """An organization with so many active leases, all due on one day of the month; returns its id.

    Args:
        leases: how many, let since 1 January 2026 for three years, paid monthly; every third has a property fee.
        bill_day: the day of the month they fall due.
        fresh: make one although there is one of that size.
    """
    name = f"性能测试 {leases} 份合同"
    known = None if fresh else Organization.objects.filter(name=name, drill=True).order_by("-id").first()
    if known is not None:
        return known.id
    org = create_organization(
        name=name,
        short_name="性能测试",
        drill=True,
        starts=datetime.combine(date(2025, 12, 1), time(1), clock.SHANGHAI),
    ).id
    with unhurried_commits():
        for first in range(0, leases, PART):
            params = {
                "first": first,
                "count": min(PART, leases - first),
                "begins": BEGINS,
                "ends": ENDS,
                "day": bill_day,
            }
            with org_scope(org):
                run_sql(PLACES, params)
                run_sql(LEASES, params)
                run_sql(VERSIONS)
    refresh_statistics()
    return org


def without(org: int, table: str, where: str, **params: Any) -> None:
    """Delete rows as the tables' owner and clean up, so that the next round finds the table as the last one did.

    Args:
        org: whose.
        table: which of our tables.
        where: a condition, with the params.
    """
    with as_owner(), connection.cursor() as cursor:
        # Filled since it was emptied, the table still passes for empty: keys would be checked by whatever index.
        cursor.execute(f"ANALYZE {table}")
        cursor.execute("BEGIN")
        cursor.execute("SELECT set_config('anju.org', %s, true)", [str(org)])
        cursor.execute(f"DELETE FROM {table} WHERE {where}", params)
        cursor.execute("COMMIT")
        cursor.execute(f"VACUUM ANALYZE {table}")


def cleaned_up(*tables: str) -> None:
    """Clean up after tables were filled in one go, as the server would within minutes: not while we measure."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {', '.join(tables)}")
