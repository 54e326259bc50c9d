"""How much waits in the outbox, over all organizations, for /healthz and /metrics."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0002_narrower_fallback_index"),
        ("db", "0002_clock"),
        ("identity", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            (Path(__file__).parent / "outbox_state.sql").read_text(encoding="utf-8"), "DROP FUNCTION outbox_state()"
        )
    ]
