"""Paid orders that come together are posted in one call of the server."""

from importlib import import_module

from django.db import migrations

from anju.foundation.db.sql import SqlFile

functions = import_module("anju.domain.billing.migrations.0003_post_order").functions


class Migration(migrations.Migration):
    dependencies = [("billing", "0003_post_order"), ("payments", "0003_callbacks")]

    operations = [
        migrations.RunSQL("DROP FUNCTION IF EXISTS billing_post_order"),
        migrations.RunSQL(functions()),
        migrations.RunSQL(SqlFile(__file__, "../sql/post_orders.sql").text),
    ]
