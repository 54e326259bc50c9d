"""Messages to colleagues: who is on call is paged through the same outbox."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("messaging", "0003_outbox_state")]

    operations = [
        migrations.AlterField("message", "to_person", models.BigIntegerField(null=True)),
        migrations.AddField("message", "to_staff", models.BigIntegerField(null=True)),
        migrations.AddConstraint(
            "message",
            models.CheckConstraint(
                condition=Q(("to_person__isnull", True)) ^ Q(("to_staff__isnull", True)), name="a_message_goes_to_one"
            ),
        ),
        migrations.AddIndex(
            "message",
            models.Index(
                condition=Q(("to_staff__isnull", False)),
                fields=["org_id", "to_staff", "id"],
                name="message_staff_ix",
            ),
        ),
    ]
