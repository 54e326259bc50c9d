from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

Owner = Callable[[str], None]


@pytest.fixture
def as_owner() -> Owner:
    """Run a statement as the tables' owner, past privileges and row-level security: an administrator gone bad."""

    @contextmanager
    def role() -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE anju_owner")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")

    def run(sql: str) -> None:
        with role(), connection.cursor() as cursor:
            cursor.execute(sql)

    return run
