"""Was the call for one callback; 0003 brings the one for many."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial"), ("trace", "0001_initial"), ("db", "0002_clock")]

    operations: list[migrations.RunSQL] = []
