"""Calls that come at the same time, made as one; questions asked at the same time, answered once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Sequence
from threading import Event, Lock
from typing import Generic, TypeVar, cast

In = TypeVar("In")
Out = TypeVar("Out")


class _Caller(Generic[In, Out]):
    __slots__ = ("asked", "error", "leads", "result", "woken")

    def __init__(self, asked: In) -> None:
        self.asked = asked
        self.result: Out | None = None
        self.error: BaseException | None = None
        self.leads = False
        self.woken = Event()


class Together(Generic[In, Out]):
    """Does the work of all who ask while it is being done for others, in one go.

    Nobody waits for company: who finds it idle begins at once, alone. Who comes meanwhile waits; when the work is done,
    the first of those does it for all of them. So one call runs at a time, and the busier it is, the more each does.

    Args:
        work: takes what was asked, gives as many results in the same order. What it raises, each caller gets.
        most: how many it takes at once.
    """

    def __init__(self, work: Callable[[Sequence[In]], Sequence[Out]], most: int) -> None:
        self._work, self._most = work, most
        self._lock, self._busy = Lock(), False
        self._waiting: deque[_Caller[In, Out]] = deque()

    def __call__(self, asked: In) -> Out:
        """The result for this one."""
        mine = _Caller[In, Out](asked)
        with self._lock:
            waits = self._busy
            if waits:
                self._waiting.append(mine)
            self._busy = True
        if waits:
            mine.woken.wait()
        if not waits or mine.leads:
            self._lead(mine)
        if mine.error is not None:
            raise mine.error
        return cast(Out, mine.result)

    def _lead(self, mine: _Caller[In, Out]) -> None:
        with self._lock:
            company = [self._waiting.popleft() for _ in range(min(self._most - 1, len(self._waiting)))]
        part = [mine, *company]
        try:
            for caller, result in zip(part, self._work([c.asked for c in part]), strict=True):
                caller.result = result
        except BaseException as error:  # also a thread that is ended: those who wait must not wait for ever
            for caller in part:
                caller.error = error
        finally:
            with self._lock:
                following = self._waiting.popleft() if self._waiting else None
                self._busy = following is not None
            if following is not None:
                following.leads = True
                following.woken.set()
            for caller in company:
                caller.woken.set()


class _Seeking(Generic[Out]):
    __slots__ = ("answer", "begun", "ended", "found")

    def __init__(self) -> None:
        self.begun, self.found, self.ended = False, False, Event()
        self.answer: Out | None = None


class SingleFlight(Generic[Out]):
    """One question of many callers, sought once for all who wait.

    Nobody is given an answer that was being sought before they asked: who comes while one is sought waits for the next
    one, and so do all others who come meanwhile.

    Args:
        patience: seconds after which a caller seeks alone. What they wait for may wait for them, by a lock in the
            database, and the database does not see who waits for whom in here; it does see who asks it.
    """

    def __init__(self, patience: float) -> None:
        self._patience, self._lock = patience, Lock()
        self._latest: dict[Hashable, _Seeking[Out]] = {}

    def __call__(self, key: Hashable, seek: Callable[[], Out]) -> Out:
        """The answer, sought by this caller or by one who asked the same at the same time.

        Args:
            key: what is asked.
            seek: finds the answer; what it raises only its own caller gets, the others seek for themselves.
        """
        with self._lock:
            before = self._latest.get(key)
            leads = before is None or before.begun
            mine = self._latest[key] = _Seeking[Out]() if before is None or before.begun else before
        if not leads:
            return cast(Out, mine.answer) if mine.ended.wait(self._patience) and mine.found else seek()
        try:
            if before is not None:
                before.ended.wait(self._patience)
            with self._lock:
                mine.begun = True
            mine.answer = seek()
            mine.found = True
            return mine.answer
        finally:
            with self._lock:
                if self._latest.get(key) is mine:
                    del self._latest[key]
            mine.ended.set()
