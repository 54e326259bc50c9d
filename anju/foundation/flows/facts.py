"""Facts of cases that conditions compare, and conditions as SQL: one text for a case, for a list, for a simulation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from anju.foundation.db import fetch_value
from anju.foundation.flows.definition import AnyOf, Comparison, Guard

FactKind = Literal["text", "number", "yes"]
OWN_FIELD = "field:"
OPERATORS = {"eq": "=", "ne": "IS DISTINCT FROM", "ge": ">=", "le": "<="}


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: an SQL expression over ``flow_case c`` and its own join. ``subject`` empty: of every case."""

    key: str
    zh: str
    en: str
    kind: FactKind
    sql: str
    join: str
    subject: str


_facts: dict[str, Fact] = {}


def fact(key: str, zh: str, en: str, *, sql: str, kind: FactKind = "text", join: str = "", subject: str = "") -> None:
    """Declare a fact.

    Args:
        key: ``slice.fact``.
        zh: what it is called in a condition.
        en: the same in English.
        sql: the expression; the case is ``c``.
        kind: how it is compared.
        join: a LEFT JOIN that the expression needs; the same text is joined once.
        subject: the kind of subject whose cases have it.
    """
    if key in _facts:
        raise ValueError(f"fact {key} is declared twice")
    _facts[key] = Fact(key, zh, en, kind, sql, join, subject)


def all_facts() -> list[Fact]:
    """Every declared fact, by key."""
    return [_facts[k] for k in sorted(_facts)]


fact("case.class", "级别", "Class", sql="c.priority", kind="number")
fact("case.assignee", "办理人", "Who works on it", sql="c.assignee::text")
fact("case.photos", "照片数", "Photos", sql="c.photos", kind="number")
fact("case.paused", "计时已暂停", "Paused", sql="(c.paused_at IS NOT NULL)", kind="yes")


@dataclass(frozen=True)
class Compiled:
    """A condition over ``flow_case c {joins}``."""

    sql: str
    joins: str
    params: dict[str, Any]


def compiled(guard: Guard) -> Compiled:
    """A guard as SQL. An unknown fact never holds: a definition of a later version must not open a door.

    Args:
        guard: the condition; without parts it always holds.
    """
    joins: dict[str, None] = {}
    params: dict[str, Any] = {}
    groups = [_any(group, joins, params) for group in guard.all]
    return Compiled(" AND ".join(groups) or "true", " ".join(joins), params)


def holds(guard: Guard, case_id: int) -> bool:
    """Whether a guard holds for one case."""
    if not guard.all:
        return True
    c = compiled(guard)
    return bool(
        fetch_value(f"SELECT {c.sql} FROM flow_case c {c.joins} WHERE c.id = %(case)s", {**c.params, "case": case_id})
    )


def _any(group: AnyOf, joins: dict[str, None], params: dict[str, Any]) -> str:
    either = " OR ".join(_one(test, joins, params) for test in group.any)
    return f"NOT ({either})" if group.none else f"({either})"


def _one(test: Comparison, joins: dict[str, None], params: dict[str, Any]) -> str:
    found = _expression(test.fact, params)
    if found is None:
        return "false"
    sql, kind, join = found
    if join:
        joins[join] = None
    if test.op == "set":
        return f"coalesce(({sql})::text, '') <> ''"
    if test.op == "unset":
        return f"coalesce(({sql})::text, '') = ''"
    name = f"v{len(params)}"
    params[name] = test.value
    if test.op == "has":
        return f"coalesce(position(%({name})s in ({sql})::text) > 0, false)"
    left = {"number": f"({sql})::numeric", "yes": f"({sql})::boolean::text"}.get(kind, f"({sql})::text")
    right = f"as_number(%({name})s)" if kind == "number" else f"%({name})s"
    return f"coalesce({left} {OPERATORS[test.op]} {right}, false)"


def _expression(key: str, params: dict[str, Any]) -> tuple[str, FactKind, str] | None:
    if key.startswith(OWN_FIELD):
        name = f"f{len(params)}"
        params[name] = key.removeprefix(OWN_FIELD)
        return f"c.facts ->> %({name})s", "text", ""
    known = _facts.get(key)
    return None if known is None else (known.sql, known.kind, known.join)
