"""Pieces of files on their way from a phone."""

from django.db import migrations, models

from anju.foundation.db.models import current_org
from anju.foundation.db.operations import OrgTable


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="FilePart",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=current_org(), editable=False)),
                ("upload", models.CharField(help_text="the sender's own name for it, a UUID", max_length=36)),
                ("sent_by", models.CharField(max_length=40)),
                ("start", models.BigIntegerField()),
                ("size", models.IntegerField(help_text="bytes, as sent")),
                ("sealed", models.BinaryField()),
                ("at", models.DateTimeField(help_text="wall time")),
            ],
            options={
                "db_table": "file_part",
                "indexes": [models.Index(fields=["org_id", "at"], name="file_part_age_ix")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("org_id", "upload", "sent_by", "start"), name="one_part_per_place_in_a_file"
                    )
                ],
            },
        ),
        OrgTable("FilePart"),
    ]
