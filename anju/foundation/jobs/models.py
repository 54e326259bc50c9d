"""How far each organization's recurring work has come."""

from __future__ import annotations

from django.db import models

from anju.foundation.db.models import OrgModel


class JobTick(OrgModel):
    """The last occurrence of a tick that was completed, in the organization's business time."""

    name = models.CharField(max_length=80)
    done_at = models.DateTimeField()
    wall_at = models.DateTimeField()

    class Meta:
        db_table = "job_tick"
        constraints = [models.UniqueConstraint(fields=["org_id", "name"], name="one_place_per_tick")]
