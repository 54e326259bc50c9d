from django.db import migrations, models

import anju.foundation.db.models
from anju.foundation.db.operations import OrgTable


class Migration(migrations.Migration):
    initial = True
    dependencies = [("policy", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="PolicyReview",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
                ("reviewer", models.CharField(max_length=40)),
                (
                    "verdict",
                    models.CharField(
                        choices=[("approved", "Approved"), ("rejected", "Rejected"), ("recalled", "Recalled")],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True, default="")),
                ("at", models.DateTimeField()),
                (
                    "version",
                    anju.foundation.db.models.OrgForeignKey(
                        index=False, on_delete=models.PROTECT, to="policy.policyversion"
                    ),
                ),
            ],
            options={
                "db_table": "policy_review",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("org_id", "version", "reviewer"), name="one_word_per_reviewer_and_version"
                    )
                ],
            },
        ),
        OrgTable("PolicyReview", append_only=True),
    ]
