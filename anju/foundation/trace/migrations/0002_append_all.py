"""Many events at once."""

from django.db import migrations

from anju.foundation.db.sql import SqlFile


class Migration(migrations.Migration):
    dependencies = [("trace", "0001_initial")]

    operations = [migrations.RunSQL(SqlFile(__file__, "../append_all.sql").text)]
