"""Two versions of a plan side by side in one statement: what a draft would do differently."""

from __future__ import annotations

import re
from typing import Any

from anju.foundation.db import fetch
from anju.foundation.sweeps.sweep import EVERYTHING, Sweep

NAME = re.compile(r"%\((\w+)\)s")


def compared(
    s: Sweep, outer: str, now: dict[str, Any], draft: dict[str, Any], extra: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Run a query over the plan under two sets of parameters. Writes nothing.

    Args:
        s: the sweep whose plan is compared.
        outer: SQL with ``{now}`` and ``{draft}`` where the two plans stand, to be used as subqueries.
        now: parameters from the policies in force.
        draft: parameters from the draft.
        extra: further parameters of ``outer``.
    """

    def under(prefix: str) -> str:
        return NAME.sub(lambda m: f"%({prefix}{m.group(1)})s", str(s.plan))

    params = {f"now_{k}": v for k, v in {**EVERYTHING, **now}.items()}
    params |= {f"draft_{k}": v for k, v in {**EVERYTHING, **draft}.items()}
    return fetch(outer.format(now=f"({under('now_')})", draft=f"({under('draft_')})"), {**params, **(extra or {})})
