"""Titles that the product composes: written down in Chinese, said again in the reader's language.

A slice that composes the titles of a flow's cases registers how it says them. What somebody typed matches none of its
patterns and stands as it was written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import get_language

from anju.foundation.flows.models import FlowCase

SOURCE = "zh"  # the language they are written down in


@dataclass(frozen=True)
class Said:
    """What a case is called, and those of its facts that the product composed, in words of the reader."""

    title: str
    facts: dict[str, str] = field(default_factory=dict)


_flows: dict[str, Callable[[FlowCase], Said | None]] = {}


def composed(flow: str, say: Callable[[FlowCase], Said | None]) -> None:
    """Register how the titles of a flow's cases are said again.

    Args:
        flow: the flow's name.
        say: asks nothing of the database; None where the title is somebody's own words.
    """
    if flow in _flows:
        raise ValueError(f"the titles of {flow} are registered twice")
    _flows[flow] = say


def said(case: FlowCase) -> Said:
    """A case's title as its reader reads it; as it was written down where that is the language or nobody knows it."""
    say = None if (get_language() or SOURCE).startswith(SOURCE) else _flows.get(case.flow)
    return (say(case) if say else None) or Said(case.title)
