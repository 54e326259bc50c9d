"""An organization with a key, and imports that run here and now instead of in a worker."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from anju.foundation.crypto import create_org_key
from anju.foundation.db import fetch_value, org_scope, scoped_org
from anju.kit import Actor
from anju.surface.imports import actions, jobs
from anju.surface.imports.models import ImportFile

ME = Actor.system()


@pytest.fixture
def company(org: int) -> int:
    """An organization with a key; no scope is open, because jobs open their own."""
    with org_scope(org):
        if fetch_value("SELECT count(*) FROM org_key") == 0:
            create_org_key()
    return org


@pytest.fixture
def bring_in(company: int) -> Callable[..., ImportFile]:
    """Upload, confirm the guessed mapping, read, and apply unless told otherwise; returns the import at its end."""

    def run(data: bytes, target: str, *, apply: bool = True, **defaults: str) -> ImportFile:
        with org_scope(company):
            file = actions.upload(ME, stream=io.BytesIO(data), name="台账.xlsx", target=target)
            actions.map_columns(ME, file_id=file.id, mapping=file.mapping, defaults=defaults)
        jobs.read_import(org=company, file_id=file.id)
        if apply:
            with org_scope(company):
                actions.start_applying(ME, file_id=file.id)
            jobs.apply_import(org=company, file_id=file.id)
        with org_scope(company):
            file.refresh_from_db()
        return file

    return run


@contextmanager
def inside(org: int) -> Iterator[None]:
    """The organization's scope, whether it is open already or not."""
    with org_scope(org):
        assert scoped_org() == org
        yield


def csv_of(rows: list[dict[str, Any]]) -> bytes:
    """A text table of rows."""
    titles = list(rows[0])
    lines = [titles, *([str(r.get(t, "")) for t in titles] for r in rows)]
    return "\n".join(",".join(line) for line in lines).encode()


def read(path: Path) -> bytes:
    """A file's bytes."""
    return path.read_bytes()
