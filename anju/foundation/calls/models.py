"""The service an organization calls by, numbers lent for some minutes, and the calls made over them. No phones."""

from __future__ import annotations

from django.db import models

from anju.foundation.db.models import OrgForeignKey, OrgModel
from anju.foundation.flows.models import FlowCase


class CallService(OrgModel):
    """How an organization reaches its number-protection service. ``secret`` is sealed JSON."""

    provider = models.CharField(max_length=20)
    enabled = models.BooleanField(db_default=True)
    config = models.JSONField(db_default={})
    secret = models.BinaryField(null=True)

    class Meta:
        db_table = "call_service"
        constraints = [models.UniqueConstraint(fields=["org_id"], name="one_call_service")]


class StaffPhone(OrgModel):
    """The phone a colleague calls from, as they entered it: sealed, opened for the provider only."""

    staff_id = models.BigIntegerField()
    sealed = models.BinaryField()
    entered_at = models.DateTimeField()

    class Meta:
        db_table = "staff_phone"
        constraints = [models.UniqueConstraint(fields=["org_id", "staff_id"], name="one_phone_per_staff")]


class CallBinding(OrgModel):
    """A number of the pool lent to a colleague and a tenant of a case; either may dial it.

    ``out_id`` travels with it and comes back in receipts: only the provider and we know it. ``bound_at`` is business
    time, the others wall time, because the provider lives in it. No phone is kept.
    """

    case = OrgForeignKey(FlowCase)
    staff_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    as_assignee = models.BooleanField(help_text="lent because the colleague works on the case, not as a supervisor")
    by = models.CharField(max_length=40)
    x_number = models.CharField(max_length=20)
    subs_id = models.CharField(max_length=40)
    out_id = models.CharField(max_length=40)
    bound_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "call_binding"
        constraints = [models.UniqueConstraint(fields=["org_id", "out_id"], name="one_binding_per_out_id")]
        indexes = [models.Index(fields=["org_id", "person_id"], name="call_binding_person_ix")]


class CallRecord(OrgModel):
    """A call over a lent number, as the provider reports it; ``started_at`` in business time."""

    class Result(models.TextChoices):
        CALLING = "calling"
        CONNECTED = "connected"
        UNANSWERED = "unanswered"
        BLOCKED = "blocked"

    binding = OrgForeignKey(CallBinding)
    call_id = models.CharField(max_length=100)
    by_staff = models.BooleanField()
    started_at = models.DateTimeField()
    seconds = models.IntegerField(null=True, help_text="of talk; none while it is not over")
    result = models.CharField(max_length=12, choices=Result.choices)
    receipts = models.SmallIntegerField(db_default=1, help_text="how often the provider reported it")

    class Meta:
        db_table = "call_record"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "call_id"], name="one_record_per_call"),
            models.CheckConstraint(
                condition=models.Q(seconds__isnull=True) | models.Q(seconds__gte=0), name="a_call_lasts_no_less_than_0"
            ),
        ]
