"""Who may review a version, and how many of them have to."""

from __future__ import annotations

from anju.foundation.access.check import allows
from anju.foundation.identity.models import Staff
from anju.foundation.policy.models import PolicyVersion
from anju.foundation.policy.store import in_force
from anju.foundation.publishing.permissions import to_review
from anju.foundation.publishing.policies import Publishing
from anju.foundation.publishing.versions import authors, policy_of
from anju.kit import Actor


def rules() -> Publishing:
    """The rules of review in force; the standard ones before an organization has its template."""
    try:
        return in_force(Publishing).value
    except LookupError:
        return Publishing()


def reviewers(kept: PolicyVersion) -> list[int]:
    """Staff who may review it: they hold the right for its area, are at work, and did not write in it."""
    needs, wrote = to_review(policy_of(kept.key).area), authors(kept)
    at_work = Staff.objects.filter(frozen_at=None).order_by("id").values_list("id", flat=True)
    return [i for i in at_work if str(Actor.staff(i)) not in wrote and allows(Actor.staff(i), needs)]


def quorum(kept: PolicyVersion) -> int:
    """How many have to agree: the group's number, but never more than there are; 0 if there is nobody else."""
    return min(rules().group(policy_of(kept.key).area).quorum, len(reviewers(kept)))
