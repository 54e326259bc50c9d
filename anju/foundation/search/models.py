"""The search index: one entry per thing that can be found, and the keys that lead to it by their beginning.

Rows are written through ``search_index`` and read through ``search_find`` (``sql/``), never by the ORM:
under row-level security the indexes would not be used.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from anju.foundation.db.models import OrgForeignKey, OrgModel


class SearchEntry(OrgModel):
    """Something to find. ``handle`` tells it from its namesakes (lease number · phone tail); ``words`` is all its text
    in lower case, ``grams`` every pair of neighbouring Chinese characters in it. ``scope_id`` null: no project's."""

    kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    scope_id = models.BigIntegerField(null=True)
    title = models.CharField(max_length=200)
    handle = models.CharField(max_length=120, blank=True, default="")
    detail = models.CharField(max_length=200, blank=True, default="")
    words = models.TextField()
    grams = ArrayField(models.TextField())

    class Meta:
        db_table = "search_entry"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "kind", "subject_id"], name="one_search_entry_per_subject")
        ]


class SearchKey(OrgModel):
    """A code, a pinyin or a blind index that leads to an entry: lower case, without dashes, compared byte by byte.
    Kind and scope are the entry's, so that a common key is narrowed before entries are read."""

    entry = OrgForeignKey(SearchEntry)
    kind = models.CharField(max_length=20)
    scope_id = models.BigIntegerField(null=True)
    key = models.TextField(db_collation="C")

    class Meta:
        db_table = "search_key"
        indexes = [
            models.Index(fields=["org_id", "key"], include=["kind", "scope_id", "entry"], name="search_key_prefix_ix")
        ]
