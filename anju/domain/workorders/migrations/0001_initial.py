"""Work orders and who reported them."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import anju.foundation.db.models
from anju.foundation.db.operations import OrgTable

SPOTS = [
    ("entry", "门口玄关"), ("bath", "卫生间"), ("kitchen", "厨房"), ("bedroom", "卧室起居"), ("balcony", "阳台"),
    ("public", "楼道电梯"),
]  # fmt: skip
KINDS = [
    ("water", "水管漏水堵塞"), ("power", "电路"), ("heat", "热水取暖"), ("lock", "门窗锁"), ("air", "空调"),
    ("appliance", "家电"), ("network", "网络"), ("wall", "墙面地面"), ("other", "其他"),
]  # fmt: skip


def ground() -> list[tuple[str, models.Field]]:
    return [
        ("id", models.BigAutoField(primary_key=True, serialize=False)),
        ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
    ]


def key(to: str, **options: object) -> models.Field:
    return anju.foundation.db.models.OrgForeignKey(on_delete=django.db.models.deletion.PROTECT, to=to, **options)


def words() -> models.Field:
    return django.contrib.postgres.fields.ArrayField(
        base_field=models.CharField(max_length=20), default=list, size=None
    )


class Migration(migrations.Migration):
    initial = True

    dependencies = [("flows", "0001_initial"), ("portfolio", "0002_unit_ready_ix")]

    operations = [
        migrations.CreateModel(
            name="WorkOrder",
            fields=[
                *ground(),
                ("scope_id", models.BigIntegerField()),
                ("floor", models.SmallIntegerField(null=True)),
                ("line", models.CharField(blank=True, default="", max_length=20)),
                ("spot", models.CharField(choices=SPOTS, max_length=8)),
                ("kind", models.CharField(choices=KINDS, max_length=10)),
                ("said", models.CharField(max_length=500)),
                ("terms", words()),
                ("suggested", models.SmallIntegerField()),
                ("cues", words()),
                ("source", models.CharField(choices=[("portal", "租客上报"), ("phone", "电话代报")], max_length=8)),
                ("opened_at", models.DateTimeField()),
                ("rating", models.SmallIntegerField(null=True)),
                ("remark", models.CharField(blank=True, default="", max_length=200)),
                ("building", key("portfolio.building", index=False)),
                ("case", key("flows.flowcase", index=False)),
                ("unit", key("portfolio.unit", null=True)),
            ],
            options={
                "db_table": "work_order",
                "indexes": [
                    models.Index(fields=["org_id", "building", "opened_at"], name="order_building_ix"),
                    models.Index(fields=["org_id", "scope_id", "opened_at"], name="order_scope_ix"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("org_id", "case"), name="one_order_per_case"),
                    models.CheckConstraint(
                        condition=models.Q(("rating__isnull", True), ("rating__range", (1, 5)), _connector="OR"),
                        name="a_rating_has_stars",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkOrderReport",
            fields=[
                *ground(),
                ("person_id", models.BigIntegerField()),
                ("lease_id", models.BigIntegerField()),
                ("by", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("order", key("workorders.workorder", index=False)),
            ],
            options={
                "db_table": "work_order_report",
                "indexes": [models.Index(fields=["org_id", "person_id"], name="report_person_ix")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("org_id", "order", "person_id"), name="a_person_reports_an_order_once"
                    )
                ],
            },
        ),
        OrgTable("WorkOrder", no_delete=True),
        OrgTable("WorkOrderReport", no_delete=True),
    ]
