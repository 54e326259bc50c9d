"""Messages call a bill of several months as pages do."""

from django.db import migrations

from anju.foundation.db.sql import SqlFile


class Migration(migrations.Migration):
    dependencies = [("billing", "0006_nothing_settled")]

    operations = [migrations.RunSQL(SqlFile(__file__, "../sql/bill_months.sql").text)]
