"""Reading people, always through what the viewer may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from anju.domain.tenants.models import ContactPoint
from anju.domain.tenants.narrowing import condition
from anju.foundation.access import in_scopes, scope_params, view
from anju.foundation.crypto import blind_index, tail_index
from anju.foundation.db import clock, fetch, fetch_all, fetch_value, planned
from anju.foundation.db.once import once
from anju.foundation.ui.kept import counted
from anju.kit import Actor
from anju.kit.china import mobile
from anju.kit.refusal import NOT_FOUND

PAGE = 20
After = tuple[str, int]

PEOPLE = """
SELECT p.id, p.kind, p.name, p.sort_key, p.segment, p.phone_mask, p.phone_tail, p.scope_id, pr.name AS project,
       p.created_at
FROM person p LEFT JOIN project pr ON pr.id = p.scope_id
WHERE {conditions}
ORDER BY {order} LIMIT %(limit)s
"""
COUNT = "SELECT count(*) FROM (SELECT FROM person p WHERE {conditions} LIMIT %(limit)s) counted"
MOST_COUNTED = 10_000


@dataclass(frozen=True)
class Page:
    """Rows with the key of the next page, None on the last one."""

    rows: list[dict[str, Any]]
    after: tuple[Any, ...] | None


@dataclass(frozen=True)
class PeopleFilter:
    """What tenants are asked for; what is left out does not count.

    ``project_id``: whose latest lease is there. ``kind``: ``person`` or ``company``. ``name``: a beginning, in
    characters or pinyin. ``phone``: a whole mobile number, or its last four digits. ``view``: a standing view
    (:mod:`anju.domain.tenants.narrowing`). ``ids`` for batches.
    """

    project_id: int | None = None
    kind: str = ""
    segment: str = ""
    name: str = ""
    phone: str = ""
    view: str = ""
    ids: Sequence[int] = ()

    def conditions(self) -> list[str]:
        """SQL conditions on ``p``."""
        wanted = {
            in_scopes("p.scope_id"): True,
            "p.scope_id = %(project)s": self.project_id is not None,
            "p.kind = %(kind)s": bool(self.kind),
            "p.segment = %(segment)s": bool(self.segment),
            "(p.sort_key ^@ lower(%(name)s) OR p.name ^@ %(name)s)": bool(self.name),
            "p.id IN (SELECT person_id FROM contact_point WHERE blind = %(blind)s OR tail_blind = %(tail)s)": bool(
                self.phone
            ),
            condition(self.view): bool(self.view),
            "p.id = ANY(%(ids)s)": bool(self.ids),
        }
        return [text for text, applies in wanted.items() if applies]

    def params(self, viewer: Actor) -> dict[str, Any]:
        """The parameters of the conditions."""
        own: dict[str, Any] = {
            "project": self.project_id,
            "kind": self.kind,
            "segment": self.segment,
            "name": self.name,
        }
        own |= {"ids": list(self.ids), "as_of": clock.today()} if self.view or self.ids else {}
        return {**own, **_phone(self.phone), **scope_params(viewer)}


def people(
    viewer: Actor,
    asked: PeopleFilter | None = None,
    *,
    after: After | None = None,
    before: After | None = None,
    limit: int = PAGE,
    **narrowed: Any,
) -> Page:
    """Tenants the viewer reaches, by name in pinyin.

    Args:
        viewer: who looks; decides rows and fields.
        asked: the filter; or its fields by name.
        after: ``(sort_key, id)`` of the last row of the page before.
        before: ``(sort_key, id)`` of the first row of the page after, to go back.
        limit: rows in a page.
        narrowed: fields of :class:`PeopleFilter`.
    """
    asked = asked or PeopleFilter(**narrowed)
    back, (key, last) = before is not None, before or after or ("", 0)
    conditions = asked.conditions()
    if before or after:
        conditions.append(f"(p.sort_key, p.id) {'<' if back else '>'} (%(key)s, %(last)s)")
    order = "p.sort_key DESC, p.id DESC" if back else "p.sort_key, p.id"
    params = {**asked.params(viewer), "key": key, "last": last, "limit": limit + 1}
    rows = fetch(PEOPLE.format(conditions=" AND ".join(conditions), order=order), params)
    more = back or len(rows) > limit
    rows = rows[:limit][::-1] if back else rows[:limit]
    return Page(view(viewer, "person", rows), (rows[-1]["sort_key"], rows[-1]["id"]) if more and rows else None)


def people_count(viewer: Actor, asked: PeopleFilter) -> int:
    """How many tenants fit; 10,001 for more than 10,000."""
    sql = COUNT.format(conditions=" AND ".join(asked.conditions()))
    params = {**asked.params(viewer), "limit": MOST_COUNTED + 1}
    return counted(("tenants", str(params)), lambda: int(fetch_value(sql, params)), most=MOST_COUNTED)


def _phone(text: str) -> dict[str, bytes | None]:
    """Blind indexes of a whole number or of its last four digits."""
    whole = mobile(text) if text else None
    tail = text.strip() if len(text.strip()) == 4 and text.strip().isdigit() else None
    return {
        "blind": blind_index("phone", whole) if whole else None,
        "tail": tail_index("phone", tail) if tail else None,
    }


def person(viewer: Actor, person_id: int) -> dict[str, Any]:
    """One tenant with masked contacts, document and account, as the viewer may see them.

    Raises:
        Refused: ``not_found``, also for a tenant outside the viewer's projects.
    """
    return {**once(("person", viewer, person_id), lambda: _person(viewer, person_id))}


def _person(viewer: Actor, person_id: int) -> dict[str, Any]:
    own = {"id": person_id, **scope_params(viewer)}
    found, masks = fetch_all((planned(PERSON), own), (planned(MASKS), own))
    if not found:
        raise NOT_FOUND()
    return view(viewer, "person", [found[0] | {f"{row['field']}_mask": row["mask"] for row in masks}])[0]


PERSON = f"""
SELECT p.id, p.kind, p.name, p.sort_key, p.segment, p.phone_mask, p.phone_tail, p.scope_id, p.created_at
FROM person p WHERE p.id = %(id)s::bigint AND {in_scopes("p.scope_id")}
"""
MASKS = """
SELECT DISTINCT ON (field) field, mask FROM (
    SELECT kind AS field, mask, id, preferred FROM contact_point
    WHERE person_id = %(id)s::bigint AND kind <> 'phone' AND stale_since IS NULL
    UNION ALL SELECT 'document', mask, id, true FROM identity_document WHERE person_id = %(id)s::bigint
    UNION ALL SELECT 'account', mask, id, true FROM bank_account WHERE person_id = %(id)s::bigint
) m ORDER BY field, preferred DESC, id DESC
"""


POINTS = f"""
SELECT c.id, c.kind, c.mask, c.verified_at, c.preferred, c.valid_from, c.stale_since
FROM contact_point c JOIN person p ON p.id = c.person_id
WHERE c.person_id = %(id)s::bigint AND {in_scopes("p.scope_id")} ORDER BY c.preferred DESC, c.id DESC
"""


def contact_points(viewer: Actor, person_id: int) -> list[dict[str, Any]]:
    """All contacts a person ever had, masked, newest first; old numbers keep their days."""
    return view(viewer, "contact_point", fetch(planned(POINTS), {"id": person_id, **scope_params(viewer)}))


def people_with_phone(phone: str) -> list[int]:
    """Ids of the persons reached by this usable mobile number, the latest contact first; for the sign-in by code."""
    number = mobile(phone)
    if number is None:
        return []
    usable = ContactPoint.objects.filter(
        kind=ContactPoint.Kind.PHONE, blind=blind_index("phone", number), stale_since=None
    )
    return list(dict.fromkeys(usable.order_by("-preferred", "-id").values_list("person_id", flat=True)))
