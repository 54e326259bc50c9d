"""A drill organization's clock on its way: how far it is asked to go, how far it has come, what happened meanwhile."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anju.foundation.db.models import OrgModel


class ClockMove(OrgModel):
    """One jump of the clock, replayed day by day. ``from_at`` and ``to_at`` are business time, the others wall time.

    ``ran``: the clock was running before, and does again afterwards. ``said`` holds what came of it: counts and sums.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("进行中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("中途停下")

    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    ran = models.BooleanField()
    by = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    days_done = models.IntegerField(default=0)
    days_total = models.IntegerField()
    said = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "clock_move"
        constraints = [
            models.UniqueConstraint(fields=["org_id"], condition=Q(state="running"), name="one_clock_move_at_a_time"),
            models.CheckConstraint(condition=Q(to_at__gt=models.F("from_at")), name="a_clock_goes_forward"),
        ]
