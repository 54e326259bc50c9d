"""A code that many share reads as many entries as are shown three times over, not ten."""

from django.db import migrations

from anju.foundation.db.sql import SqlFile


class Migration(migrations.Migration):
    dependencies = [("search", "0003_keys_by_entry")]

    operations = [migrations.RunSQL(SqlFile(__file__, "../sql/search_query.sql").text, migrations.RunSQL.noop)]
