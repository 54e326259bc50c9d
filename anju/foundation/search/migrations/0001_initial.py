"""The search index and the functions that write and read it."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import anju.foundation.db.models
from anju.foundation.db.operations import OrgTable
from anju.foundation.db.sql import SqlFile

ORG = {"db_default": anju.foundation.db.models.current_org(), "editable": False}


class Migration(migrations.Migration):
    initial = True

    dependencies = [("db", "0001_extensions")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(**ORG)),
                ("kind", models.CharField(max_length=20)),
                ("subject_id", models.BigIntegerField()),
                ("scope_id", models.BigIntegerField(null=True)),
                ("title", models.CharField(max_length=200)),
                ("handle", models.CharField(blank=True, default="", max_length=120)),
                ("detail", models.CharField(blank=True, default="", max_length=200)),
                ("words", models.TextField()),
                ("grams", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
            ],
            options={
                "db_table": "search_entry",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("org_id", "kind", "subject_id"), name="one_search_entry_per_subject"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchKey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(**ORG)),
                (
                    "entry",
                    anju.foundation.db.models.OrgForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="search.searchentry"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("scope_id", models.BigIntegerField(null=True)),
                ("key", models.TextField(db_collation="C")),
            ],
            options={
                "db_table": "search_key",
                "indexes": [models.Index(fields=["org_id", "key"], name="search_key_prefix_ix")],
            },
        ),
        OrgTable("SearchEntry"),
        OrgTable("SearchKey"),
        migrations.RunSQL(SqlFile(__file__, "../sql/functions.sql").text, migrations.RunSQL.noop),
    ]
