"""What can be imported: each target says its fields, completes a row, foretells its fate in SQL and applies it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from anju.foundation.access import Permission
from anju.foundation.actions import Act
from anju.foundation.db import SqlFile
from anju.kit import Refused
from anju.surface.imports.mapping import Draft, Field


@dataclass(frozen=True, slots=True)
class Options:
    """What a person set for a whole file: texts for fields without a column, the year for dates without one."""

    defaults: dict[str, str] = field(default_factory=dict)
    year: int | None = None


@dataclass(frozen=True, slots=True)
class StagedRow:
    """A row about to be applied; its sensitive values are opened only here. Its repr shows none."""

    n: int
    lead: int
    key: str
    fate: str
    values: dict[str, Any] = field(repr=False)
    phones: list[str] = field(repr=False)
    document: list[str] | None = field(repr=False)
    changes: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row: the record, or why not."""

    n: int
    subject: tuple[str, int] | None = None
    refused: Refused | None = None


@dataclass(frozen=True)
class Asked:
    """A text asked of the person when the file has no column for it. ``why`` is the help under the field."""

    key: str
    zh: str
    en: str
    why: str


@dataclass(frozen=True)
class ImportTarget:
    """A kind of import.

    Args:
        key: stable name.
        zh, en, help: what people read.
        fields: what columns can be mapped to.
        asked: defaults asked for when there is no such column.
        needs: what the actor must be allowed besides importing.
        complete: fills in what follows from the cells, adds problems, returns the row's key and the key of the group
            it is applied with.
        plan: SQL that sets ``fate``, ``twin``, ``changes`` of rows without a fate, for ``%(file)s`` and the rows
            ``%(leads)s`` (null: all). It writes nothing else.
        apply: writes rows of fate new or changes through the domain's actions; one outcome each.
        shown: values in the preview's columns, with their titles.
        alike: rows may be alike without being the same thing (two flats of one size): they are counted, not refused.
    """

    key: str
    zh: str
    en: str
    help: str
    fields: tuple[Field, ...]
    asked: tuple[Asked, ...]
    needs: tuple[Permission, ...]
    complete: Callable[[Draft, Options], tuple[str, str]]
    plan: SqlFile
    apply: Callable[[Act, Sequence[StagedRow], Options], list[Outcome]]
    shown: tuple[tuple[str, str], ...]
    alike: bool = False


_targets: dict[str, ImportTarget] = {}


def register(target: ImportTarget) -> ImportTarget:
    """Add a target; the app does so for its own at start."""
    if target.key in _targets:
        raise ValueError(f"import target {target.key} is declared twice")
    _targets[target.key] = target
    return target


def target_named(key: str) -> ImportTarget:
    """The target; KeyError if there is none."""
    return _targets[key]


def all_targets() -> list[ImportTarget]:
    """Every target, in order of registration."""
    return list(_targets.values())
