"""Leases: who rents what, from when to when, for how much.

Days are half-open as in :class:`anju.kit.Period`: ``end_on`` is the day AFTER the last day. Terms never change in
place: an amendment adds a :class:`LeaseVersion` with its complete schedule of rates. Two leases can not hold one
place on one day: ``lease_unit`` refuses it (租赁解释 §5).
"""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from anju.domain.portfolio.models import Unit
from anju.domain.tenants.models import Person
from anju.foundation.db.models import OrgForeignKey, OrgModel


class Lease(OrgModel):
    """A contract (合同). ``number`` is what people say: HZ25-0412.

    ``end_on`` is the agreed end; ``actual_end_on`` the day the tenant really left; ``holds_until`` until when places
    are held and rent runs: the agreed end, later by hold-over, or the actual end. ``anchor_on`` starts the first full
    billing period, ``bill_day`` is its day of month; rent is due ``due_offset_days`` after a period's first day
    (negative: before it). ``rev`` counts changes, so that the second of two editors is told.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("草稿")
        AWAITING = "awaiting", _("待搬入")
        ACTIVE = "active", _("执行中")
        ENDED = "ended", _("已结束")
        CANCELLED = "cancelled", _("已取消")

    number = models.CharField(max_length=40)
    scope_id = models.BigIntegerField()
    payer = OrgForeignKey(Person)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    start_on = models.DateField()
    end_on = models.DateField()
    actual_end_on = models.DateField(null=True)
    holds_until = models.DateField()
    signed_on = models.DateField(null=True)
    cycle_months = models.SmallIntegerField()
    anchor_on = models.DateField()
    due_offset_days = models.SmallIntegerField(default=0)
    bill_day = models.SmallIntegerField()
    current_version = OrgForeignKey("LeaseVersion", null=True, index=False, related_name="+")
    auto_renew = models.BooleanField(default=False)
    draft = models.JSONField(null=True)
    rev = models.IntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "lease"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "number"], name="one_lease_per_number"),
            models.CheckConstraint(condition=Q(end_on__gt=F("start_on")), name="a_lease_ends_after_it_starts"),
            models.CheckConstraint(
                condition=RawSQL("end_on <= start_on + interval '20 years'", [], output_field=models.BooleanField()),
                name="a_lease_is_at_most_twenty_years",  # 民法典 705
            ),
            models.CheckConstraint(
                condition=Q(due_offset_days__gte=-15, due_offset_days__lte=15), name="rent_is_due_within_15_days"
            ),
            models.CheckConstraint(condition=Q(bill_day__gte=1, bill_day__lte=31), name="a_bill_day_is_in_a_month"),
            models.CheckConstraint(condition=Q(cycle_months__gte=1, cycle_months__lte=240), name="a_cycle_has_months"),
            models.CheckConstraint(
                condition=Q(status="ended", actual_end_on__isnull=False)
                | (~Q(status="ended") & Q(actual_end_on__isnull=True)),
                name="an_ended_lease_has_an_actual_end",
            ),
        ]
        indexes = [
            models.Index(
                fields=["org_id", "due_offset_days", "bill_day"],
                name="lease_billing_ix",
                condition=Q(status="active"),
            ),
            models.Index(fields=["org_id", "scope_id", "status", "id"], name="lease_scope_ix"),
            models.Index(
                fields=["org_id", "holds_until"], name="lease_ending_ix", condition=Q(status__in=["awaiting", "active"])
            ),
            models.Index(fields=["org_id", "start_on"], name="lease_awaiting_ix", condition=Q(status="awaiting")),
            models.Index(fields=["org_id", "id"], name="lease_draft_ix", condition=Q(status="draft")),
        ]


class LeaseVersion(OrgModel):
    """One text of a lease's terms, in force from ``effective_from``; never changed. ``terms`` is a ``LeaseTerms``;
    ``proration`` and ``deposit`` (¥, resolved from months of rent) repeat it as columns for SQL."""

    lease = OrgForeignKey(Lease, index=False)
    n = models.IntegerField()
    effective_from = models.DateField()
    terms = models.JSONField()
    proration = models.CharField(max_length=12)
    deposit = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    reason = models.CharField(max_length=200, blank=True, default="")
    made_at = models.DateTimeField()

    class Meta:
        db_table = "lease_version"
        constraints = [models.UniqueConstraint(fields=["org_id", "lease", "n"], name="one_lease_version_per_number")]


class LeaseParty(OrgModel):
    """A person's part in a lease, from a day until a day (exclusive; null: still)."""

    class Role(models.TextChoices):
        PAYER = "payer", _("付款人")
        TENANT = "tenant", _("承租人")
        OCCUPANT = "occupant", _("同住人")

    lease = OrgForeignKey(Lease)
    person = OrgForeignKey(Person)
    role = models.CharField(max_length=8, choices=Role.choices)
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        db_table = "lease_party"
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "lease", "person", "role", "from_on"], name="one_part_per_person_role_and_day"
            ),
            models.UniqueConstraint(
                fields=["org_id", "lease"],
                condition=Q(role="payer", until_on__isnull=True),
                name="one_payer_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="a_part_ends_after_it_begins"
            ),
        ]


class LeaseRate(OrgModel):
    """Rent per month from ``from_on`` to ``to_on`` (exclusive). All rows of a version are its complete schedule:
    free rent is a row with 0, steps are resolved.

    The schedule has neither gap nor overlap, held by the database: a version has one first row, and every other row
    ``continues_on`` the day another row of the version ends.
    """

    version = OrgForeignKey(LeaseVersion, index=False)
    lease = OrgForeignKey(Lease, index=False)
    from_on = models.DateField()
    to_on = models.DateField()
    continues_on = models.DateField(null=True)
    monthly = models.DecimalField(max_digits=14, decimal_places=4)

    class Meta:
        db_table = "lease_rate"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "version", "to_on"], name="one_rate_ends_on_a_day"),
            models.UniqueConstraint(fields=["org_id", "version", "continues_on"], name="one_rate_follows_another"),
            models.UniqueConstraint(
                fields=["org_id", "version"], condition=Q(continues_on__isnull=True), name="one_rate_begins_a_schedule"
            ),
            models.CheckConstraint(condition=Q(to_on__gt=F("from_on")), name="a_rate_holds_a_day"),
            models.CheckConstraint(
                condition=Q(continues_on__isnull=True) | Q(continues_on=F("from_on")), name="a_rate_leaves_no_gap"
            ),
            models.CheckConstraint(condition=Q(monthly__gte=0), name="a_rate_is_not_negative"),
        ]


class LeaseFee(OrgModel):
    """A charge besides rent: ``amount`` each month from ``from_on`` to ``to_on`` (exclusive), or once on
    ``from_on``."""

    class Kind(models.TextChoices):
        PROPERTY = "property", _("物业费")
        INTERNET = "internet", _("网络费")
        CLEANING = "cleaning", _("保洁费")
        UTILITY_PREPAY = "utility_prepay", _("水电预存")
        SERVICE = "service", _("服务费")
        PARKING = "parking", _("停车费")
        OTHER = "other", _("其他费用")

    class Per(models.TextChoices):
        MONTH = "month", _("每月")
        ONCE = "once", _("一次性")

    version = OrgForeignKey(LeaseVersion)
    lease = OrgForeignKey(Lease, index=False)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    name = models.CharField(max_length=60)
    per = models.CharField(max_length=5, choices=Per.choices, default=Per.MONTH)
    amount = models.DecimalField(max_digits=14, decimal_places=4)
    from_on = models.DateField()
    to_on = models.DateField()

    class Meta:
        db_table = "lease_fee"
        constraints = [
            models.CheckConstraint(condition=Q(to_on__gt=F("from_on")), name="a_fee_holds_a_day"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="a_fee_is_not_negative"),
        ]


class LeaseUnit(OrgModel):
    """A leaf unit held by a lease for a run of days. ``unit`` is what was let, ``leaf_unit`` what is thereby
    occupied."""

    lease = OrgForeignKey(Lease)
    unit = OrgForeignKey(Unit)
    leaf_unit = OrgForeignKey(Unit, index=False, related_name="+")  # below
    occupied = DateRangeField()

    class Meta:
        db_table = "lease_unit"
        # Of many units at once: the constraint's index answers for one unit, not for one of these.
        indexes = [models.Index(fields=["org_id", "leaf_unit"], name="lease_unit_leaf_ix")]
        constraints = [
            ExclusionConstraint(
                name="a_unit_is_let_once_at_a_time",
                expressions=[
                    ("org_id", RangeOperators.EQUAL),
                    ("leaf_unit", RangeOperators.EQUAL),
                    ("occupied", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=RawSQL(
                    "NOT isempty(occupied) AND NOT lower_inf(occupied) AND NOT upper_inf(occupied)",
                    [],
                    output_field=models.BooleanField(),
                ),
                name="a_unit_is_held_for_known_days",
            ),
        ]


class LeaseNumberSeries(OrgModel):
    """The last number given out for a prefix such as ``HZ25``."""

    prefix = models.CharField(max_length=20)
    last = models.IntegerField(default=0)

    class Meta:
        db_table = "lease_number_series"
        constraints = [models.UniqueConstraint(fields=["org_id", "prefix"], name="one_series_per_prefix")]
