"""What reviewers said. Only ever added."""

from __future__ import annotations

from django.db import models

from anju.foundation.db.models import OrgForeignKey, OrgModel
from anju.foundation.policy.models import PolicyVersion


class PolicyReview(OrgModel):
    """One person's word on a submitted version."""

    class Verdict(models.TextChoices):
        APPROVED = "approved"
        REJECTED = "rejected"
        RECALLED = "recalled"

    version = OrgForeignKey(PolicyVersion, index=False)
    reviewer = models.CharField(max_length=40)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    reason = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        db_table = "policy_review"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "version", "reviewer"], name="one_word_per_reviewer_and_version")
        ]
