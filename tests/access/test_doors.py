"""Every address of the product says who may stand before it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from anju.foundation.identity.doors import door_of
from anju.foundation.identity.middleware import MACHINE_DOORS


def addresses(patterns: list[Any], prefix: str = "/") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        place = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, place)
        elif isinstance(pattern, URLPattern):
            yield place, pattern.callback


def test_every_address_names_its_viewer() -> None:
    forgotten = [
        place
        for place, view in addresses(get_resolver().url_patterns)
        if door_of(view) is None and not place.startswith(MACHINE_DOORS)
    ]
    assert forgotten == []


def test_an_open_door_gives_its_reason() -> None:
    doors = [door_of(view) or "" for _place, view in addresses(get_resolver().url_patterns)]
    assert [door for door in doors if door.startswith("open:") and len(door) < len("open: because")] == []
