"""The open API: keys, where a key is looked up, calls that were carried out."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import anju.foundation.db.models
from anju.foundation.db.operations import OrgTable


def ground() -> list[tuple[str, models.Field]]:
    return [
        ("id", models.BigAutoField(primary_key=True, serialize=False)),
        ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
    ]


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                *ground(),
                ("name", models.CharField(max_length=60)),
                ("prefix", models.CharField(max_length=16)),
                ("token_hash", models.CharField(max_length=64)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), size=None),
                ),
                (
                    "projects",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), null=True, size=None
                    ),
                ),
                ("created_by", models.CharField(max_length=40)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_by", models.CharField(blank=True, default="", max_length=40)),
                ("last_used_on", models.DateField(null=True)),
            ],
            options={
                "db_table": "api_key",
                "constraints": [
                    models.UniqueConstraint(fields=("org_id", "token_hash"), name="one_key_per_token"),
                    models.CheckConstraint(condition=models.Q(("scopes__len__gt", 0)), name="a_key_may_do_something"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiKeyPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("org_id", models.BigIntegerField()),
                ("key_id", models.BigIntegerField()),
            ],
            options={"db_table": "api_key_place"},
        ),
        migrations.CreateModel(
            name="ApiCall",
            fields=[
                *ground(),
                ("mark", models.CharField(max_length=64)),
                ("request_hash", models.CharField(max_length=64)),
                ("status", models.SmallIntegerField(null=True)),
                ("answer_enc", models.BinaryField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "key",
                    anju.foundation.db.models.OrgForeignKey(
                        index=False, on_delete=django.db.models.deletion.PROTECT, to="openapi.apikey"
                    ),
                ),
            ],
            options={
                "db_table": "api_call",
                "indexes": [models.Index(fields=["org_id", "at"], name="api_call_age_ix")],
                "constraints": [
                    models.UniqueConstraint(fields=("org_id", "key", "mark"), name="one_call_per_key_and_mark")
                ],
            },
        ),
        OrgTable("ApiKey", updatable=("revoked_at", "revoked_by", "last_used_on")),
        OrgTable("ApiCall"),
    ]
