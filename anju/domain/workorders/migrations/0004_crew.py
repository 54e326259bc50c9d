"""The crew: skills, where each usually is, shifts."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import anju.foundation.db.models
from anju.foundation.db.operations import OrgTable


def ground() -> list[tuple[str, models.Field]]:
    return [
        ("id", models.BigAutoField(primary_key=True, serialize=False)),
        ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
    ]


def key(to: str, **options: object) -> models.Field:
    return anju.foundation.db.models.OrgForeignKey(
        index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to, **options
    )


class Migration(migrations.Migration):
    dependencies = [
        ("workorders", "0003_equipment"),
        ("identity", "0001_initial"),
        ("messaging", "0004_to_staff"),
    ]

    operations = [
        migrations.CreateModel(
            name="Technician",
            fields=[
                *ground(),
                (
                    "skills",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10), default=list, size=None
                    ),
                ),
                ("home", key("portfolio.building", null=True)),
                ("staff", key("identity.staff")),
            ],
            options={
                "db_table": "technician",
                "constraints": [models.UniqueConstraint(fields=("org_id", "staff"), name="one_row_per_technician")],
            },
        ),
        migrations.CreateModel(
            name="Shift",
            fields=[
                *ground(),
                ("day", models.DateField()),
                ("starts_at", models.TimeField()),
                ("ends_at", models.TimeField()),
                ("on_call", models.BooleanField(default=False)),
                ("staff", key("identity.staff")),
            ],
            options={
                "db_table": "work_shift",
                "indexes": [models.Index(fields=["org_id", "day"], name="shift_day_ix")],
                "constraints": [
                    models.UniqueConstraint(fields=("org_id", "staff", "day"), name="one_shift_a_day"),
                    models.CheckConstraint(condition=~Q(("starts_at", F("ends_at"))), name="a_shift_lasts"),
                ],
            },
        ),
        OrgTable("Technician", no_delete=True),
        OrgTable("Shift"),
    ]
