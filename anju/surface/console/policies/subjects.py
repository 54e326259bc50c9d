"""Who stands behind the ids in a simulation's examples, as far as the reader may see.

@subjects("bill")
def of_bills(request, ids): return {id: Subject("康诗涵", "HZ26-0748", "/charges/…")}
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpRequest

from anju.foundation.publishing.simulation import Example


@dataclass(frozen=True)
class Subject:
    """What a row says about whom it concerns. ``name`` is empty where the reader may not see it."""

    name: str
    handle: str
    href: str = ""


LookUp = Callable[[HttpRequest, list[int]], dict[int, Subject]]
_lookups: dict[str, LookUp] = {}


def subjects(kind: str) -> Callable[[LookUp], LookUp]:
    """Register how the subjects of one kind are named; one query for all ids, inside the reader's row scope."""

    def register(look_up: LookUp) -> LookUp:
        _lookups[kind] = look_up
        return look_up

    return register


def named(request: HttpRequest, examples: Iterable[Example]) -> list[tuple[Example, Subject]]:
    """The examples with their subjects, in their order. Those outside the reader's row scope are left out."""
    listed = list(examples)
    known: dict[tuple[str, int], Subject] = {}
    for kind in {e.kind for e in listed} & _lookups.keys():
        found = _lookups[kind](request, [e.id for e in listed if e.kind == kind])
        known.update({(kind, i): subject for i, subject in found.items()})
    return [
        (e, known.get((e.kind, e.id)) or Subject("", e.label))
        for e in listed
        if e.kind not in _lookups or (e.kind, e.id) in known
    ]
