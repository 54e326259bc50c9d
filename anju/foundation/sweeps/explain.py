"""Why? For one subject: what was decided, and what would be decided on any day, from the same plan text."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from anju.foundation.db import Planned, fetch, fetch_one, planned
from anju.foundation.sweeps.models import SweepBatch, SweepRun
from anju.foundation.sweeps.sweep import EVERYTHING, Policies, Sweep, sweep
from anju.foundation.trace.proof import leaf_hash, merkle_path, proves

ONE = re.compile(r"BETWEEN %\(lo\)s AND %\(hi\)s")


@dataclass(frozen=True)
class Explained:
    """A decision about one subject on a day.

    ``live`` decisions are computed now and written nowhere; others were made by run ``run_id``.
    """

    sweep: Sweep
    as_of: date
    code: str
    detail: dict[str, Any]
    version_id: int | None
    version_number: int | None
    live: bool
    in_window: bool = True
    run_id: int | None = None
    effect_id: int | None = None
    rows: list[dict[str, Any]] = field(default_factory=list)

    @property
    def zh(self) -> str:
        """The code's Chinese words, with the detail's facts filled in."""
        return self.sweep.words(self.code).zh.format_map(facts(self.detail))

    @property
    def en(self) -> str:
        """The code's English words."""
        return self.sweep.words(self.code).en.format_map(facts(self.detail))


class _Facts(dict[str, Any]):
    """A detail's facts as people read them: amounts with two decimals, what is missing as a dash."""

    def __getitem__(self, key: str) -> Any:
        value = self.get(key, "—")
        return f"{Decimal(str(value)):,.2f}" if key == "amount" and key in self else value

    def __missing__(self, key: str) -> str:
        return "—"


def facts(detail: dict[str, Any] | str | None) -> dict[str, Any]:
    """A detail's facts as sentences take them: amounts with two decimals, a dash for what is missing."""
    known: dict[str, Any] = json.loads(detail) if isinstance(detail, str) else detail or {}
    return _Facts(known)


def explain(key: str, subject_id: int, as_of: date, policies: Policies | None = None) -> Explained:
    """What the plan decides about one subject on a day, or why it is not asked that day. Writes nothing.

    Args:
        key: the sweep.
        subject_id: the subject's id.
        as_of: the business day; any day, past or future.
        policies: pinned policies instead of those in force (for drafts).
    """
    s = sweep(key)
    policies = policies if policies is not None else s.pin(as_of)
    params = {
        **EVERYTHING,
        **s.parameters(policies, as_of, catch_up=False),
        "lo": subject_id,
        "hi": subject_id,
        "only": subject_id,
    }
    pinned = policies[s.policies[0].policy_key] if s.policies else None
    version_id, number = (pinned.version_id, pinned.number) if pinned else (None, None)
    rows = fetch(_of_one(str(s.plan)), params)
    if rows:
        return Explained(s, as_of, rows[0]["code"], _detail(rows[0]), version_id, number, live=True, rows=rows)
    outside = fetch_one(planned(str(s.outside)), params) or {"code": "unknown"}
    return Explained(s, as_of, outside["code"], _detail(outside), version_id, number, live=True, in_window=False)


@cache
def _of_one(plan: str) -> Planned:
    """A sweep's plan for one subject alone: planned once, and then found by its key like any row."""
    return planned(ONE.sub("= %(only)s::bigint", plan))


DECIDED = """
SELECT d.as_of, d.code, d.detail, d.version_id, d.run_id, d.effect_id, v.number FROM decision d
JOIN sweep_run r ON r.id = d.run_id AND r.sweep = %(key)s::text LEFT JOIN policy_version v ON v.id = d.version_id
WHERE d.subject_id = %(id)s::bigint AND (%(as_of)s::date IS NULL OR d.as_of = %(as_of)s::date)
ORDER BY d.as_of DESC, d.run_id DESC LIMIT %(limit)s::int
"""


def decided(key: str, subject_id: int, as_of: date | None = None, limit: int = 20) -> list[Explained]:
    """Decisions that runs made about a subject, newest first."""
    s = sweep(key)
    rows = fetch(planned(DECIDED), {"key": key, "id": subject_id, "as_of": as_of, "limit": limit})
    return [
        Explained(
            s,
            r["as_of"],
            r["code"],
            _detail(r),
            r["version_id"],
            r["number"],
            live=False,
            run_id=r["run_id"],
            effect_id=r["effect_id"],
        )
        for r in rows
    ]


def _detail(row: dict[str, Any]) -> dict[str, Any]:
    detail = row.get("detail")
    if isinstance(detail, str):
        detail = json.loads(detail)
    return detail or {}


@dataclass(frozen=True)
class Proof:
    """One decision's proof: its leaf's text, the path, and the root that the batch's event holds."""

    text: str
    path: list[tuple[str, bytes]]
    root: bytes
    event_root: str

    @property
    def holds(self) -> bool:
        """Whether leaf and path lead to the root, and the root is the one in the trace."""
        return proves(leaf_hash(self.text), self.path, self.root) and self.root.hex() == self.event_root


def leaf_text(row: dict[str, Any]) -> str:
    """A decision's exact leaf text, as the apply statement hashes it."""

    def part(value: Any) -> str:
        return "-" if value is None else str(value)

    return "|".join(
        part(row[c]) for c in ("as_of", "run_id", "subject_id", "code", "version_id", "effect_id", "detail")
    )


def prove(run_id: int, subject_id: int) -> Proof:
    """Leaf and path of one decision, rebuilt from the stored rows of its batch.

    Raises:
        SweepBatch.DoesNotExist: the run decided nothing about that subject.
    """
    run = SweepRun.objects.get(id=run_id)
    batch = SweepBatch.objects.get(run_id=run_id, lo__lte=subject_id, hi__gte=subject_id)
    rows = fetch(
        "SELECT as_of, run_id, subject_id, code, version_id, effect_id, detail FROM decision WHERE as_of = %(as_of)s"
        " AND run_id = %(run)s AND subject_id BETWEEN %(lo)s AND %(hi)s ORDER BY subject_id",
        {"as_of": run.as_of, "run": run_id, "lo": batch.lo, "hi": batch.hi},
    )
    index = next((i for i, r in enumerate(rows) if r["subject_id"] == subject_id), None)
    if index is None:
        raise SweepBatch.DoesNotExist(f"run {run_id} decided nothing about {subject_id}")
    leaves = [leaf_hash(leaf_text(r)) for r in rows]
    event = fetch_one(
        "SELECT body FROM trace_event WHERE stream_kind = 'sweep_run' AND stream_id = %(run)s"
        " AND (body::jsonb ->> 'batch')::int = %(n)s",
        {"run": run_id, "n": batch.n},
    )
    root = json.loads(event["body"])["root"] if event else ""
    return Proof(leaf_text(rows[index]), merkle_path(leaves, index), bytes(batch.root or b""), root)
