"""What a step of a flow does besides moving the case: registered functions, run in the step's own transaction.

@effect("workorders.tell_reporters", "告知报修人", "Tell the reporters", subject="workorder")
def tell_reporters(done: Done) -> None: ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from anju.foundation.actions import Act
from anju.foundation.flows.definition import Flow
from anju.foundation.flows.models import FlowCase


@dataclass(frozen=True)
class Done:
    """A step just taken, or a limit just passed, as effects and listeners see it.

    ``step`` is the transition's key, empty where a limit fired; ``limit`` then names it. ``before`` is the stage
    left (equal to ``case.stage`` where the case stayed).
    """

    act: Act
    case: FlowCase
    flow: Flow
    step: str
    before: str
    facts: dict[str, Any]
    reason: str = ""
    limit: str = ""


# What listeners are told as a step when a case is merged, taken out again, given to somebody.
FOLLOW, PART, ASSIGN = "@follow", "@part", "@assign"
Run = Callable[[Done], None]


@dataclass(frozen=True, slots=True)
class Effect:
    """A registered effect."""

    key: str
    zh: str
    en: str
    subject: str
    run: Run


_effects: dict[str, Effect] = {}
_listeners: list[tuple[str, Run]] = []


def effect(key: str, zh: str, en: str, *, subject: str = "") -> Callable[[Run], Run]:
    """Register an effect that definitions may name.

    Args:
        key: ``slice.effect``.
        zh: what it does, as the form offers it.
        en: the same in English.
        subject: the kind of subject whose cases have it; empty: every case.
    """

    def register(run: Run) -> Run:
        if key in _effects:
            raise ValueError(f"effect {key} is declared twice")
        _effects[key] = Effect(key, zh, en, subject, run)
        return run

    return register


def on_step(flow: str) -> Callable[[Run], Run]:
    """Register what a slice must always do when a case of its flow moves, whatever the definition says."""

    def register(run: Run) -> Run:
        _listeners.append((flow, run))
        return run

    return register


def run_effects(keys: tuple[str, ...], done: Done, *, listeners: bool = True) -> None:
    """Run listeners of the flow, then the named effects in order; names nobody declares any more are passed over.

    Args:
        keys: the effects.
        done: what just happened.
        listeners: whether the case moved, so that its slice is told.
    """
    for flow, listen in _listeners if listeners else []:
        if flow == done.case.flow:
            listen(done)
    for key in keys:
        if (known := _effects.get(key)) is not None:
            known.run(done)


def all_effects() -> list[Effect]:
    """Every registered effect, by key."""
    return [_effects[k] for k in sorted(_effects)]
