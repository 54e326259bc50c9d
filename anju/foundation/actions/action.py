"""An action is the only way to write.

    @action("billing.charge.waive", needs=WAIVE_CHARGE, check=can_waive)
    def waive_charge(act: Act, *, charge_id: int, reason: str) -> Charge: ...

    waive_charge(by, charge_id=7, reason="…")          # permission, transaction, trace
    waive_charge.refusal(by, charge_id=7, reason="")   # the same checks, for the button

The decorator owns permission, transaction and trace: the body says what happened with ``act.trace``; an action that
changed something and traced nothing fails. Everything happens in one transaction, jobs deferred inside included.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import update_wrapper
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from django.db import transaction

from anju.foundation.access.check import require
from anju.foundation.access.permissions import Permission
from anju.foundation.db import scoped_org
from anju.foundation.trace import events
from anju.kit import Actor, Refused

P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Act:
    """One running action: who acts, and what it has to say to the trace."""

    by: Actor
    name: str
    _events: list[events.Event] = field(default_factory=list)
    _untraced: bool = False

    def trace(
        self,
        kind: str,
        id: int,
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
        name = f"{self.name}.{suffix}" if suffix else self.name
        self._events.append(events.Event((kind, id), name, body, links, version_id, run_id))

    def nothing_changed(self) -> None:
        """Say that the action found nothing to do (a repeated callback), so nothing is traced."""
        self._untraced = True


class Action(Generic[P, R]):
    """A registered action; call it with the actor first."""

    def __init__(
        self,
        name: str,
        needs: Permission,
        body: Callable[Concatenate[Act, P], R],
        check: Callable[Concatenate[Actor, P], None] | None,
    ) -> None:
        self.name, self.needs, self.body, self.check = name, needs, body, check
        update_wrapper(self, body)

    def __call__(self, by: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
        scoped_org()
        require(by, self.needs)
        act = Act(by, self.name)
        with transaction.atomic():
            if self.check is not None:
                self.check(by, *args, **kwargs)
            result = self.body(act, *args, **kwargs)
            if not act._events and not act._untraced:
                raise AssertionError(f"action {self.name} traced nothing")
            events.append(by, act._events)
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
    name: str, *, needs: Permission, check: Callable[Concatenate[Actor, P], None] | None = None
) -> Callable[[Callable[Concatenate[Act, P], R]], Action[P, R]]:
    """Register an action.

    Args:
        name: ``slice.entity.verb``, also the trace event's name.
        needs: the permission asked of the actor.
        check: what the state allows; raises ``Refused``; takes the actor and the action's own arguments.
    """

    def register(body: Callable[Concatenate[Act, P], R]) -> Action[P, R]:
        if name in _registry:
            raise ValueError(f"action {name} is declared twice")
        _registry[name] = Action(name, needs, body, check)
        return _registry[name]

    return register


def registry() -> dict[str, Action[Any, Any]]:
    """Every registered action by name."""
    return dict(_registry)
