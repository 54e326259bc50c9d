"""The trace: append-only by privilege, appended through one function of the database."""

from django.db import migrations, models

import anju.foundation.db.models
from anju.foundation.db.operations import OrgTable
from anju.foundation.db.sql import SqlFile


class Migration(migrations.Migration):
    initial = True

    dependencies = [("db", "0002_clock")]

    operations = [
        migrations.CreateModel(
            name="TraceEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
                ("stream_kind", models.CharField(max_length=40)),
                ("stream_id", models.BigIntegerField()),
                ("seq", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("wall_at", models.DateTimeField()),
                ("actor", models.CharField(max_length=40)),
                ("action", models.CharField(max_length=80)),
                ("version_id", models.BigIntegerField(null=True)),
                ("run_id", models.BigIntegerField(null=True)),
                ("body", models.TextField()),
                ("prev", models.BinaryField()),
                ("hash", models.BinaryField()),
            ],
            options={
                "db_table": "trace_event",
                "indexes": [models.Index(fields=["org_id", "action", "id"], name="trace_event_action_ix")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("org_id", "stream_kind", "stream_id", "seq"), name="one_event_per_place_in_a_chain"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TraceHead",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
                ("stream_kind", models.CharField(max_length=40)),
                ("stream_id", models.BigIntegerField()),
                ("seq", models.BigIntegerField(default=0)),
                ("hash", models.BinaryField()),
            ],
            options={
                "db_table": "trace_head",
                "constraints": [
                    models.UniqueConstraint(fields=("org_id", "stream_kind", "stream_id"), name="one_head_per_chain")
                ],
            },
        ),
        migrations.CreateModel(
            name="TraceLink",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
                ("subject_kind", models.CharField(max_length=40)),
                ("subject_id", models.BigIntegerField()),
                ("event_id", models.BigIntegerField()),
            ],
            options={
                "db_table": "trace_link",
                "indexes": [
                    models.Index(
                        fields=["org_id", "subject_kind", "subject_id", "event_id"], name="trace_link_subject_ix"
                    )
                ],
            },
        ),
        OrgTable("TraceEvent", append_only=True),
        OrgTable("TraceHead", updatable=("seq", "hash")),
        OrgTable("TraceLink", append_only=True),
        migrations.RunSQL(SqlFile(__file__, "../append.sql").text),
    ]
