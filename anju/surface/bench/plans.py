"""The plans of hot queries on the largest company there is: which indexes answer, what is read whole, what spills.

What was seen at 1,000,000 units is kept in ``plans.json``: each of its indexes must still answer (``a or b``: two that
read as little, between which the planner goes to and fro); no table of more than a hundred thousand rows may be read
whole, nothing sorted on disk. ``anju bench plans --here`` on such a home checks it.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from django.test import Client

from anju.foundation.crypto import tail_index
from anju.foundation.db import Planned, fetch, org_scope
from anju.foundation.identity.sessions import TENANT_COOKIE, open_tenant_session
from anju.foundation.search.entries import tail_key
from anju.foundation.sweeps.sweep import EVERYTHING, sweep
from anju.foundation.ui.kept import forget
from anju.surface.bench.measure import Figures
from anju.surface.bench.pages import SOME, signed_in
from anju.surface.bench.registry import Asked
from anju.surface.bench.scaled import scaled

KEPT = Path(__file__).with_name("plans.json")
LARGE = 100_000  # rows from which reading a table whole is felt
REACH = "kept indexes answer; no large table read whole; no sort on disk"
USED = re.compile(r"(?:Index(?: Only)? Scan(?: Backward)? using|Bitmap Index Scan on) (\w+)")
WHOLE = re.compile(r"Seq Scan on (\w+)")
READS = re.compile(r"\s*(?:--[^\n]*\n\s*)*(?:SELECT|WITH)\b", re.IGNORECASE)
WRITES = re.compile(
    r"\b(?:INSERT|UPDATE|DELETE|nextval|set_config|pg_advisory)\b|FOR (?:NO KEY )?UPDATE", re.IGNORECASE
)
CALL = re.compile(r"EXECUTE (anju_\w+)")
BATCH = 50_000
DAYS = """
SELECT max(due_on) FILTER (WHERE open > 0) AS due, (SELECT min(id) FROM lease) AS lease,
       (SELECT min(id) FROM bill) AS bill FROM charge
"""


@dataclass
class Seen:
    """What the plans of one page or sweep use."""

    statements: int = 0
    used: set[str] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)
    spills: int = 0

    def read(self, plan: list[str], large: frozenset[str]) -> None:
        """Take in one plan."""
        text = "\n".join(plan)
        self.statements += 1
        self.used |= {n for n in USED.findall(text) if not re.search(r"\d{4}", n)}  # a month's partition is not kept
        self.whole |= {n for n in WHOLE.findall(text) if n in large}
        self.spills += text.count("external ")


def run(asked: Asked) -> list[Figures]:
    """Explain what pages, searches and sweeps ask of the largest company, and compare with what is kept."""
    org = scaled(asked)
    large = _large()
    kept: dict[str, list[str]] = json.loads(KEPT.read_text("utf-8"))
    found = []
    for name, seen, seconds in _all(org, large):
        missing = sorted(each for each in kept.get(name, ()) if not seen.used.intersection(each.split(" or ")))
        wrong = bool(missing or seen.whole or seen.spills)
        more = {"ok": not wrong, "missing": missing, "whole": sorted(seen.whole), "spills": seen.spills}
        asked.say(f"{name}: {len(seen.used)} indexes" + (f", {more}" if wrong else ""))
        more["indexes"] = sorted(seen.used)
        found.append(Figures("plans", name, seen.statements, seconds, None, REACH, more))
    return found


def _all(org: int, large: frozenset[str]) -> Iterator[tuple[str, Seen, float]]:
    for name, ask in [*_pages(org).items(), *_searches(org).items(), *_sweeps(org).items()]:
        seen = Seen()
        forget()
        begin = time.perf_counter()
        ask(seen, large)
        yield name, seen, time.perf_counter() - begin


Ask = Callable[[Seen, frozenset[str]], None]


def _pages(org: int) -> dict[str, Ask]:
    """Pages as staff and tenants open them; every reading statement is explained where it was asked."""
    with org_scope(org):
        some = fetch(SOME)[0]
        tenant = open_tenant_session(org, some["person"])
    staff = Client(HTTP_HOST="127.0.0.1")
    signed_in(org, staff)
    phone = Client(HTTP_HOST="127.0.0.1")
    phone.cookies[TENANT_COOKIE] = tenant
    paths = {
        "workbench": (staff, "/"), "leases": (staff, "/leases"), "units": (staff, "/units/list"),
        "tenants": (staff, "/tenants"), "tenant": (staff, f"/tenants/{some['person']}"),
        "arrears": (staff, "/rent/arrears"), "bills": (staff, "/rent/bills"), "payments": (staff, "/rent/payments"),
        "cockpit": (staff, "/cockpit"), "portal home": (phone, "/p/"),
        "portal bill": (phone, f"/p/bills/{some['bill']}"),
    }  # fmt: skip

    def page(client: Client, path: str) -> Ask:
        def ask(seen: Seen, large: frozenset[str]) -> None:
            with explained(seen, large):
                answer = client.get(path)
            if answer.status_code != 200:
                raise AssertionError(f"{path} answered {answer.status_code}")

        return ask

    return {f"page: {name}": page(*where) for name, where in paths.items()}


@contextmanager
def explained(seen: Seen, large: frozenset[str]) -> Iterator[None]:
    """Explain every reading statement of this thread right after it ran, in the same scope."""

    def also(execute: Any, text: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        result = execute(text, params, many, context)
        if _reads(text):
            raw = context["connection"].connection
            with psycopg.ClientCursor(raw) as cursor:
                cursor.execute("EXPLAIN (ANALYZE, TIMING OFF) " + text, params)
                seen.read([row[0] for row in cursor.fetchall()], large)
        return result

    with connection.execute_wrapper(also):
        yield


def _reads(text: str) -> bool:
    """Whether a statement only reads; one that is planned once is judged by its text."""
    call = CALL.match(text)
    asked = Planned.known[call[1]].sql if call else text
    return bool(READS.match(asked)) and not WRITES.search(asked)


def _searches(org: int) -> dict[str, Ask]:
    """Searches by shape of the word, explained as the tables' owner, as they run."""
    asks = {
        "two characters": {"route": "bigram", "text": "王芳", "key": "", "blind": "", "grams": ["王芳"]},
        "phone tail": {"route": "key", "text": "1203", "key": "1203", "grams": [], "tail": "1203"},
        "lease number": {"route": "key", "text": "ajb25", "key": "ajb25", "blind": "", "grams": []},
        "address part": {"route": "trigram", "text": "禾里公寓", "key": "", "blind": "", "grams": []},
    }  # fmt: skip

    def search(term: dict[str, Any]) -> Ask:
        def ask(seen: Seen, large: frozenset[str]) -> None:
            with org_scope(org):
                if "tail" in term:
                    term["blind"] = tail_key(tail_index("phone", term["tail"]))
                asked = {"terms": json.dumps([term]), "kinds": ["person", "lease", "unit", "bill"]}
                rows = fetch("SELECT search_plan(%(terms)s::jsonb, %(kinds)s, NULL, 20) AS line", asked)
            seen.read([r["line"] for r in rows], large)

        return ask

    return {f"search: {name}": search(term) for name, term in asks.items()}


def _sweeps(org: int) -> dict[str, Ask]:
    """A batch of each sweep on a day when it has work."""

    def plan(key: str) -> Ask:
        def ask(seen: Seen, large: frozenset[str]) -> None:
            with org_scope(org):
                there = fetch(DAYS)[0]
                s = sweep(key)
                params = {**EVERYTHING, **s.parameters(s.pin(there["due"]), there["due"])}
                params["lo"] = there[s.subject]
                params["hi"] = params["lo"] + BATCH - 1
                for text in (s.candidates, s.plan):
                    rows = fetch(f"EXPLAIN (ANALYZE, TIMING OFF) {text}", params)
                    seen.read([r["QUERY PLAN"] for r in rows], large)

        return ask

    return {f"sweep: {key}": plan(key) for key in ("billing", "reminders")}


def _large() -> frozenset[str]:
    return frozenset(
        r["relname"]
        for r in fetch("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > %(n)s", {"n": LARGE})
    )
