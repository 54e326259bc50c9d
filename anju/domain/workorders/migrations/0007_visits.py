"""When somebody comes for a repair, and whether they may enter."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("workorders", "0006_past_orders")]

    operations = [
        migrations.AddField("workorder", "visit_from", models.DateTimeField(null=True)),
        migrations.AddField("workorder", "visit_until", models.DateTimeField(null=True)),
        migrations.AddField("workorder", "visit_agreed", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("workorder", "visit_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "workorder",
            "entry",
            models.CharField(
                blank=True,
                choices=[("home", "本人在家"), ("away", "我不在也可以进门")],
                db_default="",
                default="",
                max_length=4,
            ),
        ),
        migrations.AddField(
            "workorder", "entry_by", models.CharField(blank=True, db_default="", default="", max_length=40)
        ),
        migrations.AddField("workorder", "entry_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "workorder",
            models.CheckConstraint(
                condition=Q(
                    Q(("visit_agreed", False), ("visit_from__isnull", True), ("visit_until__isnull", True)),
                    Q(
                        ("visit_at__isnull", False),
                        ("visit_from__isnull", False),
                        ("visit_until__isnull", False),
                        ("visit_from__lt", F("visit_until")),
                    ),
                    _connector="OR",
                ),
                name="a_visit_lasts",
            ),
        ),
        migrations.AddConstraint(
            "workorder",
            models.CheckConstraint(
                condition=Q(
                    Q(("entry", ""), ("entry_at__isnull", True)),
                    Q(("entry__in", ("home", "away")), ("entry_at__isnull", False)),
                    _connector="OR",
                ),
                name="a_consent_says_when",
            ),
        ),
    ]
