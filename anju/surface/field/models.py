"""What phones have sent, so that nothing counts twice."""

from __future__ import annotations

from django.db import models

from anju.foundation.db.models import OrgForeignKey, OrgModel
from anju.foundation.flows.models import FlowCase


class FieldEntry(OrgModel):
    """A step that a phone sent, under the phone's own name for it. A step that was refused leaves no row."""

    key = models.CharField(max_length=36, help_text="the phone's name for it, a UUID")
    staff_id = models.BigIntegerField()
    case = OrgForeignKey(FlowCase, index=False)
    stage = models.CharField(max_length=30, help_text="where the case stood afterwards")
    at = models.DateTimeField(help_text="wall time")

    class Meta:
        db_table = "field_entry"
        constraints = [models.UniqueConstraint(fields=["org_id", "staff_id", "key"], name="an_entry_counts_once")]
        indexes = [models.Index(fields=["org_id", "at"], name="field_entry_age_ix")]
