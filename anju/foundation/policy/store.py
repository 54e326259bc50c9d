"""Reading the policy in force."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from anju.foundation.db import clock, fetch, fetch_value
from anju.foundation.db.scope import remembered
from anju.foundation.policy.models import MARK, RELEASES, PolicyRelease, PolicyVersion
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


# All that was ever released and not called off; texts are long and come when somebody obeys one.
RELEASED = """
SELECT r.key, r.scope, r.effective_from, v.id, v.number, v.schema, v.sha256, (SELECT mark FROM policy_mark) AS mark
FROM policy_release r JOIN policy_version v ON v.id = r.version_id
WHERE NOT EXISTS (SELECT FROM policy_call_off c WHERE c.release_id = r.id)
ORDER BY r.effective_from DESC
"""
TEXT = "SELECT body FROM policy_version WHERE id = %(id)s"


@dataclass(frozen=True)
class _Version:
    """A released version: its text never changes."""

    id: int
    number: int
    schema: int
    sha256: str


@dataclass
class _Releases:
    """What is in force when, for one mark."""

    by_scope: dict[tuple[str, str], list[tuple[datetime, _Version]]]  # the latest first
    versions: dict[int, _Version]


# A process reads the releases once, and a text is checked against its model once, not by every page that obeys it.
# A mark stands for one set of releases for ever, so what is kept under it stays right.
READ_AT_MOST = 1000
_released_before: dict[UUID, _Releases] = {}
_read_before: dict[tuple[type[PolicyModel], _Version], Pinned[Any]] = {}


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
    released = _released().by_scope
    for scope in (*scopes, ORG):
        for effective_from, version in released.get((model.policy_key, scope), ()):
            if effective_from <= moment:
                return _text(model, version)
    raise LookupError(f"policy {model.policy_key} has no release; install the standard template first")


def pinned(model: type[P], version_id: int) -> Pinned[P]:
    """The policy as one given version said it."""
    released = _released().versions.get(version_id)
    if released is not None:
        return _text(model, released)
    version = PolicyVersion.objects.get(id=version_id)  # a draft, or called off
    return read(model, {"id": version.id, "number": version.number, "schema": version.schema, "body": version.body})


def read(model: type[P], row: dict[str, Any]) -> Pinned[P]:
    """A version row (``id``, ``number``, ``schema``, ``body``; ``sha256`` of one that was released) as a policy."""
    body = json.loads(row["body"]) if isinstance(row["body"], str) else row["body"]
    digest = row.get("sha256") or body_sha256(body)
    return _checked(model, _Version(row["id"], row["number"], row["schema"], digest), body)


def _released() -> _Releases:
    """What was released, as the scope's transaction saw it when it first asked."""
    kept = remembered()
    if RELEASES not in kept:
        mark = clock.along(MARK)
        known = _released_before.get(mark) if mark else None
        kept[RELEASES] = known or _read_releases()
    found: _Releases = kept[RELEASES]
    return found


def _read_releases() -> _Releases:
    found, mark = _Releases({}, {}), None
    for row in fetch(RELEASED):
        version = _Version(row["id"], row["number"], row["schema"], row["sha256"])
        found.by_scope.setdefault((row["key"], row["scope"]), []).append((row["effective_from"], version))
        found.versions[version.id], mark = version, row["mark"]
    if mark is not None:  # read by the same statement as the releases
        if len(_released_before) >= READ_AT_MOST:
            _released_before.clear()
        _released_before[mark] = found
    return found


def _text(model: type[P], version: _Version) -> Pinned[P]:
    known = _read_before.get((model, version))
    if known is None:
        body = fetch_value(TEXT, {"id": version.id})
        known = _checked(model, version, json.loads(body) if isinstance(body, str) else body)
    return cast("Pinned[P]", known)


def _checked(model: type[P], version: _Version, body: Any) -> Pinned[P]:
    known = _read_before.get((model, version))
    if known is None:
        value = declared(model.policy_key).load(body, version.schema)
        known = Pinned(cast(P, value), version.id, version.number)
        if len(_read_before) >= READ_AT_MOST:
            _read_before.clear()
        _read_before[model, version] = known
    return cast("Pinned[P]", known)


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
