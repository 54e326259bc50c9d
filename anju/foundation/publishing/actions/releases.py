"""Putting a version in force, going back to an older one, calling a scheduled one off."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from anju.foundation.access.check import require
from anju.foundation.actions import Act, action
from anju.foundation.db import clock
from anju.foundation.policy.models import PolicyCallOff, PolicyRelease, PolicyVersion
from anju.foundation.publishing import lint as remarks
from anju.foundation.publishing import refusals
from anju.foundation.publishing.actions.drafts import SHORTEST_REASON, locked
from anju.foundation.publishing.permissions import ROLL_BACK, to_review
from anju.foundation.publishing.reviewers import rules
from anju.foundation.publishing.versions import policy_of, standing, value_of, version
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND


def check_moment(key: str, scope: str, moment: datetime) -> None:
    """Refuse a moment at which another version of the same scope takes effect."""
    if PolicyRelease.objects.filter(key=key, scope=scope, effective_from=moment).exists():
        raise _same(moment)


def _same(moment: datetime) -> Exception:
    return refusals.SAME_MOMENT(moment=f"{moment.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}")


def release(act: Act, kept: PolicyVersion, wanted: datetime | None, reason: str, *, alone: bool) -> PolicyRelease:
    """Make an approved version effective, at the moment asked for or as soon as may be."""
    moment = max(clock.now(), wanted or clock.now())
    if alone:
        moment = max(moment, clock.now() + timedelta(hours=rules().alone_hours))
    PolicyVersion.objects.filter(id=kept.id).update(state=PolicyVersion.State.RELEASED)
    made = _add(
        act.by,
        kept,
        moment,
        PolicyRelease.Kind.ALONE if alone else PolicyRelease.Kind.RELEASE,
        reason,
        override="\n".join(f"{place} — {why}" for place, why in sorted(kept.overrides.items())),
    )
    act.trace(
        "policy_version", kept.id, version_id=kept.id, suffix="released_alone" if alone else "released", key=kept.key,
        scope=kept.scope, number=kept.number, release=made.id, effective=moment, flagged=alone,
        overridden=sorted(kept.overrides),
    )  # fmt: skip
    return made


def _add(by: Actor, kept: PolicyVersion, moment: datetime, kind: str, reason: str, override: str = "") -> PolicyRelease:
    try:
        with transaction.atomic():
            return PolicyRelease.objects.create(
                key=kept.key,
                scope=kept.scope,
                effective_from=moment,
                version=kept,
                kind=kind,
                reviewer=str(by),
                reason=reason.strip(),
                override=override,
                created_at=clock.wall(),
            )
    except IntegrityError as fault:
        if "one_release_per_scope_and_moment" in str(fault):
            raise _same(moment) from None
        raise


def can_roll_back(by: Actor, *, version_id: int, effective_from: datetime | None = None, reason: str = "") -> None:
    """Back to an older released version that differs from the one in force."""
    kept = version(version_id)
    require(by, to_review(policy_of(kept.key).area))
    if not PolicyRelease.objects.filter(version=kept).exists():
        raise refusals.NEVER_RELEASED(number=kept.number)
    current = standing(kept.key, kept.scope).in_force
    if current is not None and current.version_id == kept.id:
        raise refusals.IN_FORCE_ALREADY(number=kept.number)
    value = value_of(kept)
    errors = [f for f in remarks.lint(kept.key, value, value) if f.severity == "error"]
    if errors:
        raise refusals.LINT_ERROR(count=len(errors), first=errors[0].zh)
    if effective_from is not None and effective_from < clock.now():
        raise refusals.IN_THE_PAST()


@action("policies.release.roll_back", needs=ROLL_BACK, check=can_roll_back)
def roll_back(act: Act, *, version_id: int, effective_from: datetime | None = None, reason: str) -> PolicyRelease:
    """Put a version that was in force before in force again: another release, nothing is undone or rewritten.

    Its text went through review when it was first released, so one person with the right may do it, with a reason.

    Args:
        version_id: the version to go back to.
        effective_from: from when, zone-aware; now if left out.
        reason: why; at least five characters.
    """
    if len(reason.strip()) < SHORTEST_REASON:
        raise refusals.REASON_TOO_SHORT()
    kept = version(version_id)
    locked(kept.key)
    can_roll_back(act.by, version_id=version_id, effective_from=effective_from)
    before = standing(kept.key, kept.scope).in_force
    made = _add(act.by, kept, effective_from or clock.now(), PolicyRelease.Kind.ROLLBACK, reason)
    act.trace(
        "policy_version", kept.id, version_id=kept.id, key=kept.key, scope=kept.scope, number=kept.number,
        release=made.id, effective=made.effective_from, instead_of=before.version_id if before else None,
    )  # fmt: skip
    return made


def can_call_off(by: Actor, *, release_id: int, **_: Any) -> None:
    """A release that has not taken effect yet."""
    kept = PolicyRelease.objects.select_related("version").filter(id=release_id).first()
    if kept is None:
        raise NOT_FOUND()
    require(by, to_review(policy_of(kept.key).area))
    if kept.effective_from <= clock.now():
        raise refusals.IN_FORCE_SINCE(number=kept.version.number)
    if PolicyCallOff.objects.filter(release=kept).exists():
        raise refusals.CALLED_OFF()


@action("policies.release.call_off", needs=ROLL_BACK, check=can_call_off)
def call_off(act: Act, *, release_id: int, reason: str) -> None:
    """Call a scheduled release off before it takes effect. The release row stays; look-ups leave it out."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise refusals.REASON_TOO_SHORT()
    kept = PolicyRelease.objects.get(id=release_id)
    locked(kept.key)
    can_call_off(act.by, release_id=release_id)
    PolicyCallOff.objects.create(release=kept, by=str(act.by), reason=reason.strip(), created_at=clock.wall())
    act.trace("policy_version", kept.version_id, version_id=kept.version_id, key=kept.key, release=kept.id)
