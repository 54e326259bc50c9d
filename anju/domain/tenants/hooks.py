"""News for the slices above: what people are found by has changed (a new phone, a corrected name)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Handler = Callable[[list[int]], None]
_handlers: list[Handler] = []


def on_people_changed(handler: Handler) -> Handler:
    """Subscribe; called with person ids inside the action's transaction, set-based."""
    if handler not in _handlers:
        _handlers.append(handler)
    return handler


def people_changed(person_ids: Sequence[int]) -> None:
    """Tell the subscribers."""
    for handler in _handlers if person_ids else ():
        handler(list(person_ids))
