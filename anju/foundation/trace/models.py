"""What happened: one hash chain per subject, append-only by privilege."""

from __future__ import annotations

from django.db import models

from anju.foundation.db.models import OrgModel


class TraceEvent(OrgModel):
    """One action on one subject. ``body`` is canonical JSON text holding ids, never personal values;
    ``hash`` covers its exact bytes and the previous event's hash."""

    stream_kind = models.CharField(max_length=40)
    stream_id = models.BigIntegerField()
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    wall_at = models.DateTimeField()
    actor = models.CharField(max_length=40)
    action = models.CharField(max_length=80)
    version_id = models.BigIntegerField(null=True)
    run_id = models.BigIntegerField(null=True)
    body = models.TextField()
    prev = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        db_table = "trace_event"
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "stream_kind", "stream_id", "seq"], name="one_event_per_place_in_a_chain"
            )
        ]
        indexes = [models.Index(fields=["org_id", "action", "id"], name="trace_event_action_ix")]


class TraceHead(OrgModel):
    """The end of each chain, locked while an event is appended."""

    stream_kind = models.CharField(max_length=40)
    stream_id = models.BigIntegerField()
    seq = models.BigIntegerField(default=0)
    hash = models.BinaryField()

    class Meta:
        db_table = "trace_head"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "stream_kind", "stream_id"], name="one_head_per_chain")
        ]


class TraceLink(OrgModel):
    """Other subjects an event concerns, for their timelines (a payment is on the lease's and the tenant's page)."""

    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    event_id = models.BigIntegerField()

    class Meta:
        db_table = "trace_link"
        indexes = [
            models.Index(fields=["org_id", "subject_kind", "subject_id", "event_id"], name="trace_link_subject_ix")
        ]
