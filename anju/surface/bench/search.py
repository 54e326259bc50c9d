"""Searching as people type: names of two and three characters, phones, lease numbers whole and in part, rooms."""

from __future__ import annotations

import random
import time

from anju.foundation.db import fetch, fetch_value, org_scope
from anju.foundation.search import search
from anju.kit import Actor
from anju.surface.bench.measure import Figures, latencies
from anju.surface.bench.registry import Asked
from anju.surface.bench.scaled import scaled

EACH, WARM = 200, 100  # measured, and before it other words of the same kind: nobody searches a server just started
REACH = "p95 < 10 ms"
ME = Actor.system()
SOME = """
SELECT p.name, l.number, u.code, split_part(pr.name, '·', 2) AS place FROM lease l
JOIN person p ON p.id = l.payer_id JOIN lease_unit lu ON lu.lease_id = l.id JOIN unit u ON u.id = lu.unit_id
JOIN project pr ON pr.id = l.scope_id WHERE l.id = ANY(%(ids)s)
"""


def run(asked: Asked) -> list[Figures]:
    """Ask for what is there, in the shapes people type; each query in a scope of its own, as a request does."""
    org = scaled(asked)
    rng = random.Random(1)  # noqa: S311 which rows are asked for
    with org_scope(org):
        span = fetch("SELECT min(id) AS lo, max(id) AS hi, count(*) AS n FROM lease")[0]
        ids = [rng.randint(span["lo"], span["hi"]) for _ in range(EACH * 4)]
        rows = fetch(SOME, {"ids": ids})
        phones = int(fetch_value("SELECT count(*) FROM contact_point WHERE kind = 'phone'"))
    kinds = {
        "names of 2 characters": [r["name"][:2] for r in rows],
        "names of 3 characters": [r["name"] for r in rows if len(r["name"]) == 3],
        "phone, last four": [f"{rng.randint(0, 9999):04}" for _ in range(EACH + WARM)],
        "phone, whole": [f"1{rng.choice('3589')}9{rng.randint(0, phones):08}" for _ in range(EACH + WARM)],
        "lease number": [r["number"] for r in rows],
        "part of a lease number": [r["number"][:7] for r in rows],
        "room": [r["code"] for r in rows],
        "part of an address": [r["place"][:4] for r in rows],
    }
    found = []
    for kind, words in kinds.items():
        for word in words[EACH : EACH + WARM]:
            _ask(org, word)
        seconds = [_ask(org, w) for w in words[:EACH] if len(w) >= 2]
        if not seconds:
            continue
        more = {**latencies(seconds), "leases": span["n"]}
        asked.say(f"{kind}: {more}")
        found.append(Figures("search", kind, len(seconds), sum(seconds), None, REACH, more))
    return found


def _ask(org: int, words: str) -> float:
    with org_scope(org):
        begin = time.perf_counter()
        search(ME, words)
        return time.perf_counter() - begin
