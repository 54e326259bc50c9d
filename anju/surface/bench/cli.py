"""What ``anju bench`` calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from anju.kit.refusal import sentence
from anju.surface.bench import registry, report

SCALES = (10_000, 100_000, 1_000_000)
UNKNOWN = sentence(
    "bench.unknown", "没有名为“{name}”的测试，可选：{known}。", "No bench is called “{name}”; there are {known}."
)


def bench(name: str, *, leases: int, rounds: int, scale: bool, say: Callable[[str], None]) -> list[dict[str, Any]]:
    """Run one bench or all; returns its figures as JSON values.

    Args:
        name: which, or ``all``, which also writes docs/reference/performance.md.
        leases: the size; 0 for the bench's own.
        rounds: how often work and floor are run in turn.
        scale: run it at 10,000, 100,000 and 1,000,000.
        say: told what goes on.
    """
    known = registry.names()
    if name != "all" and name not in known:
        raise UNKNOWN(name=name, known="、".join([*known, "all"]))
    sizes: tuple[int | None, ...] = SCALES if scale else (leases or None,)
    found = []
    for each in known if name == "all" else [name]:
        for size in sizes:
            say(each)
            found += [f.as_json() for f in registry.run(each, registry.Asked(size, rounds, say))]
    if name == "all":
        report.write(found)
    return found
