"""So many threads of a process work side by side; more would only wait for each other at the interpreter's lock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, local

_mine = local()


class Turns:
    """``count`` threads work at a time; a courtesy: who has waited for ``patience`` seconds works all the same."""

    def __init__(self, count: int, patience: float) -> None:
        self._free, self._patience = BoundedSemaphore(count), patience

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Work in here, when it is one's turn."""
        _mine.turn = self._free if self._free.acquire(timeout=self._patience) else None
        try:
            yield
        finally:
            give_turn_back()


def give_turn_back() -> None:
    """What this thread does next is waiting: another one may work. Who has no turn may say so, too."""
    turn: BoundedSemaphore | None = getattr(_mine, "turn", None)
    if turn is not None:
        _mine.turn = None
        turn.release()
