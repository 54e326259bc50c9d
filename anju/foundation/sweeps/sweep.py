"""What a sweep is: one SQL plan that writes nothing, and the statements that carry it out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from anju.foundation.db import SqlFile
from anju.foundation.policy.registry import PolicyModel
from anju.foundation.policy.store import Pinned, in_force
from anju.foundation.sweeps.models import SweepRun

Policies = dict[str, Pinned[Any]]


@dataclass(frozen=True)
class Code:
    """A decision's code and its words; ``acts`` when the decision has an effect."""

    zh: str
    en: str
    acts: bool = False


@dataclass(frozen=True)
class Sweep:
    """A recurring engine.

    ``plan`` returns one or more rows per subject with at least ``subject_id`` and ``code``; it reads ``%(as_of)s``,
    ``%(lo)s``, ``%(hi)s`` and whatever ``params`` gives, and writes nothing. ``candidates`` is a separate text that
    returns ``subject_id`` of the window. ``apply`` is a list of CTEs over ``plan`` that ends in one named ``decided``
    (subject_id, code, effect_id, detail), one row per subject. ``outside`` explains one subject that the window leaves
    out (``%(only)s``): it returns ``code`` and ``detail``.

    ``params`` turns pinned policies into query parameters (JSON values only: they are stored with the run).
    ``window`` may override some of them from earlier runs, such as the last horizon, so that a missed day is made up.
    ``after`` runs in the batch's transaction, for statements that must see what ``apply`` wrote (run, lo, hi).
    """

    key: str
    zh: str
    en: str
    subject: str
    policies: tuple[type[PolicyModel], ...]
    plan: SqlFile
    candidates: SqlFile
    apply: SqlFile
    outside: SqlFile
    codes: dict[str, Code]
    params: Callable[[Policies, date], dict[str, Any]]
    window: Callable[[dict[str, Any], date], dict[str, Any]] = field(default=lambda params, as_of: {})
    after: Callable[[SweepRun, int, int], None] | None = None
    batch: int = 50_000

    def pin(self, as_of: date) -> Policies:
        """The policies in force for a run on that day."""
        return {p.policy_key: in_force(p, as_of) for p in self.policies}

    def parameters(self, policies: Policies, as_of: date, *, catch_up: bool = True) -> dict[str, Any]:
        """All query parameters but the range.

        Args:
            policies: pinned policies by key.
            as_of: the business day.
            catch_up: include what days without a run left over; explanations look at the one day only.
        """
        params = self.params(policies, as_of)
        left_over = self.window(params, as_of) if catch_up else {}
        return {**params, **left_over, "as_of": as_of.isoformat()}

    def words(self, code: str) -> Code:
        """A code's words; an undeclared code is a programming error."""
        return self.codes[code]


EVERYTHING: dict[str, Any] = {"lo": -(2**62), "hi": 2**62, "only": None}
_sweeps: dict[str, Sweep] = {}


def register(sweep: Sweep) -> Sweep:
    """Make a sweep known to the ticker, the simulator and the why panel."""
    if sweep.key in _sweeps:
        raise ValueError(f"sweep {sweep.key} is declared twice")
    _sweeps[sweep.key] = sweep
    return sweep


def sweep(key: str) -> Sweep:
    """The sweep of that key; KeyError if there is none."""
    return _sweeps[key]


def all_sweeps() -> Sequence[Sweep]:
    """Every sweep in the order of registration: the order in which a day runs them."""
    return list(_sweeps.values())
