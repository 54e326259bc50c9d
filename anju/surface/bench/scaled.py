"""The loaded company that reading is measured on: the largest there is, or one of the asked size, loaded now."""

from __future__ import annotations

from anju.foundation.identity.models import Organization
from anju.surface.bench.registry import Asked
from anju.surface.demo.load import load

SIZE = 20_000
NAME = "规模测试 "


def scaled(asked: Asked) -> int:
    """Its id. Loading makes names, phones, bills and payments and takes minutes for 100,000 units.

    Args:
        asked: the size in units; without one the largest that is there, else 20,000.
    """
    there = Organization.objects.filter(name__startswith=NAME, drill=True)
    largest = max(there, key=lambda o: int(o.name.split()[1]), default=None)
    if largest is not None and asked.size is None:
        return largest.id
    return load(
        units=asked.size or SIZE, seed=1, progress=lambda done, total, _w: asked.say(f"loaded {done}/{total}")
    ).org_id
