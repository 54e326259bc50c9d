"""Which pictures were taken with which step; what a colleague finished lately, without reading all that ended."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("flows", "0003_hours")]

    operations = [
        migrations.AddField(
            model_name="flowvisit",
            name="photos",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), null=True, size=None),
        ),
        migrations.AddIndex(
            model_name="flowcase",
            index=models.Index(
                condition=models.Q(("assignee__isnull", False), ("closed_at__isnull", False)),
                fields=["org_id", "assignee", "closed_at"],
                name="case_ended_ix",
            ),
        ),
    ]
