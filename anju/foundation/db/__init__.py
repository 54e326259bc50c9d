"""PostgreSQL: the embedded server, organization scope, row-level security, clock of an organization."""

from anju.foundation.db.scope import org_scope, scope_is_open, scoped_org
from anju.foundation.db.sql import (
    Planned,
    SqlFile,
    fetch,
    fetch_all,
    fetch_one,
    fetch_value,
    planned,
    planned_for_all,
    run_sql,
    so_many,
)

__all__ = [
    "Planned",
    "SqlFile",
    "fetch",
    "fetch_all",
    "fetch_one",
    "fetch_value",
    "org_scope",
    "planned",
    "planned_for_all",
    "run_sql",
    "scope_is_open",
    "scoped_org",
    "so_many",
]
