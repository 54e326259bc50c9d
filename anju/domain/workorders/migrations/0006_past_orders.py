"""Orders of the time before: where they came from and the number they had there."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workorders", "0005_room_codes")]

    operations = [
        migrations.AddField("workorder", "outside", models.CharField(max_length=40, null=True)),
        migrations.AlterField(
            "workorder",
            "source",
            models.CharField(
                choices=[("portal", "租客上报"), ("phone", "电话代报"), ("import", "历史导入")], max_length=8
            ),
        ),
        migrations.AddConstraint(
            "workorder",
            models.UniqueConstraint(
                condition=models.Q(("outside__isnull", False)),
                fields=("org_id", "outside"),
                name="one_order_per_outside_number",
            ),
        ),
        migrations.AddIndex("workorder", models.Index(fields=["org_id", "opened_at", "id"], name="order_opened_ix")),
    ]
