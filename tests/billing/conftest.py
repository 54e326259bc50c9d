from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from anju.foundation.db import org_scope
from anju.foundation.db.clock import SHANGHAI


@pytest.fixture
def company(db: None) -> Iterator[int]:
    """A drill organization on the standard template since 2025, its scope open, its clock on 1 January 2026."""
    from anju.foundation.db import clock
    from anju.foundation.staffing.actions import create_organization

    org = create_organization(name="禾里公寓", drill=True, starts=datetime(2025, 1, 1, tzinfo=SHANGHAI)).id
    with org_scope(org):
        clock.move_to(datetime(2026, 1, 1, 9, tzinfo=SHANGHAI))
        yield org
