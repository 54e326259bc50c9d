"""What happens to rooms between tenants: made ready, repaired, taken off the market, reserved."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from anju.domain.portfolio.models import Unit
from anju.domain.portfolio.places import Place
from anju.surface.demo.world.stays import Stay, reservation

REPAIRS = (("漏水维修", 9), ("空调更换", 6), ("墙面返修", 12), ("门锁更换", 3), ("地板更换", 10))
OFFLINE = ("自留样板间", "房源调整", "业主收回洽谈")
IN_REPAIR, TAKEN_OFF, RESERVED = 0.016, 0.009, 0.008  # of all places, on the demo's today
IDLE_DAYS = 8
Key = tuple[str, str]


@dataclass(frozen=True)
class RoomNews:
    """From a day on a place is in a state; ``ready_on`` when it can be let again, if known."""

    project: str
    unit: str
    state: Unit.State
    ready_on: date | None = None
    reason: str = ""


def plan_rooms(seed: int, stays: Sequence[Stay], places: Sequence[Place], last: date) -> dict[date, list[RoomNews]]:
    """What is said about rooms on each day until ``last``."""
    rng = random.Random(seed * 15485863 + 5)
    news: dict[date, list[RoomNews]] = defaultdict(list)
    for key, own in _by_place(stays).items():
        for stay, following in zip(own, [*own[1:], None], strict=True):
            if stay.leaves_on is None or (following is not None and following.terms.start_on == stay.leaves_on):
                continue
            ready = stay.leaves_on + timedelta(days=rng.randint(2, 7))
            news[stay.leaves_on].append(RoomNews(*key, Unit.State.PREPARING, ready, "退租清洁与检查"))
            if ready <= last:
                news[ready].append(RoomNews(*key, Unit.State.AVAILABLE))
    idle = _sample(rng, vacant(stays, places, last), len(places) * (IN_REPAIR + TAKEN_OFF))
    for n, key in enumerate(idle):
        since = last - timedelta(days=rng.randint(1, IDLE_DAYS - 1))
        for day in [d for d in news if d >= since]:  # it is not made ready after all
            news[day] = [said for said in news[day] if (said.project, said.unit) != key]
        if n < len(places) * TAKEN_OFF:
            news[since].append(RoomNews(*key, Unit.State.OFFLINE, None, rng.choice(OFFLINE)))
        else:
            reason, days = rng.choice(REPAIRS)
            news[since].append(RoomNews(*key, Unit.State.REPAIR, since + timedelta(days=IDLE_DAYS + days), reason))
    return news


def vacant(stays: Sequence[Stay], places: Sequence[Place], last: date) -> list[Key]:
    """Places that have stood empty for eight days at least, and that nobody has signed for."""
    parents = {p.parent for p in places if p.parent}
    taken = {
        (s.project, s.unit) for s in stays if s.leaves_on is None or s.leaves_on > last - timedelta(days=IDLE_DAYS)
    }
    leaves = [(p.project, p.unit) for p in places if p.unit not in parents]
    return [key for key in leaves if key not in taken]


def plan_reservations(seed: int, stays: Sequence[Stay], places: Sequence[Place], last: date) -> list[Stay]:
    """Leases that are still drafts on the last day: somebody wants the room and has not signed."""
    rng = random.Random(seed * 32452843 + 7)
    said = {(n.project, n.unit) for day in plan_rooms(seed, stays, places, last).values() for n in day
            if n.state in (Unit.State.REPAIR, Unit.State.OFFLINE)}  # fmt: skip
    free = [key for key in vacant(stays, places, last) if key not in said]
    wanted = set(_sample(rng, free, len(places) * RESERVED))
    first_free = max((s.tenant for s in stays), default=0) + 1
    rooms = [p for p in places if (p.project, p.unit) in wanted]
    return [
        reservation(rng, place, last + timedelta(days=rng.randint(4, 15)), first_free + n, last)
        for n, place in enumerate(rooms)
    ]


def _by_place(stays: Sequence[Stay]) -> dict[Key, list[Stay]]:
    found: dict[Key, list[Stay]] = defaultdict(list)
    for stay in sorted(stays, key=lambda s: s.terms.start_on):
        found[stay.project, stay.unit].append(stay)
    return found


def _sample(rng: random.Random, keys: Sequence[Key], wanted: float) -> list[Key]:
    return rng.sample(list(keys), min(round(wanted), len(keys) // 2))
