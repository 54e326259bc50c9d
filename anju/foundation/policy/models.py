"""Policy versions and their releases. A version never changes once submitted; a release is only ever added."""

from __future__ import annotations

from typing import Any

from django.db import models

from anju.foundation.db.models import OrgForeignKey, OrgModel
from anju.foundation.db.scope import remembered

RELEASES, MARK = "policies in force", "mark of the policies"


class PolicyVersion(OrgModel):
    """One text of a policy. Drafts change; what left the draft state does not (held by a trigger).

    ``edits`` says who saved what while it was a draft: ``{"rev", "by", "at", "paths"}``. ``overrides`` holds the
    written reason for each remark of lint that was kept, by ``code:path``. ``effective_from`` is the moment the
    author asks for; none means as soon as it is approved.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        SUBMITTED = "submitted"
        RELEASED = "released"
        WITHDRAWN = "withdrawn"

    key = models.CharField(max_length=60)
    scope = models.CharField(max_length=60, default="org")
    number = models.IntegerField(help_text="what people see: v12")
    schema = models.IntegerField()
    body = models.JSONField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    author = models.CharField(max_length=40)
    note = models.TextField(blank=True, default="", help_text="what changes and why, for the reviewer")
    effective_from = models.DateTimeField(null=True)
    based_on = models.BigIntegerField(null=True)
    rev = models.IntegerField(default=1)
    edits = models.JSONField(default=list)
    overrides = models.JSONField(default=dict)
    simulated_sha256 = models.CharField(max_length=64, blank=True, default="")
    simulation = models.JSONField(null=True)
    simulated_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "policy_version"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "key", "number"], name="one_version_per_number"),
            models.UniqueConstraint(
                fields=["org_id", "key", "scope"],
                condition=models.Q(state__in=["draft", "submitted"]),
                name="one_unpublished_version_per_policy",
            ),
        ]


class PolicyRelease(OrgModel):
    """A version in force from a moment, for a scope. The latest not after as_of wins, narrowest scope first."""

    class Kind(models.TextChoices):
        TEMPLATE = "template"
        RELEASE = "release"
        ROLLBACK = "rollback"
        ALONE = "alone"

    key = models.CharField(max_length=60)
    scope = models.CharField(max_length=60, default="org")
    effective_from = models.DateTimeField()
    version = OrgForeignKey(PolicyVersion)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.RELEASE)
    reviewer = models.CharField(max_length=40)
    reason = models.TextField(blank=True, default="")
    override = models.TextField(blank=True, default="", help_text="why findings of lint were overridden")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "policy_release"
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "key", "scope", "effective_from"], name="one_release_per_scope_and_moment"
            )
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep it; the scope reads anew what is in force."""
        super().save(*args, **kwargs)
        read_anew()


class PolicyCallOff(OrgModel):
    """A scheduled release that was called off before it took effect; the release row itself stays."""

    release = OrgForeignKey(PolicyRelease, index=False)
    by = models.CharField(max_length=40)
    reason = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "policy_call_off"
        constraints = [models.UniqueConstraint(fields=["org_id", "release"], name="a_release_is_called_off_once")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep it; the scope reads anew what is in force."""
        super().save(*args, **kwargs)
        read_anew()


class PolicyMark(OrgModel):
    """What the organization's releases and call-offs are known by: another value after every change, never one again.

    The database sets it (``marks.sql``), so that whoever publishes cannot forget it.
    """

    mark = models.UUIDField()

    class Meta:
        db_table = "policy_mark"
        constraints = [models.UniqueConstraint(fields=["org_id"], name="one_mark_of_policies")]


def read_anew() -> None:
    """Let the scope ask again what is in force."""
    remembered().pop(RELEASES, None)
    remembered().pop(MARK, None)
