"""The ledger: what is owed (charges), what came in (payments, credits), what settles what (allocations).

Nothing is edited: a mistake is corrected by a negative charge that names what it reverses. Only ``open`` amounts move,
and the database lets the application update nothing else. For every positive charge ``amount = open + Σ allocations``;
for every credit ``amount = open + Σ allocations + Σ payouts`` (failed ones left out). A balance is open charges less
open credits.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anju.domain.leases.models import Lease
from anju.domain.tenants.models import Person
from anju.foundation.db.models import OrgForeignKey, OrgModel


class LeaseAccount(OrgModel):
    """A lease's account: where its money is counted (building, project) and the row that a posting locks."""

    lease = OrgForeignKey(Lease, index=False)
    scope_id = models.BigIntegerField()
    building_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "lease_account"
        constraints = [models.UniqueConstraint(fields=["org_id", "lease"], name="one_account_per_lease")]


class BillingBacklog(OrgModel):
    """Leases the ordinary window does not reach: new ones until their first period is billed, longer ones once."""

    lease = OrgForeignKey(Lease, index=False)
    reason = models.CharField(max_length=20)

    class Meta:
        db_table = "billing_backlog"
        constraints = [models.UniqueConstraint(fields=["org_id", "lease"], name="one_backlog_row_per_lease")]


class Bill(OrgModel):
    """A bill (账单): the charges of one lease for one period. ``number`` is F + lease number + first day."""

    lease = OrgForeignKey(Lease, index=False)
    scope_id = models.BigIntegerField()
    number = models.CharField(max_length=60)
    period_from = models.DateField()
    period_to = models.DateField(help_text="the day after the last day")
    due_on = models.DateField()
    issued_on = models.DateField()
    run_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "bill"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "number"], name="one_bill_per_number"),
            models.UniqueConstraint(fields=["org_id", "lease", "period_from"], name="one_bill_per_lease_and_period"),
        ]
        indexes = [models.Index(fields=["org_id", "due_on"], name="bill_due_ix")]


class Charge(OrgModel):
    """An amount owed for one thing. Negative amounts are reversals. ``open`` is what is still to be paid."""

    class Kind(models.TextChoices):
        RENT = "rent", _("房租")
        DEPOSIT = "deposit", _("押金")
        PROPERTY = "property", _("物业费")
        INTERNET = "internet", _("网络费")
        CLEANING = "cleaning", _("保洁费")
        UTILITY_PREPAY = "utility_prepay", _("水电预存")
        UTILITY = "utility", _("水电费")
        SERVICE = "service", _("服务费")
        PARKING = "parking", _("停车费")
        LATE_FEE = "late_fee", _("滞纳金")
        DAMAGE = "damage", _("赔偿")
        OTHER = "other", _("其他费用")

    lease = OrgForeignKey(Lease, index=False)
    bill = OrgForeignKey(Bill, null=True)
    scope_id = models.BigIntegerField()
    building_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    name = models.CharField(max_length=60, blank=True, default="")
    period_from = models.DateField()
    period_to = models.DateField()
    due_on = models.DateField()
    issued_on = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    open = models.DecimalField(max_digits=14, decimal_places=2)
    source = models.CharField(max_length=80, help_text="schedule, fee:<name>, manual:<key>, reversal:<id>")
    revision = models.IntegerField(default=0)
    reverses = OrgForeignKey("self", null=True, index=False)
    run_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "charge"
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "lease", "kind", "period_from", "source", "revision"],
                name="one_charge_per_thing_owed",
            ),
            models.UniqueConstraint(
                fields=["org_id", "reverses"], condition=Q(reverses__isnull=False), name="a_charge_is_reversed_once"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, open__gte=0, open__lte=F("amount"), reverses__isnull=True)
                | Q(amount__lt=0, open=0, reverses__isnull=False),
                name="a_charge_is_open_within_its_amount",
            ),
        ]
        indexes = [
            models.Index(fields=["org_id", "due_on", "scope_id"], name="charge_open_ix", condition=Q(open__gt=0)),
        ]


class Payment(OrgModel):
    """Money received, once per source reference."""

    class Method(models.TextChoices):
        WECHAT = "wechat", _("微信支付")
        ALIPAY = "alipay", _("支付宝")
        BANK = "bank", _("银行转账")
        CASH = "cash", _("现金")

    number = models.CharField(max_length=40)
    lease = OrgForeignKey(Lease)
    payer = OrgForeignKey(Person, null=True, index=False)
    scope_id = models.BigIntegerField()
    method = models.CharField(max_length=10, choices=Method.choices)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    received_at = models.DateTimeField()
    source = models.CharField(
        max_length=80, help_text="what makes it unique: order:<id>, bank:<reference>, import:<row>"
    )

    class Meta:
        db_table = "payment"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "number"], name="one_payment_per_number"),
            models.UniqueConstraint(fields=["org_id", "source"], name="one_payment_per_source"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_payment_is_positive"),
        ]
        indexes = [models.Index(fields=["org_id", "received_at"], name="payment_time_ix")]


class Credit(OrgModel):
    """What may settle charges: a payment, a released deposit, a write-off, a reversal. ``open`` is not used yet."""

    class Kind(models.TextChoices):
        PAYMENT = "payment", _("付款")
        DEPOSIT_RELEASE = "deposit_release", _("押金抵扣")
        WRITE_OFF = "write_off", _("核销")
        REVERSAL = "reversal", _("冲正")

    lease = OrgForeignKey(Lease, index=False)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    payment = OrgForeignKey(Payment, null=True)
    charge = OrgForeignKey(Charge, null=True, index=False, help_text="what a reversal or write-off is for")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    open = models.DecimalField(max_digits=14, decimal_places=2)
    at = models.DateTimeField()

    class Meta:
        db_table = "credit"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, open__gte=0, open__lte=F("amount")), name="a_credit_is_open_within_its_amount"
            ),
        ]
        indexes = [
            models.Index(fields=["org_id", "lease"], name="credit_lease_ix"),
            models.Index(fields=["org_id", "lease"], name="credit_open_ix", condition=Q(open__gt=0)),
        ]


class Allocation(OrgModel):
    """Part of a credit settles part of a charge."""

    credit = OrgForeignKey(Credit)
    charge = OrgForeignKey(Charge)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    at = models.DateTimeField()

    class Meta:
        db_table = "allocation"
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="an_allocation_is_positive")]


class PayoutKind(models.TextChoices):
    """Why money left: back to the payer from a credit, or a deposit returned."""

    REFUND = "refund", _("退款")
    DEPOSIT = "deposit", _("退押金")


class PayoutState(models.TextChoices):
    """Whether the money has left. A gateway's refund is asked for first; a failed one gives the credit back."""

    ASKED = "asked", _("退款中")
    DONE = "done", _("已退")
    FAILED = "failed", _("未退成")


class Payout(OrgModel):
    """Money given back, from an open credit or a held deposit. Failed ones do not count."""

    lease = OrgForeignKey(Lease)
    kind = models.CharField(max_length=8, choices=PayoutKind.choices)
    credit = OrgForeignKey(Credit)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    at = models.DateTimeField()
    source = models.CharField(max_length=80)
    state = models.CharField(max_length=6, choices=PayoutState.choices, default=PayoutState.DONE)

    class Meta:
        db_table = "payout"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "source"], name="one_payout_per_source"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_payout_is_positive"),
        ]


class BillingMonth(OrgModel):
    """Kept sums by month and building: what fell due, and what of it was settled. Deposits are not counted."""

    month = models.DateField()
    scope_id = models.BigIntegerField()
    building_id = models.BigIntegerField()
    due = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    settled = models.DecimalField(max_digits=16, decimal_places=2, default=0)

    class Meta:
        db_table = "billing_month"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "month", "scope_id", "building_id"], name="one_sum_per_month")
        ]
