"""Checking every organization's books: each law with its breaches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from anju.foundation.db import org_scope
from anju.foundation.identity.models import Organization
from anju.surface.checker import proofs
from anju.surface.checker.laws import LAWS, Law

SHOWN = 5
CHAINS = Law("chains", "每条记录链完整，逐条可复算", "Every chain is whole and can be recomputed", "")
TOLD = Law("told_in_full", "每条记录的内容都能读出", "What every event says can be read", "")
ROOTS = Law("roots", "每批判定的默克尔根与记录一致", "The root of every batch of decisions is the recorded one", "")


@dataclass(frozen=True)
class Verdict:
    """One law in one organization. ``breaches`` are the first of them."""

    org_id: int
    law: Law
    breaches: tuple[str, ...]
    count: int

    @property
    def holds(self) -> bool:
        """Whether nothing breaks it."""
        return self.count == 0

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {"organization": self.org_id, "law": self.law.key, "breaches": self.count, "first": list(self.breaches)}


def check_org(org: int) -> Iterator[Verdict]:
    """Every law in one organization; no scope is open. Reads one snapshot a law, writes nothing."""
    for law in LAWS:
        with org_scope(org):
            yield _verdict(org, law, (str(next(iter(r.values()))) for r in proofs.rows(law.sql)))
    for law, breaches in ((CHAINS, proofs.broken_chains), (TOLD, proofs.unreadable), (ROOTS, proofs.broken_batches)):
        with org_scope(org):
            yield _verdict(org, law, breaches())


def _verdict(org: int, law: Law, breaches: Iterable[str]) -> Verdict:
    found = iter(breaches)
    first = tuple(islice(found, SHOWN))
    return Verdict(org, law, first, len(first) + sum(1 for _ in found))


def check(say: Callable[[str], None], *, english: bool = False) -> list[Verdict]:
    """Every law in every organization; says each as a line.

    Args:
        say: told each verdict.
        english: in which language.
    """
    found = []
    for org in Organization.objects.order_by("id"):
        say(f"{org.id} {org.name}")
        for verdict in check_org(org.id):
            found.append(verdict)
            name = verdict.law.en if english else verdict.law.zh
            say(f"  {'✓' if verdict.holds else '✗'} {name}" + ("" if verdict.holds else f": {verdict.count}"))
            for breach in verdict.breaches:
                say(f"      {breach}")
    return found
