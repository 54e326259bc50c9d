"""Rooms that can be let again are found without looking at all that are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portfolio", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="unit",
            index=models.Index(
                condition=models.Q(("state__in", ["preparing", "repair"])),
                fields=["org_id", "ready_on"],
                name="unit_ready_ix",
            ),
        ),
    ]
