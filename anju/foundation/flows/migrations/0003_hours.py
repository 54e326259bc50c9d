"""A limit in working time keeps the working hours it began with."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("flows", "0002_follows")]

    operations = [
        migrations.AddField(
            model_name="flowlimit",
            name="hours_id",
            field=models.BigIntegerField(
                help_text="the version of the hours it counts; null: day and night", null=True
            ),
        ),
    ]
