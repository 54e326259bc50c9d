"""The second person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from anju.foundation.access.check import require
from anju.foundation.actions import Act, action
from anju.foundation.db import clock
from anju.foundation.policy.models import PolicyRelease, PolicyVersion
from anju.foundation.publishing import refusals
from anju.foundation.publishing.actions.drafts import SHORTEST_REASON, check_base, locked, may_edit, new_draft
from anju.foundation.publishing.actions.releases import check_moment, release
from anju.foundation.publishing.models import PolicyReview
from anju.foundation.publishing.permissions import VIEW, to_review
from anju.foundation.publishing.reviewers import quorum
from anju.foundation.publishing.versions import authors, policy_of, standing, version
from anju.kit import Actor


def can_review(by: Actor, *, version_id: int, **_: Any) -> None:
    """A submitted version, looked at by a reviewer of its area who did not write it."""
    kept = version(version_id)
    require(by, to_review(policy_of(kept.key).area))
    if kept.state != PolicyVersion.State.SUBMITTED:
        raise refusals.NOT_SUBMITTED(number=kept.number)
    if str(by) in authors(kept) and quorum(kept) > 0:
        raise refusals.OWN_WORK()
    if PolicyReview.objects.filter(version=kept, reviewer=str(by)).exists():
        raise refusals.ALREADY_SAID()


def can_approve(by: Actor, *, version_id: int, effective_from: datetime | None = None, reason: str = "") -> None:
    """What can be reviewed, has its remarks answered, and takes effect at a free moment."""
    can_review(by, version_id=version_id)
    kept = version(version_id)
    check_base(kept)
    wanted = effective_from or kept.effective_from
    if wanted is not None and wanted > clock.now():
        check_moment(kept.key, kept.scope, wanted)
    _check_scheduled(kept, wanted)


def _check_scheduled(kept: PolicyVersion, wanted: datetime | None) -> None:
    ahead = standing(kept.key, kept.scope).scheduled
    if ahead and (wanted is None or wanted <= ahead[-1].effective_from):
        moment = ahead[-1].effective_from.astimezone(clock.SHANGHAI)
        raise refusals.LATER_SCHEDULED(number=ahead[-1].version.number, moment=f"{moment:%Y-%m-%d %H:%M}")


@action("policies.version.approve", needs=VIEW, check=can_approve)
def approve(
    act: Act, *, version_id: int, effective_from: datetime | None = None, reason: str = ""
) -> PolicyRelease | None:
    """Agree with a submitted version; with the last agreement asked for it is released.

    Args:
        version_id: the version.
        effective_from: another moment than the author's, zone-aware; a moment that has passed means now.
        reason: the reviewer's remark.

    Returns:
        The release, or None while more people have to agree.

    In an organization where nobody else may review, the author releases alone: it takes effect after the hours that
    the policy "publishing" sets (24 at least), and the event is flagged.
    """
    locked(version(version_id).key)
    can_approve(act.by, version_id=version_id, effective_from=effective_from)
    kept = version(version_id)
    asked, alone = quorum(kept), str(act.by) in authors(kept)
    _say(act.by, kept, PolicyReview.Verdict.APPROVED, reason)
    agreed = PolicyReview.objects.filter(version=kept, verdict=PolicyReview.Verdict.APPROVED).count()
    act.trace("policy_version", kept.id, version_id=kept.id, key=kept.key, agreed=agreed, asked=asked, alone=alone)
    if agreed < asked:
        return None
    return release(act, kept, effective_from or kept.effective_from, reason, alone=alone)


def _say(by: Actor, kept: PolicyVersion, verdict: str, reason: str) -> None:
    PolicyReview.objects.create(version=kept, reviewer=str(by), verdict=verdict, reason=reason.strip(), at=clock.now())


@action("policies.version.reject", needs=VIEW, check=can_review)
def reject(act: Act, *, version_id: int, reason: str) -> PolicyVersion:
    """Send a version back with the reason. What was reviewed stays as it was; its text goes on as a new draft."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise refusals.REASON_TOO_SHORT()
    locked(version(version_id).key)
    can_review(act.by, version_id=version_id)
    return _sent_back(act, version(version_id), PolicyReview.Verdict.REJECTED, reason)


def can_recall(by: Actor, *, version_id: int) -> None:
    """A submitted version goes back to its writers before anybody approved it."""
    kept = version(version_id)
    may_edit(by, kept.key)
    if kept.state != PolicyVersion.State.SUBMITTED:
        raise refusals.NOT_SUBMITTED(number=kept.number)
    if str(by) not in authors(kept):
        raise refusals.NOT_YOURS()


@action("policies.version.recall", needs=VIEW, check=can_recall)
def recall(act: Act, *, version_id: int) -> PolicyVersion:
    """Take one's own version back from review, to go on with it as a new draft."""
    locked(version(version_id).key)
    can_recall(act.by, version_id=version_id)
    return _sent_back(act, version(version_id), PolicyReview.Verdict.RECALLED, "")


def _sent_back(act: Act, kept: PolicyVersion, verdict: str, reason: str) -> PolicyVersion:
    _say(act.by, kept, verdict, reason)
    PolicyVersion.objects.filter(id=kept.id).update(state=PolicyVersion.State.WITHDRAWN)
    draft = new_draft(_author(kept), kept.key, kept.scope, kept.body, kept.based_on)
    draft.schema, draft.note, draft.effective_from = kept.schema, kept.note, kept.effective_from
    draft.overrides, draft.edits = kept.overrides, kept.edits
    draft.save()
    act.trace("policy_version", kept.id, version_id=kept.id, key=kept.key, number=kept.number, next=draft.id)
    return draft


def _author(kept: PolicyVersion) -> Actor:
    kind, _, id_ = kept.author.partition(":")
    return Actor(kind, int(id_ or 0))  # type: ignore[arg-type]
