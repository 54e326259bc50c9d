"""Taking two people's changes of one text together."""

from __future__ import annotations

from typing import Any

from anju.kit.canonical import canonical


def merge(base: Any, mine: Any, theirs: Any) -> Any:
    """What both began from, with their changes and mine; where both changed the same place, mine stays.

    Objects are merged field by field; lists are one place each, since their order carries meaning.
    """
    if canonical(mine) == canonical(base):
        return theirs
    if canonical(theirs) == canonical(base):
        return mine
    if isinstance(base, dict) and isinstance(mine, dict) and isinstance(theirs, dict):
        keys = [k for k in {**theirs, **mine} if not _taken_away(k, base, mine, theirs)]
        return {k: merge(base.get(k), mine.get(k, theirs.get(k)), theirs.get(k, mine.get(k))) for k in keys}
    return mine


def _taken_away(key: str, base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> bool:
    """One side removed it and the other left it as it was, or both removed it."""
    if key not in base:
        return False
    kept = [side for side in (mine, theirs) if key in side]
    return len(kept) < 2 and all(canonical(side[key]) == canonical(base[key]) for side in kept)
