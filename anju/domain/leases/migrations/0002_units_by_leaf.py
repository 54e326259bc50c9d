"""What is let of twenty units, and what is drafted, is found without reading what is let of all."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leases", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="leaseunit",
            index=models.Index(fields=["org_id", "leaf_unit"], name="lease_unit_leaf_ix"),
        ),
        migrations.AddIndex(
            model_name="lease",
            index=models.Index(condition=models.Q(("status", "draft")), fields=["org_id", "id"], name="lease_draft_ix"),
        ),
    ]
