"""A process reads once what was released; what anybody releases counts from the next transaction, everywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from threading import Thread

import pytest
from django.db import connection
from pydantic import Field

from anju.foundation.db import clock, fetch_value, org_scope
from anju.foundation.policy import PolicyModel, policy, registry
from anju.foundation.policy.models import PolicyCallOff, PolicyRelease, PolicyVersion
from anju.foundation.policy.store import body_sha256, in_force
from anju.foundation.staffing.actions import create_organization

START = datetime(2026, 1, 1, tzinfo=clock.SHANGHAI)
MARK = "SELECT mark FROM policy_mark"


class Courtesy(PolicyModel):
    days: int = Field(3, ge=0, title="天数")


@pytest.fixture
def house(committed: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """A company with one policy more, of three days."""
    org = create_organization(name="禾里公寓").id
    monkeypatch.setattr(registry, "_declared", {**registry._declared})
    policy("courtesy", area="rent", zh="礼貌", en="Courtesy")(Courtesy)
    with org_scope(org):
        release(1, days=3)
    return org


def release(number: int, *, days: int, at: datetime = START) -> PolicyRelease:
    body = {"days": days}
    kept = PolicyVersion.objects.create(
        key="courtesy", number=number, schema=1, body=body, sha256=body_sha256(body), state="released",
        author="system", created_at=START, updated_at=START,
    )  # fmt: skip
    return PolicyRelease.objects.create(
        key="courtesy", version=kept, effective_from=at.replace(day=number), reviewer="system", created_at=START
    )


def elsewhere(org: int, change: Callable[[], object]) -> None:
    """Somebody else does it, by a connection of their own."""

    def run() -> None:
        try:
            with org_scope(org):
                change()
        finally:
            connection.close()

    other = Thread(target=run)
    other.start()
    other.join()


def days_now(org: int) -> int:
    with org_scope(org):
        return in_force(Courtesy).value.days


@pytest.mark.req("L-04")
def test_what_somebody_else_releases_counts_from_the_next_transaction(house: int) -> None:
    with org_scope(house):
        assert in_force(Courtesy).value.days == 3
        elsewhere(house, lambda: release(2, days=5))
        assert in_force(Courtesy).value.days == 3, "one transaction obeys one text"
    assert days_now(house) == 5


def test_what_was_taken_back_was_never_in_force(house: int) -> None:
    with pytest.raises(RuntimeError, match="thought better"), org_scope(house):
        release(2, days=9)
        assert in_force(Courtesy).value.days == 9, "one's own release counts at once"
        raise RuntimeError("thought better of it")
    assert days_now(house) == 3
    elsewhere(house, lambda: release(2, days=7))
    assert days_now(house) == 7


def test_a_release_called_off_elsewhere_is_forgotten(house: int) -> None:
    with org_scope(house):
        planned = release(2, days=8)
    assert days_now(house) == 8
    elsewhere(house, lambda: PolicyCallOff.objects.create(release=planned, by="staff:1", reason="x", created_at=START))
    assert days_now(house) == 3


def test_a_mark_is_the_companys_own(house: int) -> None:
    neighbour = create_organization(name="隔壁公寓").id
    with org_scope(neighbour):
        theirs = fetch_value(MARK)
    with org_scope(house):
        before = fetch_value(MARK)
        release(2, days=5)
        assert fetch_value(MARK) != before
    with org_scope(neighbour):
        assert fetch_value(MARK) == theirs != before
