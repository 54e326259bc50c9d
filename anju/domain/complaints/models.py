"""What a complaint knows besides its case: who, about what, how it came; and every reply that was given."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anju.domain.leases.models import Lease
from anju.foundation.db.models import OrgForeignKey, OrgModel
from anju.foundation.flows.models import FlowCase


class Complaint(OrgModel):
    """A complaint. Stage, owner and deadlines are its case's.

    ``record`` is what it is about, if anything: a work order, a bill or the lease itself, always of the same lease.
    ``hotline_no`` is the number that 12345 gave it.
    """

    class Cause(models.TextChoices):
        REPAIR = "repair", _("维修")
        FEE = "fee", _("费用")
        DEPOSIT = "deposit", _("押金")
        NEIGHBOUR = "neighbour", _("邻里")
        STAFF = "staff", _("服务态度")
        SAFETY = "safety", _("安全")
        OTHER = "other", _("其他")

    class Source(models.TextChoices):
        PORTAL = "portal", _("租客网页")
        PHONE = "phone", _("电话")
        HOTLINE = "hotline", _("12345 热线")

    class Record(models.TextChoices):
        NONE = "", _("无")
        ORDER = "workorder", _("工单")
        BILL = "bill", _("账单")
        LEASE = "lease", _("合同")

    case = OrgForeignKey(FlowCase, index=False)
    lease = OrgForeignKey(Lease)
    person_id = models.BigIntegerField()
    scope_id = models.BigIntegerField()
    cause = models.CharField(max_length=10, choices=Cause.choices)
    source = models.CharField(max_length=8, choices=Source.choices)
    hotline_no = models.CharField(max_length=40, blank=True, default="")
    record_kind = models.CharField(max_length=10, choices=Record.choices, blank=True, default="")
    record_id = models.BigIntegerField(default=0)
    said = models.CharField(max_length=1000)
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "complaint"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "case"], name="one_complaint_per_case"),
            models.UniqueConstraint(
                fields=["org_id", "hotline_no"], condition=~Q(hotline_no=""), name="one_complaint_per_hotline_number"
            ),
        ]
        indexes = [
            models.Index(fields=["org_id", "scope_id", "opened_at"], name="complaint_scope_ix"),
            models.Index(fields=["org_id", "person_id"], name="complaint_person_ix"),
        ]


class ComplaintReply(OrgModel):
    """A reply as it was given; a complaint that was reopened has several."""

    complaint = OrgForeignKey(Complaint)
    text = models.CharField(max_length=2000)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        db_table = "complaint_reply"
