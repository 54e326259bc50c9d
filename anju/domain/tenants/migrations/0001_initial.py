import django.db.models.deletion
from django.db import migrations, models

import anju.foundation.db.models
from anju.foundation.db.operations import OrgTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [("db", "0001_extensions")]

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
                (
                    "kind",
                    models.CharField(choices=[("person", "个人"), ("company", "企业")], default="person", max_length=8),
                ),
                ("name", models.CharField(max_length=120)),
                ("sort_key", models.CharField(max_length=240)),
                ("segment", models.CharField(blank=True, default="", max_length=20)),
                ("phone_mask", models.CharField(blank=True, default="", max_length=24)),
                ("phone_tail", models.CharField(blank=True, default="", max_length=4)),
                ("scope_id", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "db_table": "person",
                "indexes": [
                    models.Index(fields=["org_id", "sort_key", "id"], name="person_sort_ix"),
                    models.Index(fields=["org_id", "scope_id", "sort_key", "id"], name="person_scope_ix"),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdentityDocument",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("id_card", "居民身份证"),
                            ("passport", "护照"),
                            ("permit", "通行证或居住证"),
                            ("uscc", "统一社会信用代码"),
                        ],
                        max_length=8,
                    ),
                ),
                ("number_enc", models.BinaryField()),
                ("mask", models.CharField(max_length=40)),
                ("blind", models.BinaryField()),
                (
                    "person",
                    anju.foundation.db.models.OrgForeignKey(
                        index=False, on_delete=django.db.models.deletion.PROTECT, to="tenants.person"
                    ),
                ),
            ],
            options={
                "db_table": "identity_document",
                "indexes": [models.Index(fields=["org_id", "blind"], name="identity_document_blind_ix")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("org_id", "person", "kind", "blind"), name="a_person_has_a_document_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactPoint",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
                (
                    "kind",
                    models.CharField(choices=[("phone", "手机"), ("email", "邮箱"), ("wechat", "微信")], max_length=8),
                ),
                ("value_enc", models.BinaryField()),
                ("mask", models.CharField(max_length=80)),
                ("blind", models.BinaryField()),
                ("tail_blind", models.BinaryField(null=True)),
                ("verified_at", models.DateTimeField(null=True)),
                ("preferred", models.BooleanField(default=False)),
                ("valid_from", models.DateField()),
                ("stale_since", models.DateField(null=True)),
                (
                    "person",
                    anju.foundation.db.models.OrgForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="tenants.person"
                    ),
                ),
            ],
            options={
                "db_table": "contact_point",
                "indexes": [
                    models.Index(fields=["org_id", "blind"], name="contact_point_blind_ix"),
                    models.Index(
                        condition=models.Q(("tail_blind__isnull", False)),
                        fields=["org_id", "tail_blind"],
                        name="contact_point_tail_ix",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("preferred", True), ("stale_since__isnull", True)),
                        fields=("org_id", "person", "kind"),
                        name="one_preferred_contact_of_a_kind",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("stale_since__isnull", True)),
                        fields=("org_id", "person", "kind", "blind"),
                        name="a_person_has_a_contact_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BankAccount",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
                ("bank", models.CharField(blank=True, default="", max_length=80)),
                ("number_enc", models.BinaryField()),
                ("mask", models.CharField(max_length=40)),
                ("blind", models.BinaryField()),
                (
                    "person",
                    anju.foundation.db.models.OrgForeignKey(
                        index=False, on_delete=django.db.models.deletion.PROTECT, to="tenants.person"
                    ),
                ),
            ],
            options={
                "db_table": "bank_account",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("org_id", "person", "blind"), name="a_person_has_a_bank_account_once"
                    )
                ],
            },
        ),
        OrgTable("Person", no_delete=True),
        OrgTable("ContactPoint"),
        OrgTable("IdentityDocument"),
        OrgTable("BankAccount"),
    ]
