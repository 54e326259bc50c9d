"""Whom simulations name: bills and leases, with tenant and handle as the reader may see them; cases by number."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse

from anju.domain.billing.queries.rows import WHO_COLUMNS, WHO_JOINS
from anju.foundation.access import in_scopes, scope_params, view
from anju.foundation.db import fetch
from anju.foundation.flows.queries import reachable
from anju.surface.console.policies.subjects import Subject, subjects

BILLS = f"""
SELECT b.id, {WHO_COLUMNS} FROM bill b JOIN lease l ON l.id = b.lease_id {WHO_JOINS}
WHERE b.id = ANY(%(ids)s) AND {in_scopes("b.scope_id")}
"""
LEASES = f"""
SELECT l.id, {WHO_COLUMNS} FROM lease l {WHO_JOINS} WHERE l.id = ANY(%(ids)s) AND {in_scopes("l.scope_id")}
"""


@subjects("bill")
def of_bills(request: Any, ids: list[int]) -> dict[int, Subject]:
    """The tenants of bills."""
    return _named(request, BILLS, ids, "billing:bill")


@subjects("lease")
def of_leases(request: Any, ids: list[int]) -> dict[int, Subject]:
    """The tenants of leases."""
    return _named(request, LEASES, ids, "console:lease")


@subjects("flow_case")
def of_cases(request: Any, ids: list[int]) -> dict[int, Subject]:
    """Cases within reach: what about, which number."""
    rows = reachable(request.actor).filter(id__in=ids).only("id", "title", "number")
    return {c.id: Subject(c.title, c.number, _href("flows:case", c.id)) for c in rows}


def _named(request: Any, sql: str, ids: list[int], page: str) -> dict[int, Subject]:
    rows = fetch(sql, {"ids": ids, **scope_params(request.actor)})
    found = {}
    for row in view(request.actor, "bill", rows):
        handle = " · ".join(filter(None, (row["lease"], row.get("phone_tail"))))
        found[row["id"]] = Subject(row.get("name", ""), handle, _href(page, row["id"]))
    return found


def _href(page: str, id: int) -> str:
    try:
        return reverse(page, args=[id])
    except NoReverseMatch:  # that page is not part of this installation
        return ""
