"""Who acts: a person, a key, or the house itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ActorKind = Literal["staff", "tenant", "api", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who performs an action. Holds ids only: it is written to the trace.

    ``id`` is the staff membership, person (tenant) or API key id; 0 for the system.
    """

    kind: ActorKind
    id: int = 0

    @classmethod
    def staff(cls, staff_id: int) -> Actor:
        return cls("staff", staff_id)

    @classmethod
    def tenant(cls, person_id: int) -> Actor:
        return cls("tenant", person_id)

    @classmethod
    def api(cls, key_id: int) -> Actor:
        return cls("api", key_id)

    @classmethod
    def system(cls) -> Actor:
        return cls("system")

    def __str__(self) -> str:
        return self.kind if self.kind == "system" else f"{self.kind}:{self.id}"
