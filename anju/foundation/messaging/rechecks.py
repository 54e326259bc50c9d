"""What slices above say about messages: whether they still hold just before sending, and who hears what became of
them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from anju.foundation.db import SqlFile, fetch


@dataclass(frozen=True)
class Recheck:
    """A condition a message must still meet. ``sql`` takes ``%(ids)s`` (message ids) and returns the ``id`` of those
    that
    hold, with an optional ``vars`` (jsonb) of fresh values, such as what is still owed after a partial payment."""

    key: str
    sql: str | SqlFile
    reason: str

    def run(self, message_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
        """The messages that hold, with fresh variables, in one query."""
        rows = fetch(self.sql, {"ids": list(message_ids)})
        return {row["id"]: _opened(row.get("vars")) for row in rows}


def _opened(vars: Any) -> dict[str, Any]:
    """jsonb comes as text on a plain cursor."""
    found: dict[str, Any] = json.loads(vars) if isinstance(vars, str) else vars or {}
    return found


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message: ``sent``, ``delivered``, ``undelivered`` or ``failed``.

    ``dead`` means that the address itself is at fault (空号, 停机, malformed), so that its owner can be asked again.
    """

    message_id: int
    person_id: int
    contact_id: int | None
    channel: str
    kind: str
    result: str
    code: str
    dead: bool = False


Listener = Callable[[list[Outcome]], None]
_rechecks: dict[str, Recheck] = {}
_listeners: list[Listener] = []


def recheck(key: str, *, sql: str | SqlFile, reason: str) -> Recheck:
    """Register what ``message.valid_if`` may name.

    Args:
        key: ``slice.condition``, such as ``billing.still_owed``.
        sql: see :class:`Recheck`; one statement over all ids.
        reason: the code a message is cancelled with when it no longer holds; declare its words with
        :func:`kit.sentence`.
    """
    if key in _rechecks and _rechecks[key].reason != reason:
        raise ValueError(f"recheck {key} is declared twice")
    _rechecks[key] = Recheck(key, sql, reason)
    return _rechecks[key]


def find_recheck(key: str) -> Recheck | None:
    """The registered recheck, or None."""
    return _rechecks.get(key)


def on_outcome(listener: Listener) -> Listener:
    """Hear results in batches, inside the transaction that records them (stale numbers, learning, dunning)."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def tell(outcomes: list[Outcome]) -> None:
    """Pass results to every listener."""
    if outcomes:
        for listener in _listeners:
            listener(outcomes)
