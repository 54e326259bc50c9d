"""The latest release not after the moment wins, the narrowest scope first; what was released never changes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from pydantic import Field

from anju.foundation.db import clock, org_scope, run_sql
from anju.foundation.policy import PolicyModel, policy, registry
from anju.foundation.policy.models import PolicyCallOff, PolicyRelease, PolicyVersion
from anju.foundation.policy.store import body_sha256, in_force, install_template, pinned

START = datetime(2026, 1, 1, tzinfo=clock.SHANGHAI)


class Courtesy(PolicyModel):
    days: int = Field(3, ge=0, title="天数")


@pytest.fixture(autouse=True)
def only_courtesy(org: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """One declared policy, for the test only; the organization was founded before it."""
    monkeypatch.setattr(registry, "_declared", {})
    policy("courtesy", area="rent", zh="礼貌", en="Courtesy", schema=2, upcasters={1: renamed})(Courtesy)


def renamed(body: dict[str, Any]) -> dict[str, Any]:
    """Schema 1 called the days ``wait``."""
    return {"days": body["wait"]}


def version(number: int, body: dict[str, Any], *, schema: int = 2, scope: str = "org") -> PolicyVersion:
    return PolicyVersion.objects.create(
        key="courtesy", scope=scope, number=number, schema=schema, body=body, sha256=body_sha256(body),
        state="released", author="system", created_at=START, updated_at=START,
    )  # fmt: skip


def release(kept: PolicyVersion, at: datetime) -> PolicyRelease:
    return PolicyRelease.objects.create(
        key=kept.key, scope=kept.scope, version=kept, effective_from=at, reviewer="system", created_at=START
    )


def days_on(day: date | datetime, *scopes: str) -> int:
    return in_force(Courtesy, day, scopes).value.days


def test_the_template_is_version_one_of_everything(in_org: int) -> None:
    install_template(START)
    kept = in_force(Courtesy)
    assert (kept.value, kept.number) == (Courtesy(), 1)
    install_template(START)
    assert PolicyVersion.objects.filter(key="courtesy").count() == 1


def test_without_a_template_there_is_no_answer(in_org: int) -> None:
    with pytest.raises(LookupError, match="courtesy"):
        in_force(Courtesy)


def test_the_latest_release_by_the_end_of_the_day_wins(in_org: int) -> None:
    release(version(1, {"days": 3}), START)
    release(version(2, {"days": 5}), START + timedelta(days=10, hours=15))
    assert days_on(date(2026, 1, 10)) == 3
    assert days_on(date(2026, 1, 11)) == 5
    assert days_on(START + timedelta(days=10, hours=14)) == 3


def test_the_narrowest_scope_wins_and_the_organization_is_the_last_resort(in_org: int) -> None:
    release(version(1, {"days": 3}), START)
    release(version(2, {"days": 7}, scope="project:12"), START)
    day = date(2026, 2, 1)
    assert days_on(day, "building:3", "project:12") == 7
    assert days_on(day, "project:13") == 3
    assert days_on(day) == 3


def test_old_schemas_are_read_through_upcasters_and_stay_as_they_are(in_org: int) -> None:
    kept = version(1, {"wait": 9}, schema=1)
    release(kept, START)
    assert days_on(date(2026, 2, 1)) == 9
    kept.refresh_from_db()
    assert kept.body == {"wait": 9}


def test_a_pinned_version_answers_whatever_is_in_force(in_org: int) -> None:
    old = version(1, {"days": 3})
    release(old, START)
    release(version(2, {"days": 5}), START + timedelta(days=1))
    assert pinned(Courtesy, old.id).value.days == 3


def test_a_release_that_was_called_off_never_counts(in_org: int) -> None:
    release(version(1, {"days": 3}), START)
    later = release(version(2, {"days": 5}), START + timedelta(days=5))
    PolicyCallOff.objects.create(release=later, by="staff:1", reason="改主意了", created_at=START)
    assert days_on(date(2026, 3, 1)) == 3


def test_another_organization_has_its_own(org: int, other_org: int) -> None:
    with org_scope(org):
        release(version(1, {"days": 8}), START)
    with org_scope(other_org):
        install_template(START)
        assert in_force(Courtesy).value.days == 3


@pytest.mark.req("L-04")
@pytest.mark.parametrize("change", [{"body": {"days": 9}}, {"state": "draft"}, {"sha256": "0"}, {"number": 7}])
def test_a_released_version_never_changes(in_org: int, change: dict[str, Any]) -> None:
    kept = version(1, {"days": 3})
    with pytest.raises(IntegrityError, match=r"does not change|keeps its identity"), transaction.atomic():
        PolicyVersion.objects.filter(id=kept.id).update(**change)


@pytest.mark.req("L-04")
def test_a_submitted_version_only_leaves_review(in_org: int) -> None:
    kept = PolicyVersion.objects.create(
        key="courtesy", number=1, schema=2, body={"days": 3}, sha256="x", author="staff:1", created_at=START,
        updated_at=START,
    )  # fmt: skip
    mine = PolicyVersion.objects.filter(id=kept.id)
    mine.update(body={"days": 4})
    mine.update(state="submitted")
    for change in (
        {"body": {"days": 5}},
        {"state": "draft"},
        {"state": "released", "note": "x"},
        {"overrides": {}, "rev": 9},
    ):
        with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
            mine.update(**change)
    mine.update(state="released")


def test_a_draft_cannot_skip_review(in_org: int) -> None:
    kept = PolicyVersion.objects.create(
        key="courtesy", number=1, schema=2, body={}, sha256="x", author="staff:1", created_at=START, updated_at=START
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyVersion.objects.filter(id=kept.id).update(state="released")
    with pytest.raises(IntegrityError, match="names a released version"), transaction.atomic():
        release(kept, START)
    with pytest.raises(IntegrityError, match="starts as a draft"), transaction.atomic():
        PolicyVersion.objects.create(
            key="courtesy", number=2, schema=2, body={}, sha256="x", state="released", author="staff:1",
            created_at=START, updated_at=START,
        )  # fmt: skip


def test_one_unpublished_version_per_policy(in_org: int) -> None:
    def draft(number: int) -> None:
        PolicyVersion.objects.create(
            key="courtesy", number=number, schema=2, body={}, sha256="x", author="staff:1", created_at=START,
            updated_at=START,
        )  # fmt: skip

    draft(1)
    with pytest.raises(IntegrityError, match="one_unpublished_version_per_policy"), transaction.atomic():
        draft(2)


def test_releases_are_only_added(in_org: int) -> None:
    kept = release(version(1, {"days": 3}), START)
    for attempt in (lambda: kept.delete(), lambda: PolicyRelease.objects.update(reason="x")):
        with pytest.raises(ProgrammingError), transaction.atomic():
            attempt()
    with pytest.raises(ProgrammingError), transaction.atomic():
        run_sql("DELETE FROM policy_version")


def test_two_releases_never_share_a_moment(in_org: int) -> None:
    release(version(1, {"days": 3}), START)
    with pytest.raises(IntegrityError, match="one_release_per_scope_and_moment"), transaction.atomic():
        release(version(2, {"days": 4}), START)


def test_a_new_schema_needs_an_upcaster() -> None:
    with pytest.raises(ValueError, match="no upcaster"):
        policy("courtesy", area="rent", zh="礼貌", en="Courtesy", schema=3, upcasters={1: renamed})(Courtesy)
