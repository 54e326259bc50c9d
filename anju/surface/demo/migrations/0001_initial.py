"""Moves of a drill organization's clock."""

from django.db import migrations, models

import anju.foundation.db.models
from anju.foundation.db.operations import OrgTable

STATES = [("running", "进行中"), ("done", "已完成"), ("failed", "中途停下")]


class Migration(migrations.Migration):
    initial = True

    dependencies = [("db", "0002_clock")]

    operations = [
        migrations.CreateModel(
            name="ClockMove",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
                ("from_at", models.DateTimeField()),
                ("to_at", models.DateTimeField()),
                ("ran", models.BooleanField()),
                ("by", models.CharField(max_length=40)),
                ("state", models.CharField(choices=STATES, default="running", max_length=8)),
                ("days_done", models.IntegerField(default=0)),
                ("days_total", models.IntegerField()),
                ("said", models.JSONField(default=dict)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "clock_move",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["org_id"], condition=models.Q(state="running"), name="one_clock_move_at_a_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(to_at__gt=models.F("from_at")), name="a_clock_goes_forward"
                    ),
                ],
            },
        ),
        OrgTable("ClockMove", no_delete=True),
    ]
