"""Complaints and what was replied to them."""

import django.db.models.deletion
from django.db import migrations, models

import anju.foundation.db.models
from anju.foundation.db.operations import OrgTable

CAUSES = [
    ("repair", "维修"), ("fee", "费用"), ("deposit", "押金"), ("neighbour", "邻里"), ("staff", "服务态度"),
    ("safety", "安全"), ("other", "其他"),
]  # fmt: skip
SOURCES = [("portal", "租客网页"), ("phone", "电话"), ("hotline", "12345 热线")]
RECORDS = [("", "无"), ("workorder", "工单"), ("bill", "账单"), ("lease", "合同")]


def ground() -> list[tuple[str, models.Field]]:
    return [
        ("id", models.BigAutoField(primary_key=True, serialize=False)),
        ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
    ]


def key(to: str, **options: object) -> models.Field:
    return anju.foundation.db.models.OrgForeignKey(on_delete=django.db.models.deletion.PROTECT, to=to, **options)


class Migration(migrations.Migration):
    initial = True

    dependencies = [("flows", "0001_initial"), ("leases", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Complaint",
            fields=[
                *ground(),
                ("person_id", models.BigIntegerField()),
                ("scope_id", models.BigIntegerField()),
                ("cause", models.CharField(choices=CAUSES, max_length=10)),
                ("source", models.CharField(choices=SOURCES, max_length=8)),
                ("hotline_no", models.CharField(blank=True, default="", max_length=40)),
                ("record_kind", models.CharField(blank=True, choices=RECORDS, default="", max_length=10)),
                ("record_id", models.BigIntegerField(default=0)),
                ("said", models.CharField(max_length=1000)),
                ("opened_at", models.DateTimeField()),
                ("case", key("flows.flowcase", index=False)),
                ("lease", key("leases.lease")),
            ],
            options={
                "db_table": "complaint",
                "indexes": [
                    models.Index(fields=["org_id", "scope_id", "opened_at"], name="complaint_scope_ix"),
                    models.Index(fields=["org_id", "person_id"], name="complaint_person_ix"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("org_id", "case"), name="one_complaint_per_case"),
                    models.UniqueConstraint(
                        condition=models.Q(("hotline_no", ""), _negated=True),
                        fields=("org_id", "hotline_no"),
                        name="one_complaint_per_hotline_number",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ComplaintReply",
            fields=[
                *ground(),
                ("text", models.CharField(max_length=2000)),
                ("by", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("complaint", key("complaints.complaint")),
            ],
            options={"db_table": "complaint_reply"},
        ),
        OrgTable("Complaint", no_delete=True),
        OrgTable("ComplaintReply", append_only=True),
    ]
