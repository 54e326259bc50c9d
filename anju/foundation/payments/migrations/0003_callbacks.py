"""Verified callbacks that come together are posted in one call of the server."""

from django.db import migrations

from anju.foundation.db.sql import SqlFile


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_callback"), ("trace", "0002_append_all")]

    operations = [
        migrations.RunSQL("DROP FUNCTION IF EXISTS payment_callback"),
        migrations.RunSQL(SqlFile(__file__, "../sql/callbacks.sql").text),
    ]
