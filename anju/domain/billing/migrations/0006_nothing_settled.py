"""A paid order that settles nothing (paid twice, paid ahead) is told so; its event could not be read before."""

from django.db import migrations

from anju.foundation.db.sql import SqlFile


class Migration(migrations.Migration):
    dependencies = [("billing", "0005_post_payments")]

    operations = [
        migrations.RunSQL("DROP FUNCTION billing_post_orders"),
        migrations.RunSQL(SqlFile(__file__, "../sql/post_orders.sql").text),
    ]
