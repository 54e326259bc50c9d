"""Wrapped keys and what was destroyed. Plain keys are never stored."""

from __future__ import annotations

from django.db import models

from anju.foundation.db.models import OrgModel


class MasterKey(models.Model):
    """The fingerprint of the master key this database was made with; one row, no organization."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    fingerprint = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "master_key"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="there_is_one_master_key")]


class OrgKey(OrgModel):
    """The organization's key, wrapped by the master key."""

    wrapped = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "org_key"
        constraints = [models.UniqueConstraint(fields=["org_id"], name="one_key_per_organization")]


class PersonKey(OrgModel):
    """A person's key of one class, wrapped by the organization's key. Deleting the row is erasure."""

    person_id = models.BigIntegerField()
    cls = models.CharField(max_length=10)
    wrapped = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "person_key"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "person_id", "cls"], name="one_key_per_person_and_class"),
            models.CheckConstraint(
                condition=models.Q(cls__in=["contact", "identity", "payment"]), name="person_key_class_is_known"
            ),
        ]


class KeyDestruction(OrgModel):
    """A key that was destroyed, named by the hash of its wrapped form; append-only."""

    person_id = models.BigIntegerField()
    cls = models.CharField(max_length=10)
    key_sha256 = models.BinaryField()
    reason = models.CharField(max_length=60)
    destroyed_at = models.DateTimeField()

    class Meta:
        db_table = "key_destruction"
        constraints = [models.UniqueConstraint(fields=["org_id", "key_sha256"], name="one_record_per_destroyed_key")]
