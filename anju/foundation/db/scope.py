"""The one way to reach an organization's rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection, transaction

_org: ContextVar[int | None] = ContextVar("anju_org", default=None)
_remembered: ContextVar[dict[str, Any] | None] = ContextVar("anju_remembered", default=None)


@contextmanager
def org_scope(org_id: int) -> Iterator[None]:
    """Open a transaction that sees exactly one organization.

    Nested use with the same organization joins the outer transaction through a savepoint; with another
    organization it is refused, because one transaction never spans two organizations.

    Args:
        org_id: the organization's id.

    Raises:
        RuntimeError: another organization's scope is already open.
    """
    # What is left to do after a commit still finds the name of the scope that is over.
    outer = _org.get() if connection.in_atomic_block else None
    if outer is not None and outer != org_id:
        raise RuntimeError(f"org_scope({org_id}) inside org_scope({outer})")
    token = _org.set(org_id)
    before = _remembered.set({}) if outer is None else None
    try:
        with transaction.atomic():
            if outer is None:
                connection.begin_in(org_id)  # type: ignore[attr-defined]  # of our backend
            yield
    except BaseException:
        remembered().clear()  # what was read may be undone with the savepoint
        raise
    finally:
        if before is not None:
            _remembered.reset(before)
        _org.reset(token)


def remembered() -> dict[str, Any]:
    """What this scope's transaction has read and need not read again; forgotten at its end and at every rollback.

    Only for rows that hardly ever change: whoever writes one clears its key.

    Raises:
        RuntimeError: no scope is open.
    """
    found = _remembered.get()
    if found is None:
        raise RuntimeError("this needs org_scope(...)")
    return found


def scoped_org() -> int:
    """The organization of the open scope.

    Raises:
        RuntimeError: no scope is open.
    """
    org = _org.get()
    if org is None:
        raise RuntimeError("this needs org_scope(...)")
    return org


def scope_is_open() -> bool:
    """Whether an organization's scope is open in this context."""
    return _org.get() is not None
