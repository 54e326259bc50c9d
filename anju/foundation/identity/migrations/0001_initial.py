"""Organizations, users, staff, tenants' sessions and phone codes."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import anju.foundation.db.models
from anju.foundation.db.models import current_org
from anju.foundation.db.operations import OrgTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("db", "0002_clock"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("login", models.CharField(help_text="e-mail address or user name", max_length=150, unique=True)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "language",
                    models.CharField(blank=True, default="", help_text="empty: the organization's", max_length=10),
                ),
                ("totp_secret", models.BinaryField(help_text="sealed under the installation's key", null=True)),
                ("totp_since", models.DateTimeField(help_text="empty until the first code was right", null=True)),
                (
                    "totp_step",
                    models.BigIntegerField(default=0, help_text="the last time step used: a code works once"),
                ),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "db_table": "user_account",
            },
        ),
        migrations.CreateModel(
            name="Organization",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                (
                    "short_name",
                    models.CharField(blank=True, default="", help_text="what tenants call it", max_length=20),
                ),
                ("sms_signature", models.CharField(blank=True, default="", help_text="without 【】", max_length=20)),
                ("language", models.CharField(default="zh-hans", max_length=10)),
                ("drill", models.BooleanField(default=False, help_text="has its own clock and provider stand-ins")),
                ("totp_required", models.BooleanField(default=False, help_text="staff must use a second factor")),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "db_table": "organization",
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bucket", models.CharField(max_length=40)),
                ("subject", models.CharField(max_length=64)),
                ("since", models.DateTimeField()),
                ("count", models.IntegerField()),
            ],
            options={
                "db_table": "attempt",
                "indexes": [models.Index(fields=["since"], name="attempt_since_ix")],
                "constraints": [
                    models.UniqueConstraint(fields=("bucket", "subject"), name="one_counter_per_bucket_and_subject")
                ],
            },
        ),
        migrations.CreateModel(
            name="PhoneCode",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=current_org(), editable=False)),
                ("phone_index", models.BinaryField()),
                ("code_hash", models.CharField(max_length=64)),
                ("expires_at", models.DateTimeField()),
                ("attempts", models.IntegerField(default=0)),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "phone_code",
                "constraints": [models.UniqueConstraint(fields=("org_id", "phone_index"), name="one_code_per_phone")],
            },
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code_hash", models.CharField(max_length=64)),
                ("used_at", models.DateTimeField(null=True)),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "db_table": "recovery_code",
            },
        ),
        migrations.CreateModel(
            name="Staff",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=current_org(), editable=False)),
                ("name", models.CharField(max_length=60)),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), size=None),
                ),
                ("all_projects", models.BooleanField(default=True)),
                ("epoch", models.IntegerField(default=0, help_text="raised to end all sessions")),
                ("left_on", models.DateField(help_text="the last working day", null=True)),
                ("frozen_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "db_table": "staff",
            },
        ),
        migrations.CreateModel(
            name="StaffScope",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=current_org(), editable=False)),
                ("scope_id", models.BigIntegerField()),
                (
                    "staff",
                    anju.foundation.db.models.OrgForeignKey(
                        index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.staff"
                    ),
                ),
            ],
            options={
                "db_table": "staff_scope",
            },
        ),
        migrations.CreateModel(
            name="TenantSession",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=current_org(), editable=False)),
                ("person_id", models.BigIntegerField()),
                ("token_hash", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "tenant_session",
                "indexes": [models.Index(fields=["org_id", "person_id"], name="tenant_session_person_ix")],
                "constraints": [models.UniqueConstraint(fields=("org_id", "token_hash"), name="one_session_per_token")],
            },
        ),
        migrations.AddConstraint(
            model_name="staff",
            constraint=models.UniqueConstraint(fields=("org_id", "user"), name="one_place_per_user_and_organization"),
        ),
        migrations.AddConstraint(
            model_name="staffscope",
            constraint=models.UniqueConstraint(
                fields=("org_id", "staff", "scope_id"), name="one_row_per_staff_and_scope"
            ),
        ),
        OrgTable("Staff", no_delete=True),
        OrgTable("StaffScope"),
        OrgTable("TenantSession", no_delete=True),
        OrgTable("PhoneCode"),
        migrations.RunSQL(
            (Path(__file__).parent / "staff_places.sql").read_text(encoding="utf-8"),
            "DROP FUNCTION staff_places(bigint)",
        ),
        migrations.RunSQL(
            "REVOKE DELETE, TRUNCATE ON organization, user_account FROM anju_app", migrations.RunSQL.noop
        ),
    ]
