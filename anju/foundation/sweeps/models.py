"""Runs, batches and decisions of the recurring engines."""

from __future__ import annotations

from django.db import models

from anju.foundation.db.models import OrgForeignKey, OrgModel


class SweepRun(OrgModel):
    """One run of a sweep for a day. It pins its policy versions and parameters, so a crash resumes the same run."""

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    sweep = models.CharField(max_length=40)
    scope = models.CharField(max_length=60, default="org")
    as_of = models.DateField()
    attempt = models.IntegerField(default=1)
    versions = models.JSONField()
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    candidates = models.BigIntegerField(default=0)
    tally = models.JSONField(default=dict)
    fault = models.TextField(blank=True, default="")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sweep_run"
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "sweep", "scope", "as_of", "attempt"], name="one_run_per_sweep_day_and_attempt"
            )
        ]


class SweepBatch(OrgModel):
    """A range of subjects that commits on its own. Tallies are kept for ever; ``root`` proves every decision in it."""

    run = OrgForeignKey(SweepRun, index=False)
    n = models.IntegerField()
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    state = models.CharField(max_length=8, default="open")
    candidates = models.BigIntegerField(default=0)
    tally = models.JSONField(default=dict)
    root = models.BinaryField(null=True)

    class Meta:
        db_table = "sweep_batch"
        constraints = [models.UniqueConstraint(fields=["org_id", "run", "n"], name="one_batch_per_place_in_a_run")]


class Decision(models.Model):
    """What a run decided about one subject, and why. Partitioned by month of ``as_of``; made in 0001 by SQL.

    ``detail`` is the exact JSON text that the Merkle leaf covers.
    """

    pk = models.CompositePrimaryKey("org_id", "as_of", "run_id", "subject_id")
    org_id = models.BigIntegerField()
    as_of = models.DateField()
    run_id = models.BigIntegerField()
    subject_id = models.BigIntegerField()
    code = models.CharField(max_length=40)
    version_id = models.BigIntegerField(null=True)
    effect_id = models.BigIntegerField(null=True)
    detail = models.TextField(null=True)

    class Meta:
        db_table = "decision"
        managed = False
