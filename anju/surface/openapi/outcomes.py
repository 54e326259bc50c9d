"""What became of many things sent at once: good ones went in, bad ones come back with their reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language

from anju.kit import Refused
from anju.surface.openapi.wire import Out


class Reason(Out):
    """Why one of them was refused."""

    code: str
    detail: str


class Outcome(Out):
    """One of them, in the order sent: its id, or why not."""

    id: int | None
    refused: Reason | None


class Outcomes(Out):
    """All of them. ``new`` counts those that were not there before."""

    results: list[Outcome]
    new: int


def outcomes(ids: Sequence[int | None], refusals: Mapping[int, Refused], new: int) -> dict[str, Any]:
    """Ids in the order sent with refusals by index, as they are answered."""
    language = get_language() or "zh-hans"
    reasons = {n: {"code": r.code, "detail": r.text(language)} for n, r in refusals.items()}
    return {"results": [{"id": i, "refused": reasons.get(n)} for n, i in enumerate(ids)], "new": new}
