"""What a provider's page needs to know of it: its fields, how it stands, how it is saved, tried and switched off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from anju.foundation.access.permissions import Permission
from anju.foundation.db import fetch
from anju.foundation.identity.models import Staff
from anju.foundation.ui.heads import Badge
from anju.kit import Actor
from anju.kit.refusal import sentence

BAD_VALUES = sentence(
    "providers.values", "有内容不完整或格式不对，请看标出的地方。", "Something is missing or malformed; see the marks."
)

Kind = Literal["text", "secret", "keys", "select", "number"]


@dataclass(frozen=True)
class Field:
    """One value of the form. ``secret`` (a line) and ``keys`` (several) are written and never read; ``rule`` is said
    where the value is wrong; a ``droppable`` secret can be taken away again."""

    name: str
    label: Any
    kind: Kind = "text"
    help: Any = ""
    rule: Any = ""
    optional: bool = False
    options: Sequence[tuple[str, Any]] = ()
    droppable: bool = False

    @property
    def hidden(self) -> bool:
        """Whether it is never shown again."""
        return self.kind in ("secret", "keys")


@dataclass(frozen=True)
class Change:
    """When a secret was last entered, and by whom."""

    at: datetime
    by: str


@dataclass(frozen=True)
class Standing:
    """How a provider stands. ``active`` is None where nothing was ever entered; ``kept`` names stored secrets."""

    active: bool | None
    badge: Badge
    values: Mapping[str, Any] = field(default_factory=dict)
    kept: Mapping[str, Change | None] = field(default_factory=dict)
    facts: Sequence[tuple[Any, Any]] = ()
    trouble: str = ""
    account: int | None = None


class Provider(Protocol):
    """One provider. Saving, trying and switching off raise Refused in its slice's words."""

    key: str
    title: Any
    icon: str
    about: Any
    needs: Permission
    fields: Sequence[Field]
    receiver: Any
    """What a test is sent to, as its field is called; empty: a test needs none."""

    def standing(self) -> Standing:
        """How it stands now."""
        ...

    def to_copy(self) -> Sequence[tuple[Any, str]]:
        """What has to be entered at the provider: label and value."""
        ...

    def save(self, by: Actor, typed: Mapping[str, str]) -> None:
        """Store what was typed; empty secrets stay as they are."""
        ...

    def attempt(self, by: Actor, to: str, language: str) -> tuple[bool, str]:
        """Do a real thing with the stored setting: whether it worked, and the sentence."""
        ...

    def losses(self) -> Sequence[tuple[Any, Any]]:
        """What switching it off means now, line by line."""
        ...

    def switch_off(self, by: Actor) -> None:
        """Use it no more; what was entered stays."""
        ...


CHANGES = """
SELECT DISTINCT ON (name) name, e.wall_at AS at, e.actor
FROM trace_event e, jsonb_array_elements_text(e.body::jsonb -> 'secrets') AS name
WHERE e.stream_kind = %(kind)s AND e.stream_id = ANY(%(ids)s) AND e.body::jsonb ? 'secrets'
ORDER BY name, e.id DESC
"""


def changes(kind: str, ids: Sequence[int]) -> dict[str, Change]:
    """Secrets by name with their last change, as the trace of these subjects tells it."""
    rows = fetch(CHANGES, {"kind": kind, "ids": list(ids)})
    names = {f"staff:{s.id}": s.name for s in Staff.objects.only("id", "name")} if rows else {}
    return {row["name"]: Change(row["at"], names.get(row["actor"], "")) for row in rows}
