"""What a unit is today, derived by one query for any day; never stored.

Slices above add facts: a SELECT that yields ``unit_id, code, lease_id, since, until_on`` for units that are occupied,
reserved, in arrears… The worst fact wins, in the order of :data:`STATUSES`; without one the unit's own state counts.

    register_unit_facts("leases", "SELECT leaf_unit_id AS unit_id, 'occupied' AS code, … WHERE …")
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anju.foundation.db import fetch

STATUSES: dict[str, Promise] = {
    "expired": _("到期未退"),
    "arrears": _("有欠款"),
    "ending": _("即将到期"),
    "occupied": _("在住"),
    "awaiting": _("待搬入"),
    "reserved": _("预定"),
    "repair": _("维修中"),
    "preparing": _("配置中"),
    "offline": _("已下架"),
    "vacant": _("空置"),
}
LET = frozenset({"expired", "arrears", "ending", "occupied"})  # somebody lives there: counts as let
Params = Callable[[date], dict[str, Any]]


@dataclass(frozen=True)
class _Facts:
    sql: str
    params: Params


_facts: dict[str, _Facts] = {}


def register_unit_facts(name: str, sql: str, params: Params | None = None) -> None:
    """Contribute facts about units.

    Args: name: the contributing slice; registering it again replaces it. sql: a SELECT of ``unit_id bigint, code
    text, lease_id bigint, since date, until_on date`` (``code`` from :data:`STATUSES`). It may use ``%(as_of)s`` and
    must keep to ``%(units)s`` (an array, or NULL for all): ``(%(units)s::bigint[] IS NULL OR x.unit_id =
    ANY(%(units)s))``. Where ``%(history)s`` is true it may add rows ``'vacant'`` that say since when nobody has been
    there. params: its own named parameters for a day; their names begin with the slice's name.
    """
    _facts[name] = _Facts(sql, params or (lambda as_of: {}))


STATUS = """
SELECT u.id AS unit_id, u.scope_id, u.building_id,
       CASE WHEN f.code <> 'vacant' THEN f.code WHEN u.state <> 'available' THEN u.state ELSE 'vacant' END AS status,
       CASE WHEN f.code <> 'vacant' THEN f.lease_id END AS lease_id,
       CASE WHEN f.code <> 'vacant' THEN f.since ELSE greatest(f.since, u.state_since) END AS since,
       f.until_on, u.ready_on
FROM unit u
LEFT JOIN (
    SELECT DISTINCT ON (unit_id) unit_id, code, lease_id, since, until_on
    FROM ({facts}) fact
    ORDER BY unit_id, array_position(%(order)s::text[], code), since DESC, lease_id DESC
) f ON f.unit_id = u.id
WHERE u.leaf AND (%(units)s::bigint[] IS NULL OR u.id = ANY(%(units)s))
  AND (%(scopes)s::bigint[] IS NULL OR u.scope_id = ANY(%(scopes)s))
"""
NO_FACTS = (
    "SELECT NULL::bigint AS unit_id, NULL::text AS code, NULL::bigint AS lease_id, NULL::date AS since,"
    " NULL::date AS until_on WHERE false"
)


def status_sql() -> str:
    """The query behind :func:`unit_status`, for use inside larger ones with :func:`status_params`."""
    return STATUS.format(facts=" UNION ALL ".join(f.sql for f in _facts.values()) or NO_FACTS)


def status_params(
    as_of: date, *, units: Sequence[int] | None = None, scopes: Sequence[int] | None = None
) -> dict[str, Any]:
    """Parameters of :func:`status_sql`."""
    params: dict[str, Any] = {
        "as_of": as_of,
        "units": None if units is None else list(units),
        "scopes": None if scopes is None else list(scopes),
        "order": list(STATUSES),
        "history": units is not None,
    }
    for facts in _facts.values():
        params |= facts.params(as_of)
    return params


def unit_status(
    as_of: date, *, units: Sequence[int] | None = None, scopes: Sequence[int] | None = None
) -> dict[int, dict[str, Any]]:
    """The status of leaf units on a day, by unit id: ``status``, ``lease_id``, ``since``, ``until_on``, ``ready_on``.

    Args:
        as_of: the business day.
        units: only these units; give them for a page.
        scopes: only these projects.
    """
    rows = fetch(status_sql(), status_params(as_of, units=units, scopes=scopes))
    return {row["unit_id"]: row for row in rows}


FACTS_OF_ONE = """
SELECT code, lease_id, since, until_on FROM ({facts}) fact WHERE code <> 'vacant'
ORDER BY array_position(%(order)s::text[], code), since DESC, lease_id DESC
"""


def facts_of(unit_id: int, as_of: date) -> list[dict[str, Any]]:
    """Everything slices say about one unit on a day, the fact that decides first: ``code``, ``lease_id``, ``since``,
    ``until_on``. Empty where only the unit's own state counts."""
    facts = " UNION ALL ".join(f.sql for f in _facts.values()) or NO_FACTS
    return fetch(FACTS_OF_ONE.format(facts=facts), status_params(as_of, units=[unit_id]))


def status_counts(as_of: date, *, scopes: Sequence[int] | None = None) -> list[dict[str, Any]]:
    """How many leaf units are what, by project and building: ``scope_id``, ``building_id``, ``status``, ``units``."""
    sql = f"SELECT scope_id, building_id, status, count(*) AS units FROM ({status_sql()}) s GROUP BY 1, 2, 3"
    return fetch(sql, status_params(as_of, scopes=scopes))
