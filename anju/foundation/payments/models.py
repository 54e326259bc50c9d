"""What was asked of a gateway, what it said, and where the two differ."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from anju.foundation.db.models import OrgForeignKey, OrgModel

OPEN = ["created", "prepared"]


class MerchantAccount(OrgModel):
    """The organization's own account at a gateway; its keys are sealed with the organization's key."""

    gateway = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    config = models.BinaryField()
    active = models.BooleanField(default=True)
    drill = models.BooleanField(default=False, help_text="talks to the stand-in, moves no money")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "merchant_account"
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "gateway"], condition=Q(active=True), name="one_active_account_per_gateway"
            )
        ]


class PaymentOrder(OrgModel):
    """One request for money. ``number`` is the merchant's order number at the gateway (out_trade_no).

    ``paid_at`` is the gateway's time; ``refund_asked`` reserves what refunds under way may still take.
    """

    class State(models.TextChoices):
        CREATED = "created"
        PREPARED = "prepared"
        PAID = "paid"
        CLOSED = "closed"
        FAILED = "failed"
        REFUNDING = "refunding"
        PART_REFUNDED = "part_refunded"
        REFUNDED = "refunded"

    number = models.CharField(max_length=32)
    account = OrgForeignKey(MerchantAccount, index=False)
    gateway = models.CharField(max_length=20)
    method = models.CharField(max_length=10)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    payer = models.CharField(max_length=40)
    description = models.CharField(max_length=127)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    state = models.CharField(max_length=14, choices=State.choices, default=State.CREATED)
    prepay = models.JSONField(default=dict)
    prepared_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    next_check_at = models.DateTimeField()
    checks = models.IntegerField(default=0, db_default=0)
    paid_at = models.DateTimeField(null=True)
    paid_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    gateway_transaction = models.CharField(max_length=64, null=True)
    refund_asked = models.DecimalField(max_digits=14, decimal_places=2, default=0, db_default=0)
    refunded_amount = models.DecimalField(max_digits=14, decimal_places=2, default=0, db_default=0)

    class Meta:
        db_table = "payment_order"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "gateway", "number"], name="one_order_per_number"),
            models.UniqueConstraint(
                fields=["org_id", "gateway", "gateway_transaction"],
                condition=Q(gateway_transaction__isnull=False),
                name="one_order_per_gateway_transaction",
            ),
            models.UniqueConstraint(
                fields=["org_id", "subject_kind", "subject_id", "payer"],
                condition=Q(state__in=OPEN),
                name="one_open_order_per_subject_and_payer",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="an_order_asks_for_money"),
            models.CheckConstraint(
                condition=Q(gateway_transaction__isnull=True, paid_at__isnull=True, paid_amount__isnull=True)
                | Q(gateway_transaction__isnull=False, paid_at__isnull=False, paid_amount=F("amount")),
                name="an_order_is_paid_in_full_or_not_at_all",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[*OPEN, "closed", "failed"], gateway_transaction__isnull=True)
                | Q(
                    state__in=["paid", "refunding", "part_refunded", "refunded"],
                    gateway_transaction__isnull=False,
                ),
                name="a_paid_order_names_its_transaction",
            ),
            models.CheckConstraint(
                condition=Q(refunded_amount__gte=0)
                & Q(refunded_amount__lte=F("refund_asked"))
                & Q(refund_asked__lte=F("amount")),
                name="refunds_never_exceed_the_order",
            ),
        ]
        indexes = [
            models.Index(fields=["org_id", "next_check_at"], condition=Q(state__in=OPEN), name="payment_order_due_ix"),
            models.Index(fields=["org_id", "subject_kind", "subject_id"], name="payment_order_subject_ix"),
            models.Index(fields=["org_id", "gateway", "paid_at"], name="payment_order_paid_ix"),
        ]


class GatewayNotice(OrgModel):
    """A callback as it came: the hash of its bytes, the headers that prove it, and what we answered.

    ``notification_id`` is the gateway's and unique; it is NULL for what could not be verified, so that a forger cannot
    occupy the id of a real notice. ``attempts`` counts deliveries.
    """

    gateway = models.CharField(max_length=20)
    notification_id = models.CharField(max_length=64, null=True)
    event = models.CharField(max_length=40, blank=True, default="")
    reference = models.CharField(max_length=64, blank=True, default="")
    body_sha256 = models.CharField(max_length=64)
    headers = models.JSONField()
    verdict = models.CharField(max_length=24)
    attempts = models.IntegerField(default=1, db_default=1)
    received_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        db_table = "gateway_notice"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "gateway", "notification_id"], name="one_notice_per_notification")
        ]


class Refund(OrgModel):
    """Money on its way back by the original channel. ``number`` is out_refund_no: it never changes over retries."""

    class State(models.TextChoices):
        ASKED = "asked"
        PROCESSING = "processing"
        SUCCEEDED = "succeeded"
        CLOSED = "closed"
        ABNORMAL = "abnormal"

    order = OrgForeignKey(PaymentOrder)
    number = models.CharField(max_length=64)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    reason = models.CharField(max_length=80)
    state = models.CharField(max_length=12, choices=State.choices, default=State.ASKED)
    asked_by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    next_check_at = models.DateTimeField()
    attempts = models.IntegerField(default=0, db_default=0)
    gateway_refund = models.CharField(max_length=64, blank=True, default="", db_default="")
    error = models.CharField(max_length=64, blank=True, default="", db_default="")
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payment_refund"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "number"], name="one_refund_per_number"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_refund_returns_money"),
        ]
        indexes = [
            models.Index(
                fields=["org_id", "next_check_at"],
                condition=Q(state__in=["asked", "processing"]),
                name="payment_refund_due_ix",
            )
        ]


class Statement(OrgModel):
    """A gateway's account of one of its days (Beijing time)."""

    class State(models.TextChoices):
        LOADED = "loaded"
        EMPTY = "empty"

    account = OrgForeignKey(MerchantAccount, index=False)
    gateway = models.CharField(max_length=20)
    day = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices)
    lines = models.IntegerField()
    fetched_at = models.DateTimeField()
    reconciled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payment_statement"
        constraints = [models.UniqueConstraint(fields=["org_id", "account", "day"], name="one_statement_per_day")]


class StatementLine(OrgModel):
    """One line of a statement. Amounts in yuan; ``refund_amount`` is positive on refund lines, else zero."""

    statement = OrgForeignKey(Statement, index=False)
    n = models.IntegerField()
    kind = models.CharField(max_length=8)
    at = models.DateTimeField()
    gateway_transaction = models.CharField(max_length=64)
    order_number = models.CharField(max_length=32)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    refund_number = models.CharField(max_length=64, blank=True, default="")
    refund_amount = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    fee = models.DecimalField(max_digits=14, decimal_places=2, default=0)

    class Meta:
        db_table = "payment_statement_line"
        constraints = [models.UniqueConstraint(fields=["org_id", "statement", "n"], name="one_line_per_place")]
        indexes = [
            models.Index(fields=["org_id", "order_number"], name="statement_line_order_ix"),
            models.Index(
                fields=["org_id", "refund_number"], condition=~Q(refund_number=""), name="statement_line_refund_ix"
            ),
        ]


class Difference(OrgModel):
    """Where a statement and our orders disagree; open until a later reconciliation or a person settles it."""

    class Kind(models.TextChoices):
        UNKNOWN_HERE = "unknown_here"
        UNPAID_HERE = "unpaid_here"
        MISSING_THERE = "missing_there"
        AMOUNT = "amount"
        REFUND_UNKNOWN_HERE = "refund_unknown_here"
        REFUND_MISSING_THERE = "refund_missing_there"
        REFUND_AMOUNT = "refund_amount"

    statement = OrgForeignKey(Statement, index=False)
    kind = models.CharField(max_length=24, choices=Kind.choices)
    reference = models.CharField(max_length=64)
    order_id = models.BigIntegerField(null=True)
    ours = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    theirs = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        db_table = "payment_difference"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "statement", "kind", "reference"], name="one_row_per_difference")
        ]
        indexes = [
            models.Index(fields=["org_id", "found_at"], condition=Q(settled_at=None), name="payment_difference_open_ix")
        ]


class GatewayProblem(OrgModel):
    """Something about a gateway that a person has to look at; one open row per kind and reference, with a count."""

    class Kind(models.TextChoices):
        WRONG_SIGNATURE = "wrong_signature"
        STALE = "stale"
        MALFORMED = "malformed"
        WRONG_MERCHANT = "wrong_merchant"
        UNKNOWN_ORDER = "unknown_order"
        UNKNOWN_REFUND = "unknown_refund"
        WRONG_AMOUNT = "wrong_amount"
        PAID_TWICE = "paid_twice"
        NOT_POSTED = "not_posted"
        REFUND_FAILED = "refund_failed"
        REFUND_BLOCKED = "refund_blocked"
        DIFFERENCE = "difference"

    gateway = models.CharField(max_length=20)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    reference = models.CharField(max_length=64, blank=True, default="")
    detail = models.JSONField(default=dict)
    count = models.IntegerField(default=1, db_default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=40, blank=True, default="", db_default="")
    note = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        db_table = "gateway_problem"
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "gateway", "kind", "reference"],
                condition=Q(closed_at=None),
                name="one_open_problem_per_kind_and_reference",
            )
        ]
