"""Writing an entry reads its own keys only, not everybody's who shares one."""

from django.db import migrations

from anju.foundation.db.sql import SqlFile


class Migration(migrations.Migration):
    dependencies = [("search", "0002_short_ways")]

    operations = [migrations.RunSQL(SqlFile(__file__, "../sql/search_index.sql").text, migrations.RunSQL.noop)]
