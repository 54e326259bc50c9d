"""An action is the only way to write.

    @action("billing.charge.waive", needs=WAIVE_CHARGE, check=can_waive)
    def waive_charge(act: Act, *, charge_id: int, reason: str) -> Charge: ...

    waive_charge(by, charge_id=7, reason="…")          # permission, transaction, trace
    waive_charge.refusal(by, charge_id=7, reason="")   # the same checks, for the button

The decorator owns permission, transaction and trace: the body says what happened with ``act.trace``; an action that
changed something and traced nothing fails. Everything happens in one transaction, jobs deferred inside included.
An action called inside another joins it: its events are appended with the outer one's, or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import update_wrapper
from itertools import groupby
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from django.db import transaction

from anju.foundation.access.check import require
from anju.foundation.access.permissions import Permission
from anju.foundation.db import scoped_org
from anju.foundation.db.once import acting
from anju.foundation.db.scope import remembered
from anju.foundation.trace import events
from anju.kit import Actor, Refused

P = ParamSpec("P")
R = TypeVar("R")


# Fields of people that a trace body never holds; it names the person by id.
PERSONAL = frozenset({"name", "phone", "mobile", "email", "address", "id_number", "bank_account", "wechat", "text"})


@dataclass
class Act:
    """One running action: who acts, and what it has to say to the trace."""

    by: Actor
    name: str
    _said: list[tuple[Actor, events.Event]] = field(default_factory=list)
    _untraced: bool = False

    def trace(
        self,
        kind: str,
        id: int,
        /,
        *,
        links: tuple[events.Subject, ...] = (),
        version_id: int | None = None,
        run_id: int | None = None,
        suffix: str = "",
        **body: Any,
    ) -> None:
        """Append an event to the subject's chain when the action ends.

        Args:
            kind: the subject's kind (``lease``, ``charge``, ``person``…).
            id: the subject's id.
            links: other subjects whose timelines show it.
            version_id: the policy version obeyed.
            run_id: the sweep run it belongs to.
            suffix: appended to the action's name when one action causes several kinds of event.
            body: ids, codes and amounts; never personal values.
        """
        if personal := PERSONAL & body.keys():
            raise ValueError(f"action {self.name} would trace personal values: {', '.join(sorted(personal))}")
        name = f"{self.name}.{suffix}" if suffix else self.name
        self._said.append((self.by, events.Event((kind, id), name, body, links, version_id, run_id)))

    def nothing_changed(self) -> None:
        """Say that the action found nothing to do (a repeated callback), so nothing is traced."""
        self._untraced = True

    def _append(self) -> None:
        # All events of one transaction are appended together, so that chains are locked in one order by everybody.
        for by, group in groupby(sorted(self._said, key=lambda s: s[1].subject), key=lambda s: s[0]):
            events.append(by, [event for _, event in group])


_running: ContextVar[Act | None] = ContextVar("anju_running_action", default=None)


class Action(Generic[P, R]):
    """A registered action; call it with the actor first."""

    def __init__(
        self,
        name: str,
        needs: Permission,
        body: Callable[Concatenate[Act, P], R],
        check: Callable[..., None] | None,
        joins: bool = False,
        queue: Callable[..., None] | None = None,
    ) -> None:
        self.name, self.needs, self.body, self.check, self.joins = name, needs, body, check, joins
        self.queue = queue
        update_wrapper(self, body)

    def __call__(self, by: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return self._run(by, self.joins, *args, **kwargs)

    def joining(self, by: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Called by another action that lets a refusal through: what fails here takes the outer one back as a whole."""
        return self._run(by, True, *args, **kwargs)

    def _run(self, by: Actor, joins: bool, /, *args: P.args, **kwargs: P.kwargs) -> R:
        scoped_org()
        acting()
        require(by, self.needs)
        act = Act(by, self.name)
        outer = _running.get()
        token = _running.set(act)
        try:
            if self.queue is not None and outer is None:  # an outer one may hold what those who are waited for want
                self.queue(by, *args, **kwargs)
            if self.check is not None:
                self.check(by, *args, **kwargs)  # it writes nothing, so a refusal has nothing to take back
            with transaction.atomic(savepoint=outer is None or not joins):
                result = self.body(act, *args, **kwargs)
                if not act._said and not act._untraced:
                    raise AssertionError(f"action {self.name} traced nothing")
                if outer is None:
                    act._append()
        except BaseException:
            remembered().clear()
            raise
        finally:
            _running.reset(token)
        if outer is not None:
            outer._said.extend(act._said)
        return result

    def refusal(self, by: Actor, /, *args: P.args, **kwargs: P.kwargs) -> Refused | None:
        """Why this call would be refused, or None: what decides whether its button is offered."""
        try:
            require(by, self.needs)
            if self.check is not None:
                self.check(by, *args, **kwargs)
        except Refused as refused:
            return refused
        return None


_registry: dict[str, Action[Any, Any]] = {}


def action(
    name: str,
    *,
    needs: Permission,
    check: Callable[..., None] | None = None,
    joins: bool = False,
    queue: Callable[..., None] | None = None,
) -> Callable[[Callable[Concatenate[Act, P], R]], Action[P, R]]:
    """Register an action.

    Args:
        name: ``slice.entity.verb``, also the trace event's name.
        needs: the permission asked of the actor.
        check: what the state allows; raises ``Refused``; called with the actor and the action's own arguments
            (those it does not need go into ``**_``). It runs again inside the transaction; where two people may act
            at once, the body takes its lock and checks once more.
        joins: called inside another action it has no savepoint of its own: if it fails, so does the outer one.
        queue: called like ``check`` and before it: waits for whoever is at it. Never by ``refusal``, nor where the
            action is called inside another.
    """

    def register(body: Callable[Concatenate[Act, P], R]) -> Action[P, R]:
        if name in _registry:
            raise ValueError(f"action {name} is declared twice")
        _registry[name] = Action(name, needs, body, check, joins, queue)
        return _registry[name]

    return register


def registry() -> dict[str, Action[Any, Any]]:
    """Every registered action by name."""
    return dict(_registry)
