"""Each minute numbers that are past use are taken back."""

from __future__ import annotations

from datetime import datetime

from anju.foundation.calls.taking_back import take_back
from anju.foundation.jobs import every


@every("calls.numbers", minutes=1)
def look(org: int, at: datetime) -> None:
    """Numbers whose case is over, or whose caller has left."""
    take_back(org)
