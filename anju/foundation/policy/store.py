"""Reading the policy in force."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Generic, TypeVar, cast

from anju.foundation.db import clock, fetch_prepared
from anju.foundation.db.scope import remembered
from anju.foundation.policy.models import RELEASES, PolicyRelease, PolicyVersion
from anju.foundation.policy.registry import PolicyModel, all_declared, declared
from anju.kit.canonical import sha256

P = TypeVar("P", bound=PolicyModel)
ORG = "org"


@dataclass(frozen=True)
class Pinned(Generic[P]):
    """A policy's value together with the version it was read from."""

    value: P
    version_id: int
    number: int


def body_sha256(body: dict[str, Any]) -> str:
    """The identity of a policy text."""
    return sha256(body)


def end_of(day: date) -> datetime:
    """The last moment of a business day in Asia/Shanghai: a rule for a day obeys what was released by its end."""
    return datetime.combine(day + timedelta(days=1), time(), clock.SHANGHAI) - timedelta(microseconds=1)


LOOKUP = """
SELECT v.id, v.number, v.schema, v.body FROM policy_release r JOIN policy_version v ON v.id = r.version_id
WHERE r.key = %(key)s::text AND r.scope = ANY(%(scopes)s::text[]) AND r.effective_from <= %(as_of)s::timestamptz
  AND NOT EXISTS (SELECT FROM policy_call_off c WHERE c.release_id = r.id)
ORDER BY array_position(%(scopes)s::text[], r.scope::text), r.effective_from DESC LIMIT 1
"""


# A text is checked against its model once in a process, not by every page that obeys it.
READ_AT_MOST = 1000
_read_before: dict[tuple[type[PolicyModel], int, str], Pinned[Any]] = {}


def in_force(model: type[P], as_of: date | datetime | None = None, scopes: Sequence[str] = ()) -> Pinned[P]:
    """The policy in force.

    Args:
        model: the policy's class.
        as_of: a moment, or a day (then: by that day's end); now if left out.
        scopes: narrowest first, e.g. ``("project:12",)``; the organization's own release is always the last resort.

    Raises:
        LookupError: the organization was never given the standard template.
    """
    moment = clock.now() if as_of is None else as_of
    if not isinstance(moment, datetime):
        moment = end_of(moment)
    known: dict[Any, Pinned[P]] = remembered().setdefault(RELEASES, {})
    # A page asks for the same policy now, and now again; within a minute of business time that is one question.
    asked = model, tuple(scopes), moment.replace(second=0, microsecond=0) if as_of is None else moment
    if asked not in known:
        rows = fetch_prepared(LOOKUP, {"key": model.policy_key, "scopes": [*scopes, ORG], "as_of": moment})
        if not rows:
            raise LookupError(f"policy {model.policy_key} has no release; install the standard template first")
        known[asked] = read(model, rows[0])
    return known[asked]


def read(model: type[P], row: dict[str, Any]) -> Pinned[P]:
    """A version row as a pinned policy."""
    text = row["body"] if isinstance(row["body"], str) else json.dumps(row["body"])
    known = _read_before.get((model, row["id"], text))
    if known is None:
        value = declared(model.policy_key).load(json.loads(text), row["schema"])
        known = Pinned(cast(P, value), row["id"], row["number"])
        if len(_read_before) >= READ_AT_MOST:
            _read_before.clear()
        _read_before[model, row["id"], text] = known
    return cast("Pinned[P]", known)


def pinned(model: type[P], version_id: int) -> Pinned[P]:
    """The policy as one given version said it."""
    version = PolicyVersion.objects.get(id=version_id)
    return read(model, {"id": version.id, "number": version.number, "schema": version.schema, "body": version.body})


def missing() -> list[str]:
    """Keys of declared policies that the organization in scope has no release of: new in this version of Anju."""
    have = set(PolicyRelease.objects.values_list("key", flat=True))
    return [d.key for d in all_declared() if d.key not in have]


def install_template(effective_from: datetime, overrides: dict[str, dict[str, Any]] | None = None) -> None:
    """Release version 1 of every declared policy that has none: the standard template.

    Args:
        effective_from: from when it is in force.
        overrides: whole bodies by key, for templates by size of operator.
    """
    wall = clock.wall()
    lacking = set(missing())
    for d in all_declared():
        if d.key not in lacking:
            continue
        value = d.model.model_validate((overrides or {}).get(d.key, {}))
        body = value.model_dump(mode="json")
        version = PolicyVersion.objects.create(
            key=d.key,
            number=1,
            schema=d.schema,
            body=body,
            sha256=body_sha256(body),
            state=PolicyVersion.State.RELEASED,
            author="system",
            created_at=wall,
            updated_at=wall,
        )
        PolicyRelease.objects.create(
            key=d.key,
            effective_from=effective_from,
            version=version,
            kind=PolicyRelease.Kind.TEMPLATE,
            reviewer="system",
            reason="标准模板",
            created_at=wall,
        )
