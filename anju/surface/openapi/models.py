"""Keys to the open API, where a key is looked up, and the calls that were carried out.

A key itself is never stored: it is shown once, and known by the hash of its whole text. Times are wall time.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from anju.foundation.db.models import OrgForeignKey, OrgModel


class ApiKey(OrgModel):
    """What a key may do. ``projects`` null: all of them. ``prefix`` is how people recognise it."""

    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=16)
    token_hash = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=30))
    projects = ArrayField(models.BigIntegerField(), null=True)
    created_by = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=40, blank=True, default="")
    last_used_on = models.DateField(null=True)

    class Meta:
        db_table = "api_key"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "token_hash"], name="one_key_per_token"),
            models.CheckConstraint(condition=Q(scopes__len__gt=0), name="a_key_may_do_something"),
        ]


class ApiKeyPlace(models.Model):
    """Whose key it is. No organization scope: the key is all that a caller has."""

    token_hash = models.CharField(max_length=64, unique=True)
    org_id = models.BigIntegerField()
    key_id = models.BigIntegerField()

    class Meta:
        db_table = "api_key_place"


class ApiCall(OrgModel):
    """A call that was carried out, by the caller's Idempotency-Key, with its answer for those who repeat it.

    ``mark`` and ``request_hash`` are keyed hashes, the answer is encrypted with the organization's key: both may be
    about people. A call that was refused leaves no row.
    """

    key = OrgForeignKey(ApiKey, index=False)
    mark = models.CharField(max_length=64)
    request_hash = models.CharField(max_length=64)
    status = models.SmallIntegerField(null=True)
    answer_enc = models.BinaryField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "api_call"
        constraints = [models.UniqueConstraint(fields=["org_id", "key", "mark"], name="one_call_per_key_and_mark")]
        indexes = [models.Index(fields=["org_id", "at"], name="api_call_age_ix")]
