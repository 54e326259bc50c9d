from __future__ import annotations

from datetime import UTC, datetime

import pytest

from anju.foundation.policy.store import install_template


@pytest.fixture
def company(in_org: int) -> int:
    """An organization on the standard template."""
    install_template(datetime(2020, 1, 1, tzinfo=UTC))
    return in_org
