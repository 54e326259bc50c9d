from django.db import migrations, models

import anju.foundation.db.models
from anju.foundation.db.operations import OrgTable


class Migration(migrations.Migration):
    dependencies = [("db", "0001_extensions")]
    operations = [
        migrations.CreateModel(
            name="OrgClock",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "org_id",
                    models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False),
                ),
                ("at", models.DateTimeField()),
                ("set_at", models.DateTimeField()),
                ("runs", models.BooleanField(default=False)),
            ],
            options={"db_table": "org_clock"},
        ),
        migrations.AddConstraint(
            "OrgClock", models.UniqueConstraint(fields=["org_id"], name="one_clock_per_organization")
        ),
        OrgTable("OrgClock"),
    ]
