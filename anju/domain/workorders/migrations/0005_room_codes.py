"""The codes on the rooms' walls, and where a code is looked up."""

from django.db import migrations, models
from django.db.models import deletion

from anju.foundation.db.models import OrgForeignKey, current_org
from anju.foundation.db.operations import OrgTable


class Migration(migrations.Migration):
    dependencies = [("workorders", "0004_crew")]

    operations = [
        migrations.CreateModel(
            name="RoomCode",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.BigIntegerField(db_default=current_org(), editable=False)),
                ("token_hash", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=40)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_by", models.CharField(blank=True, default="", max_length=40)),
                ("unit", OrgForeignKey(on_delete=deletion.PROTECT, to="portfolio.unit")),
            ],
            options={
                "db_table": "room_code",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("org_id", "unit"),
                        name="one_living_code_per_room",
                    ),
                    models.UniqueConstraint(fields=("org_id", "token_hash"), name="one_room_code_per_token"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoomCodePlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("org_id", models.BigIntegerField()),
                ("code_id", models.BigIntegerField()),
            ],
            options={"db_table": "room_code_place"},
        ),
        OrgTable("RoomCode", updatable=("revoked_at", "revoked_by")),
    ]
