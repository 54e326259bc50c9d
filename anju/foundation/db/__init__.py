"""PostgreSQL: the embedded server, organization scope, row-level security, clock of an organization."""

from anju.foundation.db.scope import org_scope, scope_is_open, scoped_org
from anju.foundation.db.sql import SqlFile, fetch, fetch_one, fetch_prepared, fetch_value, run_sql, so_many

__all__ = [
    "SqlFile",
    "fetch",
    "fetch_one",
    "fetch_prepared",
    "fetch_value",
    "org_scope",
    "run_sql",
    "scope_is_open",
    "scoped_org",
    "so_many",
]
