"""A process that reports repairs: ``python -m anju.surface.bench.reporter ORG``; reads what, reports, says how fast.

Each report is what the tenant's page does when it is sent: place, reading, the check for one that is there, the order.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from typing import Any


def main(org: int) -> None:
    """Get ready with the first of the reports, say so, report the others, print when and how long."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anju.config.settings")
    import django

    django.setup()
    asked: list[dict[str, Any]] = json.loads(sys.stdin.readline())
    first = min(20, len(asked) // 4)
    reported(org, asked[:first])
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    begin = time.time()
    seconds, alike = reported(org, asked[first:])
    sys.stdout.write(json.dumps({"begin": begin, "end": time.time(), "seconds": seconds, "alike": alike}))


def reported(org: int, asked: Sequence[dict[str, Any]]) -> tuple[list[float], int]:
    """Report each in a transaction of its own; the seconds of each, and of how many a like one was there."""
    from anju.domain.workorders import queries
    from anju.domain.workorders.actions import place_of, read_report, report
    from anju.foundation.access.rights import remembering
    from anju.foundation.db import org_scope
    from anju.kit import Actor

    seconds, alike = [], 0
    for one in asked:
        begin = time.perf_counter()
        with org_scope(org), remembering():
            place, read = place_of(one["lease"], one["spot"]), read_report(one["said"], one["spot"])
            alike += bool(queries.alike(place, read))
            report(Actor.tenant(one["person"]), lease_id=one["lease"], spot=one["spot"], said=one["said"])
        seconds.append(time.perf_counter() - begin)
    return seconds, alike


if __name__ == "__main__":
    main(int(sys.argv[1]))
