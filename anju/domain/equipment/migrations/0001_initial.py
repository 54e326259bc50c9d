"""The register of equipment."""

import django.db.models.deletion
from django.db import migrations, models

import anju.foundation.db.models
from anju.foundation.db.operations import OrgTable

KINDS = [
    ("water_heater", "热水器"), ("air_conditioner", "空调"), ("washing_machine", "洗衣机"), ("fridge", "冰箱"),
    ("lock", "门锁"), ("lift", "电梯"), ("pump", "水泵"), ("boiler", "锅炉"), ("other", "其他"),
]  # fmt: skip


def key(to: str, **options: object) -> models.Field:
    return anju.foundation.db.models.OrgForeignKey(on_delete=django.db.models.deletion.PROTECT, to=to, **options)


class Migration(migrations.Migration):
    initial = True

    dependencies = [("portfolio", "0003_units_in_order")]

    operations = [
        migrations.CreateModel(
            name="Equipment",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
                ("scope_id", models.BigIntegerField()),
                ("kind", models.CharField(choices=KINDS, max_length=16)),
                ("name", models.CharField(max_length=60)),
                ("serial", models.CharField(blank=True, default="", max_length=60)),
                ("installed_on", models.DateField(null=True)),
                ("warranty_until", models.DateField(null=True)),
                ("note", models.CharField(blank=True, default="", max_length=300)),
                ("retired_on", models.DateField(null=True)),
                ("at", models.DateTimeField()),
                ("building", key("portfolio.building")),
                ("unit", key("portfolio.unit", null=True)),
            ],
            options={
                "db_table": "equipment",
                "indexes": [models.Index(fields=["org_id", "scope_id", "id"], name="equipment_scope_ix")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("installed_on__isnull", True),
                            ("warranty_until__isnull", True),
                            ("warranty_until__gte", models.F("installed_on")),
                            _connector="OR",
                        ),
                        name="a_warranty_begins_with_the_equipment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("installed_on__isnull", True),
                            ("retired_on__isnull", True),
                            ("retired_on__gte", models.F("installed_on")),
                            _connector="OR",
                        ),
                        name="equipment_is_retired_after_it_came",
                    ),
                ],
            },
        ),
        OrgTable("Equipment", no_delete=True),
    ]
