"""What phones have sent."""

from django.db import migrations, models
from django.db.models import deletion

from anju.foundation.db.models import OrgForeignKey, current_org
from anju.foundation.db.operations import OrgTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("flows", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="FieldEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=current_org(), editable=False)),
                ("key", models.CharField(help_text="the phone's name for it, a UUID", max_length=36)),
                ("staff_id", models.BigIntegerField()),
                ("stage", models.CharField(help_text="where the case stood afterwards", max_length=30)),
                ("at", models.DateTimeField(help_text="wall time")),
                (
                    "case",
                    OrgForeignKey(index=False, on_delete=deletion.PROTECT, to="flows.flowcase"),
                ),
            ],
            options={
                "db_table": "field_entry",
                "indexes": [models.Index(fields=["org_id", "at"], name="field_entry_age_ix")],
                "constraints": [
                    models.UniqueConstraint(fields=("org_id", "staff_id", "key"), name="an_entry_counts_once")
                ],
            },
        ),
        OrgTable("FieldEntry"),
    ]
