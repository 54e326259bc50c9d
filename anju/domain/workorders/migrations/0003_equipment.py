"""Which equipment an order is about; what repairs cost and who bears it."""

import django.db.models.deletion
from django.db import migrations, models

import anju.foundation.db.models
from anju.foundation.db.operations import OrgKeys, OrgTable

WHATS = [("labour", "人工"), ("part", "材料")]
PAYERS = [("tenant", "租客"), ("landlord", "业主"), ("company", "公司")]


def key(to: str, **options: object) -> models.Field:
    return anju.foundation.db.models.OrgForeignKey(on_delete=django.db.models.deletion.PROTECT, to=to, **options)


class Migration(migrations.Migration):
    dependencies = [
        ("workorders", "0002_apart"),
        ("equipment", "0001_initial"),
        ("billing", "0004_post_orders"),
    ]

    operations = [
        migrations.AddField("workorder", "equipment", key("equipment.equipment", null=True)),
        OrgKeys("WorkOrder", ("equipment",)),
        migrations.CreateModel(
            name="WorkOrderCost",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
                ("scope_id", models.BigIntegerField()),
                ("what", models.CharField(choices=WHATS, max_length=6)),
                ("text", models.CharField(max_length=60)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12)),
                ("misuse", models.BooleanField(default=False)),
                ("warranty", models.BooleanField(default=False)),
                ("payer", models.CharField(choices=PAYERS, max_length=8)),
                ("key", models.CharField(max_length=40)),
                ("by", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_by", models.CharField(blank=True, default="", max_length=40)),
                ("withdrawn_why", models.CharField(blank=True, default="", max_length=200)),
                ("charge", key("billing.charge", index=False, null=True)),
                ("order", key("workorders.workorder", index=False)),
            ],
            options={
                "db_table": "work_order_cost",
                "indexes": [
                    models.Index(fields=["org_id", "at"], name="cost_at_ix"),
                    models.Index(
                        condition=models.Q(("withdrawn_at__isnull", False)),
                        fields=["org_id", "withdrawn_at"],
                        name="cost_back_ix",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("org_id", "order", "key"), name="a_cost_is_entered_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("charge__isnull", False)),
                        fields=("org_id", "charge"),
                        name="a_charge_is_of_one_cost",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="a_cost_is_positive"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("charge__isnull", False), ("payer", "tenant")),
                            models.Q(models.Q(("payer", "tenant"), _negated=True), ("charge__isnull", True)),
                            _connector="OR",
                        ),
                        name="a_tenants_cost_is_a_charge",
                    ),
                ],
            },
        ),
        OrgTable("WorkOrderCost", updatable=("withdrawn_at", "withdrawn_by", "withdrawn_why")),
    ]
