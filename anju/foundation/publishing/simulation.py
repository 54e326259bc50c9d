"""What would change on today's data: a registry of simulators, run uncommitted, kept as the draft's evidence.

    @simulator("reminders")
    def what_reminders_would_do(current: Reminders, draft: Reminders, as_of: date) -> Simulation: ...

A slice registers its simulators in ``simulators.py``. They call the plan that the real run calls.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from typing import Any, Literal

from django.db import transaction
from django.utils.translation import get_language

from anju.foundation.policy import PolicyModel


@dataclass(frozen=True)
class Said:
    """A sentence in both languages. Numbers that the page sets large stand between ``**``."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh


@dataclass(frozen=True)
class Row:
    """One line of the table: what the version in force and the draft would do.

    ``good`` says which direction is welcome, for the colour of the difference; ``unit`` follows the numbers; ``part``
    "result" puts the line under the expected results instead of the counts.
    """

    label: Said
    now: float | int
    draft: float | int
    unit: str = ""
    good: Literal["less", "more", ""] = ""
    icon: str = ""
    part: Literal["count", "result"] = "count"

    @property
    def difference(self) -> float | int:
        """Draft less now."""
        return round(self.draft - self.now, 4)


@dataclass(frozen=True)
class Example:
    """One subject that would be treated differently. Holds ids and numbers; the page adds what its reader may see."""

    kind: str
    id: int
    label: str
    now: Said
    draft: Said
    weight: int = 0


@dataclass(frozen=True)
class Bar:
    """A pair of bars."""

    label: Said
    now: float | int
    draft: float | int


@dataclass(frozen=True)
class Simulation:
    """The consequence of a draft.

    ``changed`` counts the subjects that differ, ``examples`` are the first of them; ``model_result`` marks figures that
    come from a model rather than from counting.
    """

    headline: Said
    rows: tuple[Row, ...] = ()
    changed: int = 0
    examples: tuple[Example, ...] = ()
    bars: tuple[Bar, ...] = ()
    bars_title: Said | None = None
    period: Said | None = None
    note: Said | None = None
    model_result: bool = False
    counted: bool = True

    def stored(self) -> dict[str, Any]:
        """JSON for the version."""
        return asdict(self)


def restored(kept: dict[str, Any]) -> Simulation:
    """A kept simulation."""

    def said(value: dict[str, str] | None) -> Said | None:
        return Said(**value) if value else None

    return Simulation(
        headline=Said(**kept["headline"]),
        rows=tuple(Row(**{**r, "label": Said(**r["label"])}) for r in kept["rows"]),
        changed=kept["changed"],
        examples=tuple(
            Example(**{**e, "now": Said(**e["now"]), "draft": Said(**e["draft"])}) for e in kept["examples"]
        ),
        bars=tuple(Bar(**{**b, "label": Said(**b["label"])}) for b in kept["bars"]),
        bars_title=said(kept["bars_title"]),
        period=said(kept["period"]),
        note=said(kept["note"]),
        model_result=kept["model_result"],
        counted=kept["counted"],
    )


Simulator = Callable[[Any, Any, date], Simulation]
FamilySimulator = Callable[[str, Any, Any, date], Simulation]
_simulators: dict[str, Simulator] = {}
_of_families: dict[str, FamilySimulator] = {}


def simulator(policy_key: str) -> Callable[[Simulator], Simulator]:
    """Register how a policy's consequence is computed.

    Args:
        policy_key: the policy; the function takes ``(current, draft, as_of)``, both read as its model.
    """

    def register(simulate: Simulator) -> Simulator:
        if policy_key in _simulators:
            raise ValueError(f"policy {policy_key} has two simulators")
        _simulators[policy_key] = simulate
        return simulate

    return register


def family_simulator(prefix: str) -> Callable[[FamilySimulator], FamilySimulator]:
    """Register how the consequence of every policy whose key begins with ``prefix.`` is computed.

    Args:
        prefix: the family; the function takes ``(key, current, draft, as_of)``.
    """

    def register(simulate: FamilySimulator) -> FamilySimulator:
        if prefix in _of_families:
            raise ValueError(f"policies {prefix}.… have two simulators")
        _of_families[prefix] = simulate
        return simulate

    return register


def _simulator_of(policy_key: str) -> Simulator | None:
    prefix, dot, _name = policy_key.partition(".")
    if policy_key in _simulators or not dot or prefix not in _of_families:
        return _simulators.get(policy_key)
    return partial(_of_families[prefix], policy_key)


NOTHING_TO_COUNT = Said(
    "这项配置不改变已有记录，从生效起按新规则执行。",
    "This policy changes no existing record; the new rule is obeyed once it is in force.",
)


def simulate(policy_key: str, current: PolicyModel, draft: PolicyModel, as_of: date) -> Simulation:
    """Play a draft against today's data. Whatever the simulator wrote is undone.

    A policy without a simulator has nothing to count; its simulation says so.
    """
    run = _simulator_of(policy_key)
    if run is None:
        return Simulation(headline=NOTHING_TO_COUNT, counted=False)
    with transaction.atomic():
        result = run(current, draft, as_of)
        transaction.set_rollback(True)
    return result


def has_simulator(policy_key: str) -> bool:
    """Whether a policy's consequence can be counted."""
    return _simulator_of(policy_key) is not None
