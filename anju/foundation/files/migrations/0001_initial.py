"""Stored files: who owns them, how they are sealed."""

from django.db import migrations, models

from anju.foundation.db.models import current_org
from anju.foundation.db.operations import OrgTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("db", "0002_clock"),
    ]

    operations = [
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=current_org(), editable=False)),
                ("purpose", models.CharField(max_length=60)),
                ("owner_kind", models.CharField(max_length=40)),
                ("owner_id", models.BigIntegerField()),
                (
                    "person_id",
                    models.BigIntegerField(help_text="whose key seals it; empty: the organization's", null=True),
                ),
                ("place", models.CharField(help_text="name in the file storage", max_length=100)),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.BigIntegerField(help_text="bytes")),
                ("content_index", models.BinaryField(help_text="keyed hash of the content")),
                ("sealed_name", models.BinaryField(null=True)),
                ("sealed_key", models.BinaryField(null=True)),
                ("retention", models.CharField(max_length=40)),
                ("created_by", models.CharField(max_length=40)),
                ("created_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "stored_file",
                "indexes": [models.Index(fields=["org_id", "owner_kind", "owner_id"], name="stored_file_owner_ix")],
                "constraints": [
                    models.UniqueConstraint(fields=("org_id", "place"), name="one_file_per_place"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("removed_at", None), models.Q(("sealed_key", None), ("sealed_name", None)), _connector="OR"
                        ),
                        name="a_removed_file_has_no_key",
                    ),
                ],
            },
        ),
        OrgTable("StoredFile", updatable=("sealed_key", "sealed_name", "removed_at")),
    ]
