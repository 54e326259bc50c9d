"""An import: the file, its rows as they were read, what will become of each, and what became of it.

Whatever identifies a person (phones, document numbers, the row as it was) is sealed under the organization's key; rows
and file are removed 30 days after they were applied.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anju.foundation.db.models import OrgForeignKey, OrgModel


class ImportFile(OrgModel):
    """One file on its way in. ``mapping`` is field → column index; ``options`` the year for dates without one and
    ``defaults`` for fields the file has no column for. ``progress`` counts rows read, then rows applied."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("待核对列")
        READING = "reading", _("正在读取")
        PREVIEWED = "previewed", _("待确认")
        APPLYING = "applying", _("正在导入")
        APPLIED = "applied", _("已完成")
        REFUSED = "refused", _("读不出来")
        DROPPED = "dropped", _("已放弃")

    target = models.CharField(max_length=20)
    sha256 = models.BinaryField()
    stored_id = models.BigIntegerField(null=True, help_text="its file; null once removed")
    sheet = models.CharField(max_length=100, blank=True, default="")
    sheets = models.JSONField(default=list)
    signature = models.CharField(max_length=64, blank=True, default="")
    columns = models.JSONField(default=list)
    samples = models.BinaryField(null=True, help_text="a few cells of each column, sealed")
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    refusal = models.JSONField(null=True)
    aside = models.JSONField(default=list)
    rows = models.IntegerField(default=0)
    progress = models.IntegerField(default=0)
    actor = models.CharField(max_length=40)
    uploaded_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "import_file"
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "target", "sha256"],
                condition=Q(state__in=["uploaded", "reading", "previewed", "applying"]),
                name="one_open_import_per_file",
            )
        ]
        indexes = [models.Index(fields=["org_id", "uploaded_at"], name="import_file_at_ix")]


class ImportRow(OrgModel):
    """A row of a file. ``n`` is its number in the sheet; ``key`` says what it is about (equal keys are one thing);
    ``lead`` is the first row of those that are applied together; ``twin`` the row it repeats or contradicts."""

    class Fate(models.TextChoices):
        NEW = "new", _("新增")
        SAME = "same", _("已有，不变")
        CHANGES = "changes", _("更新")
        DUPLICATE = "duplicate", _("表内重复")
        BAD = "bad", _("有问题")

    file = OrgForeignKey(ImportFile, index=False)
    n = models.IntegerField()
    lead = models.IntegerField()
    key = models.TextField(default="")
    digest = models.BinaryField(null=True)
    values = models.JSONField(default=dict)
    sealed = models.BinaryField()
    phone_blind = models.BinaryField(null=True)
    document_blind = models.BinaryField(null=True)
    problems = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    fate = models.CharField(max_length=10, choices=Fate.choices, null=True)
    twin = models.IntegerField(null=True)
    changes = models.JSONField(default=list)
    done = models.BooleanField(default=False)
    subject_kind = models.CharField(max_length=20, blank=True, default="")
    subject_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "import_row"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "file", "n"], name="one_import_row_per_number"),
        ]
        indexes = [
            models.Index(fields=["org_id", "file", "fate", "n"], name="import_row_fate_ix"),
            models.Index(fields=["org_id", "file", "lead"], name="import_row_open_ix", condition=Q(done=False)),
        ]


class ImportMapping(OrgModel):
    """The mapping a person confirmed for files with these column titles."""

    target = models.CharField(max_length=20)
    signature = models.CharField(max_length=64)
    mapping = models.JSONField()
    options = models.JSONField(default=dict)
    used_at = models.DateTimeField()

    class Meta:
        db_table = "import_mapping"
        constraints = [models.UniqueConstraint(fields=["org_id", "target", "signature"], name="one_mapping_per_titles")]


class ImportLink(OrgModel):
    """Which record a row became, for rows that the record itself cannot be recognised by."""

    target = models.CharField(max_length=20)
    key = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()

    class Meta:
        db_table = "import_link"
        constraints = [models.UniqueConstraint(fields=["org_id", "target", "key"], name="one_record_per_import_key")]
