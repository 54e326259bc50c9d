"""A verified callback is posted in one call of the server."""

from django.db import migrations

from anju.foundation.db.sql import SqlFile


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial"), ("trace", "0001_initial"), ("db", "0002_clock")]

    operations = [migrations.RunSQL(SqlFile(__file__, "../sql/callback.sql").text)]
