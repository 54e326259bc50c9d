"""News for the slices above: leases were activated, amended, ended. Called inside the action's transaction.

    @on_activated
    def open_accounts(act: Act, lease_ids: list[int]) -> None: ...

Handlers are set-based: one call may bring 100,000 leases. What a handler refuses undoes the whole action.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from anju.foundation.actions import Act

Handler = Callable[[Act, list[int]], None]


class Hook:
    """A list of handlers; use it as a decorator to subscribe, ``tell`` to call them in the order they subscribed."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._handlers: list[Handler] = []

    def __call__(self, handler: Handler) -> Handler:
        if handler not in self._handlers:
            self._handlers.append(handler)
        return handler

    def tell(self, act: Act, lease_ids: Sequence[int]) -> None:
        """Call every handler with the ids; nothing happens for none."""
        ids = list(lease_ids)
        for handler in self._handlers if ids else ():
            handler(act, ids)


on_activated = Hook("activated")  # version 1, rates, fees, units and parties are written; also imported history
on_amended = Hook("amended")  # a new current version, a new payer or due day; hold-over too
on_ended = Hook("ended")  # actual_end_on is set, places are free
on_cancelled = Hook("cancelled")  # activated, then called off before it began
