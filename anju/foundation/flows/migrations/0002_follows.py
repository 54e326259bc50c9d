"""A case may be merged into another, which it follows."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

from anju.foundation.db.models import OrgForeignKey
from anju.foundation.db.operations import OrgKeys


class Migration(migrations.Migration):
    dependencies = [("flows", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="flowcase",
            name="follows",
            field=OrgForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="flows.flowcase"),
        ),
        OrgKeys("FlowCase", ("follows",)),
        migrations.AddConstraint(
            model_name="flowcase",
            constraint=models.CheckConstraint(
                condition=Q(follows__isnull=True) | (Q(due_at__isnull=True) & ~Q(follows=F("id"))),
                name="a_case_that_follows_another_has_no_clock",
            ),
        ),
    ]
