"""The dearest and the largest units are found without sorting all."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("portfolio", "0002_unit_ready_ix")]

    operations = [
        migrations.AddIndex(
            model_name="unit",
            index=models.Index(
                F("org_id"), F("guide_rent").desc(nulls_last=True), F("id"), name="unit_rent_ix", condition=Q(leaf=True)
            ),
        ),
        migrations.AddIndex(
            model_name="unit",
            index=models.Index(
                F("org_id"), F("area").desc(nulls_last=True), F("id"), name="unit_area_ix", condition=Q(leaf=True)
            ),
        ),
    ]
