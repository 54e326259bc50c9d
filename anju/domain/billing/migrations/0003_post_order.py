"""The statement that allocates everywhere is a function too."""

from django.db import migrations

from anju.foundation.db.sql import SqlFile

NAMES = {
    "%(leases)s": "p_leases",
    "%(at)s": "p_at",
    "%(kinds)s": "p_kinds",
    "%(kind_first)s": "p_kind_first",
}


def functions() -> str:
    """The functions' text, with the allocation's own text inside."""
    allocate = SqlFile(__file__, "../sql/allocate.sql").text
    for parameter, name in NAMES.items():
        allocate = allocate.replace(parameter, name)
    return SqlFile(__file__, "../sql/allocate_function.sql").text.replace("{allocate}", allocate.strip())


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_payout_state"), ("payments", "0002_callback"), ("policy", "0001_initial")]

    operations = [migrations.RunSQL(functions())]
