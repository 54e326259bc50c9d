"""Merchant accounts, orders, callbacks, refunds, statements and what is wrong with them."""

import django.db.models.deletion
from django.db import migrations, models

import anju.foundation.db.models
from anju.foundation.db.models import current_org
from anju.foundation.db.operations import OrgTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [("db", "0002_clock")]

    operations = [
        migrations.CreateModel(
            name="GatewayNotice",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=current_org(), editable=False)),
                ("gateway", models.CharField(max_length=20)),
                ("notification_id", models.CharField(max_length=64, null=True)),
                ("event", models.CharField(blank=True, default="", max_length=40)),
                ("reference", models.CharField(blank=True, default="", max_length=64)),
                ("body_sha256", models.CharField(max_length=64)),
                ("headers", models.JSONField()),
                ("verdict", models.CharField(max_length=24)),
                ("attempts", models.IntegerField(db_default=1, default=1)),
                ("received_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
            ],
            options={
                "db_table": "gateway_notice",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("org_id", "gateway", "notification_id"), name="one_notice_per_notification"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GatewayProblem",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=current_org(), editable=False)),
                ("gateway", models.CharField(max_length=20)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("wrong_signature", "Wrong Signature"),
                            ("stale", "Stale"),
                            ("malformed", "Malformed"),
                            ("wrong_merchant", "Wrong Merchant"),
                            ("unknown_order", "Unknown Order"),
                            ("unknown_refund", "Unknown Refund"),
                            ("wrong_amount", "Wrong Amount"),
                            ("paid_twice", "Paid Twice"),
                            ("not_posted", "Not Posted"),
                            ("refund_failed", "Refund Failed"),
                            ("refund_blocked", "Refund Blocked"),
                            ("difference", "Difference"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reference", models.CharField(blank=True, default="", max_length=64)),
                ("detail", models.JSONField(default=dict)),
                ("count", models.IntegerField(db_default=1, default=1)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_by", models.CharField(blank=True, db_default="", default="", max_length=40)),
                ("note", models.CharField(blank=True, db_default="", default="", max_length=200)),
            ],
            options={
                "db_table": "gateway_problem",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)),
                        fields=("org_id", "gateway", "kind", "reference"),
                        name="one_open_problem_per_kind_and_reference",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MerchantAccount",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=current_org(), editable=False)),
                ("gateway", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=60)),
                ("config", models.BinaryField()),
                ("active", models.BooleanField(default=True)),
                ("drill", models.BooleanField(default=False, help_text="talks to the stand-in, moves no money")),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "db_table": "merchant_account",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("active", True)),
                        fields=("org_id", "gateway"),
                        name="one_active_account_per_gateway",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentOrder",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=current_org(), editable=False)),
                ("number", models.CharField(max_length=32)),
                ("gateway", models.CharField(max_length=20)),
                ("method", models.CharField(max_length=10)),
                ("subject_kind", models.CharField(max_length=40)),
                ("subject_id", models.BigIntegerField()),
                ("payer", models.CharField(max_length=40)),
                ("description", models.CharField(max_length=127)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("created", "Created"),
                            ("prepared", "Prepared"),
                            ("paid", "Paid"),
                            ("closed", "Closed"),
                            ("failed", "Failed"),
                            ("refunding", "Refunding"),
                            ("part_refunded", "Part Refunded"),
                            ("refunded", "Refunded"),
                        ],
                        default="created",
                        max_length=14,
                    ),
                ),
                ("prepay", models.JSONField(default=dict)),
                ("prepared_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("next_check_at", models.DateTimeField()),
                ("checks", models.IntegerField(db_default=0, default=0)),
                ("paid_at", models.DateTimeField(null=True)),
                ("paid_amount", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("gateway_transaction", models.CharField(max_length=64, null=True)),
                ("refund_asked", models.DecimalField(db_default=0, decimal_places=2, default=0, max_digits=14)),
                ("refunded_amount", models.DecimalField(db_default=0, decimal_places=2, default=0, max_digits=14)),
                (
                    "account",
                    anju.foundation.db.models.OrgForeignKey(
                        index=False, on_delete=django.db.models.deletion.PROTECT, to="payments.merchantaccount"
                    ),
                ),
            ],
            options={
                "db_table": "payment_order",
            },
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=current_org(), editable=False)),
                ("number", models.CharField(max_length=64)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("reason", models.CharField(max_length=80)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("processing", "Processing"),
                            ("succeeded", "Succeeded"),
                            ("closed", "Closed"),
                            ("abnormal", "Abnormal"),
                        ],
                        default="asked",
                        max_length=12,
                    ),
                ),
                ("asked_by", models.CharField(max_length=40)),
                ("asked_at", models.DateTimeField()),
                ("next_check_at", models.DateTimeField()),
                ("attempts", models.IntegerField(db_default=0, default=0)),
                ("gateway_refund", models.CharField(blank=True, db_default="", default="", max_length=64)),
                ("error", models.CharField(blank=True, db_default="", default="", max_length=64)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "order",
                    anju.foundation.db.models.OrgForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="payments.paymentorder"
                    ),
                ),
            ],
            options={
                "db_table": "payment_refund",
            },
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=current_org(), editable=False)),
                ("gateway", models.CharField(max_length=20)),
                ("day", models.DateField()),
                ("state", models.CharField(choices=[("loaded", "Loaded"), ("empty", "Empty")], max_length=10)),
                ("lines", models.IntegerField()),
                ("fetched_at", models.DateTimeField()),
                ("reconciled_at", models.DateTimeField(null=True)),
                (
                    "account",
                    anju.foundation.db.models.OrgForeignKey(
                        index=False, on_delete=django.db.models.deletion.PROTECT, to="payments.merchantaccount"
                    ),
                ),
            ],
            options={
                "db_table": "payment_statement",
            },
        ),
        migrations.CreateModel(
            name="Difference",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=current_org(), editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("unknown_here", "Unknown Here"),
                            ("unpaid_here", "Unpaid Here"),
                            ("missing_there", "Missing There"),
                            ("amount", "Amount"),
                            ("refund_unknown_here", "Refund Unknown Here"),
                            ("refund_missing_there", "Refund Missing There"),
                            ("refund_amount", "Refund Amount"),
                        ],
                        max_length=24,
                    ),
                ),
                ("reference", models.CharField(max_length=64)),
                ("order_id", models.BigIntegerField(null=True)),
                ("ours", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("theirs", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("found_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, db_default="", default="", max_length=200)),
                (
                    "statement",
                    anju.foundation.db.models.OrgForeignKey(
                        index=False, on_delete=django.db.models.deletion.PROTECT, to="payments.statement"
                    ),
                ),
            ],
            options={
                "db_table": "payment_difference",
            },
        ),
        migrations.CreateModel(
            name="StatementLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=current_org(), editable=False)),
                ("n", models.IntegerField()),
                ("kind", models.CharField(max_length=8)),
                ("at", models.DateTimeField()),
                ("gateway_transaction", models.CharField(max_length=64)),
                ("order_number", models.CharField(max_length=32)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("refund_number", models.CharField(blank=True, default="", max_length=64)),
                ("refund_amount", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("fee", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                (
                    "statement",
                    anju.foundation.db.models.OrgForeignKey(
                        index=False, on_delete=django.db.models.deletion.PROTECT, to="payments.statement"
                    ),
                ),
            ],
            options={
                "db_table": "payment_statement_line",
            },
        ),
        migrations.AddIndex(
            model_name="paymentorder",
            index=models.Index(
                condition=models.Q(("state__in", ["created", "prepared"])),
                fields=["org_id", "next_check_at"],
                name="payment_order_due_ix",
            ),
        ),
        migrations.AddIndex(
            model_name="paymentorder",
            index=models.Index(fields=["org_id", "subject_kind", "subject_id"], name="payment_order_subject_ix"),
        ),
        migrations.AddIndex(
            model_name="paymentorder",
            index=models.Index(fields=["org_id", "gateway", "paid_at"], name="payment_order_paid_ix"),
        ),
        migrations.AddConstraint(
            model_name="paymentorder",
            constraint=models.UniqueConstraint(fields=("org_id", "gateway", "number"), name="one_order_per_number"),
        ),
        migrations.AddConstraint(
            model_name="paymentorder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("gateway_transaction__isnull", False)),
                fields=("org_id", "gateway", "gateway_transaction"),
                name="one_order_per_gateway_transaction",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentorder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["created", "prepared"])),
                fields=("org_id", "subject_kind", "subject_id", "payer"),
                name="one_open_order_per_subject_and_payer",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentorder",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="an_order_asks_for_money"),
        ),
        migrations.AddConstraint(
            model_name="paymentorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("gateway_transaction__isnull", True), ("paid_amount__isnull", True), ("paid_at__isnull", True)
                    ),
                    models.Q(
                        ("gateway_transaction__isnull", False),
                        ("paid_amount", models.F("amount")),
                        ("paid_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="an_order_is_paid_in_full_or_not_at_all",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("gateway_transaction__isnull", True),
                        ("state__in", ["created", "prepared", "closed", "failed"]),
                    ),
                    models.Q(
                        ("gateway_transaction__isnull", False),
                        ("state__in", ["paid", "refunding", "part_refunded", "refunded"]),
                    ),
                    _connector="OR",
                ),
                name="a_paid_order_names_its_transaction",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("refunded_amount__gte", 0),
                    ("refunded_amount__lte", models.F("refund_asked")),
                    ("refund_asked__lte", models.F("amount")),
                ),
                name="refunds_never_exceed_the_order",
            ),
        ),
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(
                condition=models.Q(("state__in", ["asked", "processing"])),
                fields=["org_id", "next_check_at"],
                name="payment_refund_due_ix",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.UniqueConstraint(fields=("org_id", "number"), name="one_refund_per_number"),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="a_refund_returns_money"),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.UniqueConstraint(fields=("org_id", "account", "day"), name="one_statement_per_day"),
        ),
        migrations.AddIndex(
            model_name="difference",
            index=models.Index(
                condition=models.Q(("settled_at", None)),
                fields=["org_id", "found_at"],
                name="payment_difference_open_ix",
            ),
        ),
        migrations.AddConstraint(
            model_name="difference",
            constraint=models.UniqueConstraint(
                fields=("org_id", "statement", "kind", "reference"), name="one_row_per_difference"
            ),
        ),
        migrations.AddIndex(
            model_name="statementline",
            index=models.Index(fields=["org_id", "order_number"], name="statement_line_order_ix"),
        ),
        migrations.AddIndex(
            model_name="statementline",
            index=models.Index(
                condition=models.Q(("refund_number", ""), _negated=True),
                fields=["org_id", "refund_number"],
                name="statement_line_refund_ix",
            ),
        ),
        migrations.AddConstraint(
            model_name="statementline",
            constraint=models.UniqueConstraint(fields=("org_id", "statement", "n"), name="one_line_per_place"),
        ),
        OrgTable("MerchantAccount", no_delete=True),
        OrgTable("PaymentOrder", no_delete=True),
        OrgTable("GatewayNotice", no_delete=True),
        OrgTable("Refund", no_delete=True),
        OrgTable("Statement", no_delete=True),
        OrgTable("StatementLine", append_only=True),
        OrgTable("Difference", no_delete=True),
        OrgTable("GatewayProblem", no_delete=True),
    ]
