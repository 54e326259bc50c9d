from django.db import migrations, models

import anju.foundation.db.models
from anju.foundation.db.operations import OrgTable
from anju.foundation.db.sql import SqlFile


class Migration(migrations.Migration):
    dependencies = [("policy", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="PolicyMark",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=anju.foundation.db.models.current_org(), editable=False)),
                ("mark", models.UUIDField()),
            ],
            options={
                "db_table": "policy_mark",
                "constraints": [models.UniqueConstraint(fields=("org_id",), name="one_mark_of_policies")],
            },
        ),
        OrgTable("PolicyMark", updatable=("mark",)),
        migrations.RunSQL(SqlFile(__file__, "../marks.sql").text),
    ]
