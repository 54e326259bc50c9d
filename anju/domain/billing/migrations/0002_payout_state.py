"""A refund by the gateway takes time: its payout is asked for, then done or failed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="payout",
            name="state",
            field=models.CharField(
                choices=[("asked", "退款中"), ("done", "已退"), ("failed", "未退成")], default="done", max_length=6
            ),
        ),
        migrations.RunSQL("GRANT UPDATE (state) ON payout TO anju_app", migrations.RunSQL.noop),
    ]
