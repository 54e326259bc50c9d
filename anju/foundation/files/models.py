"""What is stored; the bytes lie encrypted in the file storage, their key is here, sealed."""

from __future__ import annotations

from django.db import models

from anju.foundation.db.models import OrgModel


class StoredFile(OrgModel):
    """One file. Name and key are sealed under the person's key where the purpose says so, else the organization's.

    A removed file keeps its row without key and name: what was there remains provable, not readable.
    """

    purpose = models.CharField(max_length=60)
    owner_kind = models.CharField(max_length=40)
    owner_id = models.BigIntegerField()
    person_id = models.BigIntegerField(null=True, help_text="whose key seals it; empty: the organization's")
    place = models.CharField(max_length=100, help_text="name in the file storage")
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField(help_text="bytes")
    content_index = models.BinaryField(help_text="keyed hash of the content")
    sealed_name = models.BinaryField(null=True)
    sealed_key = models.BinaryField(null=True)
    retention = models.CharField(max_length=40)
    created_by = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "stored_file"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "place"], name="one_file_per_place"),
            models.CheckConstraint(
                condition=models.Q(removed_at=None) | models.Q(sealed_key=None, sealed_name=None),
                name="a_removed_file_has_no_key",
            ),
        ]
        indexes = [models.Index(fields=["org_id", "owner_kind", "owner_id"], name="stored_file_owner_ix")]


class FilePart(OrgModel):
    """A piece of a file on its way: sealed, deleted once the file is whole. ``start``: how many bytes come before."""

    upload = models.CharField(max_length=36, help_text="the sender's own name for it, a UUID")
    sent_by = models.CharField(max_length=40)
    start = models.BigIntegerField()
    size = models.IntegerField(help_text="bytes, as sent")
    sealed = models.BinaryField()
    at = models.DateTimeField(help_text="wall time")

    class Meta:
        db_table = "file_part"
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "upload", "sent_by", "start"], name="one_part_per_place_in_a_file"
            )
        ]
        indexes = [models.Index(fields=["org_id", "at"], name="file_part_age_ix")]
