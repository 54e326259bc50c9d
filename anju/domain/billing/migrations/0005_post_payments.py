"""Recorded payments are posted in one call of the server."""

from django.db import migrations

from anju.foundation.db.sql import SqlFile


class Migration(migrations.Migration):
    dependencies = [("billing", "0004_post_orders")]

    operations = [migrations.RunSQL(SqlFile(__file__, "../sql/post_payments.sql").text)]
