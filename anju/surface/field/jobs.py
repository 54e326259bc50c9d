"""What phones sent long ago is forgotten."""

from __future__ import annotations

from datetime import date

from anju.foundation.db import org_scope
from anju.foundation.files import parts
from anju.foundation.jobs import daily
from anju.surface.field import sent


@daily("field.forget", at="03:50")
def forget_sent(org: int, day: date) -> None:
    """Entries after ninety days, pieces of pictures after a week."""
    with org_scope(org):
        sent.forget()
        parts.forget()
