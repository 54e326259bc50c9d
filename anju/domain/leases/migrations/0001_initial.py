import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import anju.foundation.db.models
from anju.foundation.db.operations import OrgKeys, OrgTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("portfolio", "0001_initial"),
        ("tenants", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Lease",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
                ("number", models.CharField(max_length=40)),
                ("scope_id", models.BigIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("awaiting", "待搬入"),
                            ("active", "执行中"),
                            ("ended", "已结束"),
                            ("cancelled", "已取消"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("start_on", models.DateField()),
                ("end_on", models.DateField()),
                ("actual_end_on", models.DateField(null=True)),
                ("holds_until", models.DateField()),
                ("signed_on", models.DateField(null=True)),
                ("cycle_months", models.SmallIntegerField()),
                ("anchor_on", models.DateField()),
                ("due_offset_days", models.SmallIntegerField(default=0)),
                ("bill_day", models.SmallIntegerField()),
                ("auto_renew", models.BooleanField(default=False)),
                ("draft", models.JSONField(null=True)),
                ("rev", models.IntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                (
                    "payer",
                    anju.foundation.db.models.OrgForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="tenants.person"
                    ),
                ),
            ],
            options={
                "db_table": "lease",
            },
        ),
        OrgTable("Lease", no_delete=True),
        migrations.CreateModel(
            name="LeaseNumberSeries",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
                ("prefix", models.CharField(max_length=20)),
                ("last", models.IntegerField(default=0)),
            ],
            options={
                "db_table": "lease_number_series",
                "constraints": [models.UniqueConstraint(fields=("org_id", "prefix"), name="one_series_per_prefix")],
            },
        ),
        migrations.CreateModel(
            name="LeaseVersion",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
                ("n", models.IntegerField()),
                ("effective_from", models.DateField()),
                ("terms", models.JSONField()),
                ("proration", models.CharField(max_length=12)),
                ("deposit", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                ("made_at", models.DateTimeField()),
                (
                    "lease",
                    anju.foundation.db.models.OrgForeignKey(
                        index=False, on_delete=django.db.models.deletion.PROTECT, to="leases.lease"
                    ),
                ),
            ],
            options={
                "db_table": "lease_version",
            },
        ),
        migrations.CreateModel(
            name="LeaseRate",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
                ("from_on", models.DateField()),
                ("to_on", models.DateField()),
                ("continues_on", models.DateField(null=True)),
                ("monthly", models.DecimalField(decimal_places=4, max_digits=14)),
                (
                    "lease",
                    anju.foundation.db.models.OrgForeignKey(
                        index=False, on_delete=django.db.models.deletion.PROTECT, to="leases.lease"
                    ),
                ),
                (
                    "version",
                    anju.foundation.db.models.OrgForeignKey(
                        index=False, on_delete=django.db.models.deletion.PROTECT, to="leases.leaseversion"
                    ),
                ),
            ],
            options={
                "db_table": "lease_rate",
            },
        ),
        migrations.CreateModel(
            name="LeaseFee",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("property", "物业费"),
                            ("internet", "网络费"),
                            ("cleaning", "保洁费"),
                            ("utility_prepay", "水电预存"),
                            ("service", "服务费"),
                            ("parking", "停车费"),
                            ("other", "其他费用"),
                        ],
                        max_length=16,
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                (
                    "per",
                    models.CharField(choices=[("month", "每月"), ("once", "一次性")], default="month", max_length=5),
                ),
                ("amount", models.DecimalField(decimal_places=4, max_digits=14)),
                ("from_on", models.DateField()),
                ("to_on", models.DateField()),
                (
                    "lease",
                    anju.foundation.db.models.OrgForeignKey(
                        index=False, on_delete=django.db.models.deletion.PROTECT, to="leases.lease"
                    ),
                ),
                (
                    "version",
                    anju.foundation.db.models.OrgForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="leases.leaseversion"
                    ),
                ),
            ],
            options={
                "db_table": "lease_fee",
            },
        ),
        migrations.AddField(
            model_name="lease",
            name="current_version",
            field=anju.foundation.db.models.OrgForeignKey(
                index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="leases.leaseversion",
            ),
        ),
        migrations.CreateModel(
            name="LeaseParty",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
                (
                    "role",
                    models.CharField(
                        choices=[("payer", "付款人"), ("tenant", "承租人"), ("occupant", "同住人")], max_length=8
                    ),
                ),
                ("from_on", models.DateField()),
                ("until_on", models.DateField(null=True)),
                (
                    "lease",
                    anju.foundation.db.models.OrgForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="leases.lease"
                    ),
                ),
                (
                    "person",
                    anju.foundation.db.models.OrgForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="tenants.person"
                    ),
                ),
            ],
            options={
                "db_table": "lease_party",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("org_id", "lease", "person", "role", "from_on"), name="one_part_per_person_role_and_day"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("role", "payer"), ("until_on__isnull", True)),
                        fields=("org_id", "lease"),
                        name="one_payer_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on__isnull", True), ("until_on__gte", models.F("from_on")), _connector="OR"
                        ),
                        name="a_part_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LeaseUnit",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
                ("occupied", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "leaf_unit",
                    anju.foundation.db.models.OrgForeignKey(
                        index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="portfolio.unit"
                    ),
                ),
                (
                    "lease",
                    anju.foundation.db.models.OrgForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="leases.lease"
                    ),
                ),
                (
                    "unit",
                    anju.foundation.db.models.OrgForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="portfolio.unit"
                    ),
                ),
            ],
            options={
                "db_table": "lease_unit",
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("org_id", "="), ("leaf_unit", "="), ("occupied", "&&")],
                        name="a_unit_is_let_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.expressions.RawSQL(
                            "NOT isempty(occupied) AND NOT lower_inf(occupied) AND NOT upper_inf(occupied)",
                            [],
                            output_field=models.BooleanField(),
                        ),
                        name="a_unit_is_held_for_known_days",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="leaseversion",
            constraint=models.UniqueConstraint(fields=("org_id", "lease", "n"), name="one_lease_version_per_number"),
        ),
        migrations.AddConstraint(
            model_name="leaserate",
            constraint=models.UniqueConstraint(fields=("org_id", "version", "to_on"), name="one_rate_ends_on_a_day"),
        ),
        migrations.AddConstraint(
            model_name="leaserate",
            constraint=models.UniqueConstraint(
                fields=("org_id", "version", "continues_on"), name="one_rate_follows_another"
            ),
        ),
        migrations.AddConstraint(
            model_name="leaserate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("continues_on__isnull", True)),
                fields=("org_id", "version"),
                name="one_rate_begins_a_schedule",
            ),
        ),
        migrations.AddConstraint(
            model_name="leaserate",
            constraint=models.CheckConstraint(
                condition=models.Q(("to_on__gt", models.F("from_on"))), name="a_rate_holds_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="leaserate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("continues_on__isnull", True), ("continues_on", models.F("from_on")), _connector="OR"
                ),
                name="a_rate_leaves_no_gap",
            ),
        ),
        migrations.AddConstraint(
            model_name="leaserate",
            constraint=models.CheckConstraint(condition=models.Q(("monthly__gte", 0)), name="a_rate_is_not_negative"),
        ),
        migrations.AddConstraint(
            model_name="leasefee",
            constraint=models.CheckConstraint(
                condition=models.Q(("to_on__gt", models.F("from_on"))), name="a_fee_holds_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="leasefee",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gte", 0)), name="a_fee_is_not_negative"),
        ),
        migrations.AddIndex(
            model_name="lease",
            index=models.Index(
                condition=models.Q(("status", "active")),
                fields=["org_id", "due_offset_days", "bill_day"],
                name="lease_billing_ix",
            ),
        ),
        migrations.AddIndex(
            model_name="lease",
            index=models.Index(fields=["org_id", "scope_id", "status", "id"], name="lease_scope_ix"),
        ),
        migrations.AddIndex(
            model_name="lease",
            index=models.Index(
                condition=models.Q(("status__in", ["awaiting", "active"])),
                fields=["org_id", "holds_until"],
                name="lease_ending_ix",
            ),
        ),
        migrations.AddIndex(
            model_name="lease",
            index=models.Index(
                condition=models.Q(("status", "awaiting")), fields=["org_id", "start_on"], name="lease_awaiting_ix"
            ),
        ),
        migrations.AddConstraint(
            model_name="lease",
            constraint=models.UniqueConstraint(fields=("org_id", "number"), name="one_lease_per_number"),
        ),
        migrations.AddConstraint(
            model_name="lease",
            constraint=models.CheckConstraint(
                condition=models.Q(("end_on__gt", models.F("start_on"))), name="a_lease_ends_after_it_starts"
            ),
        ),
        migrations.AddConstraint(
            model_name="lease",
            constraint=models.CheckConstraint(
                condition=django.db.models.expressions.RawSQL(
                    "end_on <= start_on + interval '20 years'", [], output_field=models.BooleanField()
                ),
                name="a_lease_is_at_most_twenty_years",
            ),
        ),
        migrations.AddConstraint(
            model_name="lease",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_offset_days__gte", -15), ("due_offset_days__lte", 15)),
                name="rent_is_due_within_15_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="lease",
            constraint=models.CheckConstraint(
                condition=models.Q(("bill_day__gte", 1), ("bill_day__lte", 31)), name="a_bill_day_is_in_a_month"
            ),
        ),
        migrations.AddConstraint(
            model_name="lease",
            constraint=models.CheckConstraint(
                condition=models.Q(("cycle_months__gte", 1), ("cycle_months__lte", 240)), name="a_cycle_has_months"
            ),
        ),
        migrations.AddConstraint(
            model_name="lease",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("actual_end_on__isnull", False), ("status", "ended")),
                    models.Q(models.Q(("status", "ended"), _negated=True), ("actual_end_on__isnull", True)),
                    _connector="OR",
                ),
                name="an_ended_lease_has_an_actual_end",
            ),
        ),
        OrgTable("LeaseNumberSeries"),
        OrgTable("LeaseVersion", append_only=True),
        OrgTable("LeaseParty", no_delete=True),
        OrgTable("LeaseRate", append_only=True),
        OrgTable("LeaseFee", append_only=True),
        OrgTable("LeaseUnit"),
        OrgKeys("Lease", ("current_version",)),
        migrations.RunSQL(
            "ALTER TABLE lease_rate ADD CONSTRAINT a_rate_continues_another"
            " FOREIGN KEY (org_id, version_id, continues_on) REFERENCES lease_rate (org_id, version_id, to_on)"
        ),
    ]
