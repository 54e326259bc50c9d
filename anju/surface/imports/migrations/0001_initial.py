"""Imports: files on their way in, their staged rows, remembered mappings, what rows became."""

import django.db.models.deletion
from django.db import migrations, models

import anju.foundation.db.models
from anju.foundation.db.operations import OrgTable

OPEN = ["uploaded", "reading", "previewed", "applying"]
STATES = [
    ("uploaded", "待核对列"),
    ("reading", "正在读取"),
    ("previewed", "待确认"),
    ("applying", "正在导入"),
    ("applied", "已完成"),
    ("refused", "读不出来"),
    ("dropped", "已放弃"),
]
FATES = [("new", "新增"), ("same", "已有，不变"), ("changes", "更新"), ("duplicate", "表内重复"), ("bad", "有问题")]


def ground() -> list[tuple[str, models.Field]]:
    return [
        ("id", models.BigAutoField(primary_key=True, serialize=False)),
        ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
    ]


class Migration(migrations.Migration):
    initial = True

    dependencies = [("db", "0001_extensions"), ("leases", "0001_initial"), ("files", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="ImportFile",
            fields=[
                *ground(),
                ("target", models.CharField(max_length=20)),
                ("sha256", models.BinaryField()),
                ("stored_id", models.BigIntegerField(help_text="its file; null once removed", null=True)),
                ("sheet", models.CharField(blank=True, default="", max_length=100)),
                ("sheets", models.JSONField(default=list)),
                ("signature", models.CharField(blank=True, default="", max_length=64)),
                ("columns", models.JSONField(default=list)),
                ("samples", models.BinaryField(help_text="a few cells of each column, sealed", null=True)),
                ("mapping", models.JSONField(default=dict)),
                ("options", models.JSONField(default=dict)),
                ("state", models.CharField(choices=STATES, default="uploaded", max_length=10)),
                ("refusal", models.JSONField(null=True)),
                ("aside", models.JSONField(default=list)),
                ("rows", models.IntegerField(default=0)),
                ("progress", models.IntegerField(default=0)),
                ("actor", models.CharField(max_length=40)),
                ("uploaded_at", models.DateTimeField()),
                ("applied_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "import_file",
                "indexes": [models.Index(fields=["org_id", "uploaded_at"], name="import_file_at_ix")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", OPEN)),
                        fields=("org_id", "target", "sha256"),
                        name="one_open_import_per_file",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportLink",
            fields=[
                *ground(),
                ("target", models.CharField(max_length=20)),
                ("key", models.CharField(max_length=64)),
                ("subject_kind", models.CharField(max_length=20)),
                ("subject_id", models.BigIntegerField()),
            ],
            options={
                "db_table": "import_link",
                "constraints": [
                    models.UniqueConstraint(fields=("org_id", "target", "key"), name="one_record_per_import_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportMapping",
            fields=[
                *ground(),
                ("target", models.CharField(max_length=20)),
                ("signature", models.CharField(max_length=64)),
                ("mapping", models.JSONField()),
                ("options", models.JSONField(default=dict)),
                ("used_at", models.DateTimeField()),
            ],
            options={
                "db_table": "import_mapping",
                "constraints": [
                    models.UniqueConstraint(fields=("org_id", "target", "signature"), name="one_mapping_per_titles")
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                *ground(),
                ("n", models.IntegerField()),
                ("lead", models.IntegerField()),
                ("key", models.TextField(default="")),
                ("digest", models.BinaryField(null=True)),
                ("values", models.JSONField(default=dict)),
                ("sealed", models.BinaryField()),
                ("phone_blind", models.BinaryField(null=True)),
                ("document_blind", models.BinaryField(null=True)),
                ("problems", models.JSONField(default=list)),
                ("notes", models.JSONField(default=list)),
                ("fate", models.CharField(choices=FATES, max_length=10, null=True)),
                ("twin", models.IntegerField(null=True)),
                ("changes", models.JSONField(default=list)),
                ("done", models.BooleanField(default=False)),
                ("subject_kind", models.CharField(blank=True, default="", max_length=20)),
                ("subject_id", models.BigIntegerField(null=True)),
                (
                    "file",
                    anju.foundation.db.models.OrgForeignKey(
                        index=False, on_delete=django.db.models.deletion.PROTECT, to="imports.importfile"
                    ),
                ),
            ],
            options={
                "db_table": "import_row",
                "indexes": [
                    models.Index(fields=["org_id", "file", "fate", "n"], name="import_row_fate_ix"),
                    models.Index(
                        condition=models.Q(("done", False)),
                        fields=["org_id", "file", "lead"],
                        name="import_row_open_ix",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("org_id", "file", "n"), name="one_import_row_per_number")
                ],
            },
        ),
        OrgTable("ImportFile", no_delete=True),
        OrgTable("ImportLink"),
        OrgTable("ImportMapping"),
        OrgTable("ImportRow"),
    ]
