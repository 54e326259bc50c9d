"""A company of any size for measuring: projects of 1,600 rooms, a lease in most of them, no two alike.

Endless and seeded: a project is made from its number alone, so that nothing of the others has to be kept.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from string import ascii_uppercase

from anju.domain.portfolio.places import Place
from anju.domain.tenants.rules import NewPerson
from anju.surface.demo.world.people import person_with_phone
from anju.surface.demo.world.places import some_flat
from anju.surface.demo.world.stays import Stay, reservation

BUILDINGS, FLOORS, WIDE = 4, 20, 20
ROOMS = BUILDINGS * FLOORS * WIDE
LET = 0.93
HISTORY_DAYS = 92
CITIES = (
    ("华东", "杭州", 1.0),
    ("西南", "成都", 0.85),
    ("华东", "苏州", 0.8),
    ("华中", "武汉", 0.7),
    ("华南", "深圳", 1.6),
)


@dataclass(frozen=True)
class Block:
    """One project: its places, and the leases in them with their tenants, in the same order."""

    n: int
    places: list[Place]
    stays: list[Stay]
    people: list[NewPerson]

    def number(self, index: int) -> str:
        """The lease number of a stay."""
        return f"{code(self.n)}{self.stays[index].terms.start_on:%y}-{index + 1:04}"


def code(n: int) -> str:
    """Three letters for a project: 0 is AAA."""
    return "".join(ascii_uppercase[n // 26**i % 26] for i in (2, 1, 0))


def blocks(units: int, seed: int, last: date) -> Iterator[Block]:
    """Projects until there are so many rooms; leases began in the 92 days before ``last`` and go on after it."""
    for n in range(-(-units // ROOMS)):
        rng = random.Random(f"{seed}:{n}")
        places = list(islice(_places(rng, n), min(ROOMS, units - n * ROOMS)))
        let = [place for place in places if rng.random() < LET]
        stays = [_stay(rng, place, i, last) for i, place in enumerate(let)]
        # The phone tells the tenant's own number: two tenants never share one, at any size up to ten million rooms.
        people = [person_with_phone(rng, f"1{rng.choice('3589')}9{n * ROOMS + i:08}") for i in range(len(stays))]
        yield Block(n, places, stays, people)


def _places(rng: random.Random, n: int) -> Iterator[Place]:
    region, city, scale = CITIES[n % len(CITIES)]
    for building in range(1, BUILDINGS + 1):
        for floor in range(1, FLOORS + 1):
            for wide in range(1, WIDE + 1):
                yield Place(
                    region=region, store=f"{city}第{n // len(CITIES) + 1}店", city=city,
                    project=f"禾里公寓·{city}{code(n)}", project_code=code(n), building=str(building),
                    unit=f"{building}-{floor:02}{wide:02}", floor=floor, line=f"{wide:02}", **some_flat(rng, scale),
                )  # fmt: skip


def _stay(rng: random.Random, place: Place, index: int, last: date) -> Stay:
    start = last - timedelta(days=rng.randint(0, HISTORY_DAYS))
    signed = start - timedelta(days=rng.randint(0, 9))
    return reservation(rng, place, start, index, signed)
