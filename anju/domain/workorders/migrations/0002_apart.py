"""Pairs of orders that were found to be two things."""

from django.db import migrations, models
from django.db.models import deletion

from anju.foundation.db.models import OrgForeignKey, current_org
from anju.foundation.db.operations import OrgTable


class Migration(migrations.Migration):
    dependencies = [("workorders", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="WorkOrderApart",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=current_org(), editable=False)),
                (
                    "first",
                    OrgForeignKey(index=False, on_delete=deletion.PROTECT, related_name="+", to="workorders.workorder"),
                ),
                ("second", OrgForeignKey(on_delete=deletion.PROTECT, related_name="+", to="workorders.workorder")),
            ],
            options={
                "db_table": "work_order_apart",
                "constraints": [
                    models.UniqueConstraint(fields=("org_id", "first", "second"), name="a_pair_is_told_apart_once")
                ],
            },
        ),
        OrgTable("WorkOrderApart", append_only=True),
    ]
