"""Policies: versions immutable once submitted, releases only added."""

import django.db.models.deletion
from django.db import migrations, models

import anju.foundation.db.models
from anju.foundation.db.operations import OrgTable
from anju.foundation.db.sql import SqlFile


class Migration(migrations.Migration):
    initial = True

    dependencies = [("db", "0002_clock")]

    operations = [
        migrations.CreateModel(
            name="PolicyVersion",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
                ("key", models.CharField(max_length=60)),
                ("scope", models.CharField(default="org", max_length=60)),
                ("number", models.IntegerField(help_text="what people see: v12")),
                ("schema", models.IntegerField()),
                ("body", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("released", "Released"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("author", models.CharField(max_length=40)),
                ("note", models.TextField(blank=True, default="", help_text="what changes and why, for the reviewer")),
                ("effective_from", models.DateTimeField(null=True)),
                ("based_on", models.BigIntegerField(null=True)),
                ("rev", models.IntegerField(default=1)),
                ("edits", models.JSONField(default=list)),
                ("overrides", models.JSONField(default=dict)),
                ("simulated_sha256", models.CharField(blank=True, default="", max_length=64)),
                ("simulation", models.JSONField(null=True)),
                ("simulated_at", models.DateTimeField(null=True)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "db_table": "policy_version",
                "constraints": [
                    models.UniqueConstraint(fields=("org_id", "key", "number"), name="one_version_per_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["draft", "submitted"])),
                        fields=("org_id", "key", "scope"),
                        name="one_unpublished_version_per_policy",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PolicyRelease",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
                ("key", models.CharField(max_length=60)),
                ("scope", models.CharField(default="org", max_length=60)),
                ("effective_from", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("template", "Template"),
                            ("release", "Release"),
                            ("rollback", "Rollback"),
                            ("alone", "Alone"),
                        ],
                        default="release",
                        max_length=12,
                    ),
                ),
                ("reviewer", models.CharField(max_length=40)),
                ("reason", models.TextField(blank=True, default="")),
                (
                    "override",
                    models.TextField(blank=True, default="", help_text="why findings of lint were overridden"),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "version",
                    anju.foundation.db.models.OrgForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="policy.policyversion"
                    ),
                ),
            ],
            options={
                "db_table": "policy_release",
            },
        ),
        migrations.CreateModel(
            name="PolicyCallOff",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
                ("by", models.CharField(max_length=40)),
                ("reason", models.TextField()),
                ("created_at", models.DateTimeField()),
                (
                    "release",
                    anju.foundation.db.models.OrgForeignKey(
                        index=False, on_delete=django.db.models.deletion.PROTECT, to="policy.policyrelease"
                    ),
                ),
            ],
            options={
                "db_table": "policy_call_off",
                "constraints": [
                    models.UniqueConstraint(fields=("org_id", "release"), name="a_release_is_called_off_once")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="policyrelease",
            constraint=models.UniqueConstraint(
                fields=("org_id", "key", "scope", "effective_from"), name="one_release_per_scope_and_moment"
            ),
        ),
        OrgTable("PolicyVersion", no_delete=True),
        OrgTable("PolicyRelease", append_only=True),
        OrgTable("PolicyCallOff", append_only=True),
        migrations.RunSQL(SqlFile(__file__, "../immutable.sql").text),
    ]
