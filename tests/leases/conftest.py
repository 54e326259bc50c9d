from __future__ import annotations

from datetime import datetime

import pytest

from anju.foundation.db import clock
from anju.foundation.db.clock import SHANGHAI


@pytest.fixture
def company(in_org: int) -> int:
    """A company in which it is 2026-11-22."""
    clock.move_to(datetime(2026, 11, 22, 9, tzinfo=SHANGHAI))
    return in_org
