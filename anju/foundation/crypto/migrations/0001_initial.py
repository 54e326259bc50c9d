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
            name="KeyDestruction",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=current_org(), editable=False)),
                ("person_id", models.BigIntegerField()),
                ("cls", models.CharField(max_length=10)),
                ("key_sha256", models.BinaryField()),
                ("reason", models.CharField(max_length=60)),
                ("destroyed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "key_destruction",
                "constraints": [
                    models.UniqueConstraint(fields=("org_id", "key_sha256"), name="one_record_per_destroyed_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="MasterKey",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("fingerprint", models.BinaryField()),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "db_table": "master_key",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="there_is_one_master_key")],
            },
        ),
        migrations.CreateModel(
            name="OrgKey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=current_org(), editable=False)),
                ("wrapped", models.BinaryField()),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "db_table": "org_key",
                "constraints": [models.UniqueConstraint(fields=("org_id",), name="one_key_per_organization")],
            },
        ),
        migrations.CreateModel(
            name="PersonKey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=current_org(), editable=False)),
                ("person_id", models.BigIntegerField()),
                ("cls", models.CharField(max_length=10)),
                ("wrapped", models.BinaryField()),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "db_table": "person_key",
                "constraints": [
                    models.UniqueConstraint(fields=("org_id", "person_id", "cls"), name="one_key_per_person_and_class"),
                    models.CheckConstraint(
                        condition=models.Q(("cls__in", ["contact", "identity", "payment"])),
                        name="person_key_class_is_known",
                    ),
                ],
            },
        ),
        OrgTable("OrgKey", append_only=True),
        OrgTable("PersonKey"),
        OrgTable("KeyDestruction", append_only=True),
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE, TRUNCATE ON master_key FROM anju_app; REVOKE UPDATE ON person_key FROM anju_app",
            migrations.RunSQL.noop,
        ),
    ]
