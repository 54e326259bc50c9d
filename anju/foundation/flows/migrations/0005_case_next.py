"""Who goes for a case waits for whoever is taking it, all of them together."""

from django.db import migrations

from anju.foundation.db.sql import SqlFile


class Migration(migrations.Migration):
    dependencies = [("flows", "0004_photos_of_a_step")]

    operations = [
        migrations.RunSQL(SqlFile(__file__, "../sql/case_next.sql").text, "DROP FUNCTION flow_case_next(bigint)")
    ]
