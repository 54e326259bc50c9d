from django.db import migrations, models

import anju.foundation.db.models
from anju.foundation.db.operations import OrgTable


class Migration(migrations.Migration):
    initial = True
    dependencies = [("db", "0002_clock"), ("procrastinate", "0041_post_retry_failed_job")]
    operations = [
        migrations.CreateModel(
            name="JobTick",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
                ("name", models.CharField(max_length=80)),
                ("done_at", models.DateTimeField()),
                ("wall_at", models.DateTimeField()),
            ],
            options={"db_table": "job_tick"},
        ),
        migrations.AddConstraint(
            "JobTick", models.UniqueConstraint(fields=["org_id", "name"], name="one_place_per_tick")
        ),
        OrgTable("JobTick"),
    ]
