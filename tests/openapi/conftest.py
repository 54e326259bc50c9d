from __future__ import annotations

from datetime import datetime

import pytest

from anju.foundation.db import clock, org_scope
from anju.foundation.staffing.actions import create_organization
from tests.openapi.caller import Caller


def company(name: str) -> int:
    """A drill organization on 1 January 2026, no scope open."""
    org = create_organization(name=name, drill=True, starts=datetime(2025, 1, 1, tzinfo=clock.SHANGHAI)).id
    with org_scope(org):
        clock.move_to(datetime(2026, 1, 1, 9, tzinfo=clock.SHANGHAI))
    return org


@pytest.fixture
def firm(db: None) -> int:
    """A company; the API opens its scope itself."""
    return company("禾里公寓")


@pytest.fixture
def neighbour(db: None) -> int:
    """Another company on the same installation."""
    return company("隔壁公寓")


@pytest.fixture
def caller(firm: int) -> Caller:
    """A program with a key for everything."""
    return Caller.of(firm)
