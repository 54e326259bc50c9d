"""The benches there are. Each is a module with ``run(Asked) -> list[Figures]``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from anju.surface.bench.measure import Figures


@dataclass(frozen=True)
class Asked:
    """What a bench is asked for: how many leases (or rows), how many rounds, and where to say what goes on."""

    size: int | None = None
    rounds: int = 3
    say: Callable[[str], None] = lambda _text: None


NAMES = ("billing", "reminders", "payments", "search", "pages", "cockpit", "workorders", "plans")


def names() -> list[str]:
    """The benches that can be run, in order."""
    return [n for n in NAMES if find_spec(f"anju.surface.bench.{n}")]


def run(name: str, asked: Asked) -> list[Figures]:
    """Run one bench.

    Raises:
        KeyError: there is none of that name.
    """
    if name not in names():
        raise KeyError(name)
    found: list[Figures] = import_module(f"anju.surface.bench.{name}").run(asked)
    return found
