"""The first projects by name, which every page offers, are found without sorting all."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portfolio", "0003_units_in_order")]

    operations = [
        migrations.AddIndex(
            model_name="project",
            index=models.Index(fields=["org_id", "name"], name="project_name_ix"),
        ),
    ]
