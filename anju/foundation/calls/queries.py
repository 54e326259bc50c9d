"""Reading calls: of a case, of a tenant; a number that lasts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from anju.foundation.calls.models import CallBinding
from anju.foundation.db import clock, fetch, planned
from anju.kit import Actor

CALLS = """
SELECT r.id, r.started_at AS at, r.seconds, r.result, r.by_staff, b.case_id, b.person_id, b.staff_id,
       coalesce(s.name, '') AS staff, coalesce(s.roles, '{}') AS roles
FROM call_record r JOIN call_binding b ON b.id = r.binding_id LEFT JOIN staff s ON s.id = b.staff_id
WHERE ({by}) ORDER BY r.started_at DESC, r.id DESC LIMIT %(limit)s::int
"""


def calls_of_case(case_id: int, *, limit: int) -> list[dict[str, Any]]:
    """The calls about a case, newest first."""
    return fetch(CALLS.replace("{by}", "b.case_id = %(id)s"), {"id": case_id, "limit": limit})


def calls_of_person(person_id: int, *, limit: int) -> list[dict[str, Any]]:
    """The calls with a tenant, newest first."""
    return fetch(planned(CALLS.replace("{by}", "b.person_id = %(id)s::bigint")), {"id": person_id, "limit": limit})


def lasting(by: Actor, case_id: int) -> CallBinding | None:
    """The number that connects this colleague or tenant about a case now."""
    own = {"person_id" if by.kind == "tenant" else "staff_id": by.id}
    rows = CallBinding.objects.filter(case_id=case_id, ended_at__isnull=True, expires_at__gt=clock.wall(), **own)
    return rows.order_by("-expires_at").first()


def lent_now() -> int:
    """How many numbers are lent at this moment."""
    return CallBinding.objects.filter(ended_at__isnull=True, expires_at__gt=clock.wall()).count()


def minutes_left(until: datetime) -> int:
    """Whole minutes a number still lasts."""
    return max(0, int((until - clock.wall()).total_seconds() // 60))
