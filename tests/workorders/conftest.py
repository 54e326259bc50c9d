"""Two neighbours on one riser, a technician, a service agent and a manager; no bills, only repairs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from io import BytesIO

import pytest

from anju.domain.leases.models import Lease, LeaseParty
from anju.domain.portfolio.models import Unit
from anju.foundation.db import clock
from anju.foundation.flows.files import Upload
from anju.kit import Actor
from tests.builders import House, house, let, terms
from tests.flows.house import hire


def photo(name: str = "leak.jpg") -> Upload:
    """A small picture, as a phone takes it."""
    return Upload(name, BytesIO(b"\x89PNG\r\n\x1a\n" + b"0" * 64))


@dataclass
class Block:
    """A building with people in it."""

    where: House
    leases: dict[str, Lease] = field(default_factory=dict)

    def tenant(self, room: str) -> Actor:
        """Who lives there."""
        return Actor.tenant(self.lease(room).payer_id)

    def lease(self, room: str) -> Lease:
        """The lease of a room; it is let when it is first asked for."""
        if room not in self.leases:
            today = clock.today()
            agreed = terms(start_on=date(today.year - 1, 1, 1), end_on=date(today.year + 1, 1, 1))
            lease = let(self.where, room, agreed)
            LeaseParty.objects.create(lease=lease, person_id=lease.payer_id, role="payer", from_on=lease.start_on)
            floor = int(room.split("-")[-1][:2])
            Unit.objects.filter(code=room).update(floor=floor, entrance="1", line=room[-2:])
            self.leases[room] = lease
        return self.leases[room]


@pytest.fixture
def block(company: int) -> Block:
    return Block(house())


@pytest.fixture
def technician(block: Block) -> Actor:
    return hire("maintenance", name="赵永康")


@pytest.fixture
def agent(block: Block) -> Actor:
    return hire("service", name="林晓")
