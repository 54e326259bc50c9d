"""Running a sweep: claim a batch, apply it in one statement, account for every candidate, prove it by one event."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, connection, transaction

from anju.foundation.access import permission
from anju.foundation.actions import Act, action
from anju.foundation.db import clock, fetch, fetch_one, run_sql
from anju.foundation.db.scope import org_scope, scope_is_open
from anju.foundation.sweeps.models import SweepBatch, SweepRun
from anju.foundation.sweeps.sweep import EVERYTHING, Sweep, sweep
from anju.foundation.trace.proof import merkle_root
from anju.kit import Actor

RUN = permission("sweeps.run", zh="运行自动任务", en="Run sweeps", roles=("manager",))

# Equal parts of at most a batch's size, and an even number of them, so that two workers end together.
BOUNDS = """
SELECT n, ids[n * part + 1] AS lo, ids[least((n + 1) * part, cardinality(ids))] AS hi
FROM (
    SELECT ids, CASE WHEN cardinality(ids) <= %(batch)s THEN %(batch)s ELSE ceil(cardinality(ids) /
        (ceil(cardinality(ids) / (2.0 * %(batch)s)) * 2))::int END AS part
    FROM (SELECT array_agg(subject_id ORDER BY subject_id) AS ids FROM ({candidates}) c) every
) cut CROSS JOIN LATERAL generate_series(0, (cardinality(ids) - 1) / part) AS n ORDER BY n
"""

# One statement, so one snapshot: the candidates are counted by their own text, what was done comes from RETURNING.
APPLY = """
WITH candidate AS MATERIALIZED ({candidates}),
plan AS MATERIALIZED ({plan}),
{apply},
written AS (
    INSERT INTO decision (as_of, run_id, subject_id, code, version_id, effect_id, detail)
    SELECT %(as_of)s::date, %(run_id)s, subject_id, code, %(version_id)s, effect_id, detail FROM decided
    RETURNING subject_id, code, sha256('\\x00'::bytea || convert_to(concat_ws('|',
        as_of, run_id, subject_id, code, coalesce(version_id::text, '-'), coalesce(effect_id::text, '-'),
        coalesce(detail, '-')), 'UTF8')) AS leaf
)
SELECT (SELECT count(*) FROM candidate) AS candidates,
       (SELECT coalesce(jsonb_object_agg(code, n), '{{}}')
        FROM (SELECT code, count(*) AS n FROM written GROUP BY code) t) AS tally,
       (SELECT string_agg(leaf, ''::bytea ORDER BY subject_id) FROM written) AS leaves
"""

CLAIM = """
SELECT id, n, lo, hi FROM sweep_batch WHERE run_id = %(run)s AND state = 'open'
ORDER BY n LIMIT 1 FOR UPDATE SKIP LOCKED
"""


TRIES = 3  # at a batch that others disturb


class Unaccounted(RuntimeError):
    """A run whose decisions do not add up to its candidates: a defect in a plan, never committed."""


def start_run(key: str, as_of: date, *, fresh: bool = False) -> SweepRun:
    """Find the day's run of a sweep, or begin it: pin policies, cut the window into batches.

    Two workers that begin at once get the same run, held by a unique key.

    Args:
        key: the sweep's key.
        as_of: the business day.
        fresh: begin another attempt although one is done (late leases; idempotent by unique keys).
    """
    last = SweepRun.objects.filter(sweep=key, scope="org", as_of=as_of).order_by("-attempt").first()
    if last is not None and not (fresh and last.state == SweepRun.State.DONE):
        return last
    attempt = last.attempt + 1 if last else 1
    # Here, not in a batch: making a partition locks the table, and workers inside batches would wait for each other.
    run_sql("SELECT decision_partition(%(day)s)", {"day": as_of})
    s = sweep(key)
    policies = s.pin(as_of)
    params = s.parameters(policies, as_of)
    try:
        with transaction.atomic():
            run = SweepRun.objects.create(
                sweep=key,
                as_of=as_of,
                attempt=attempt,
                versions={k: p.version_id for k, p in policies.items()},
                params=params,
                started_at=clock.wall(),
            )
            bounds = fetch(BOUNDS.format(candidates=s.candidates), {**EVERYTHING, **params, "batch": s.batch})
            SweepBatch.objects.bulk_create(SweepBatch(run=run, n=b["n"], lo=b["lo"], hi=b["hi"]) for b in bounds)
    except IntegrityError:
        return SweepRun.objects.get(sweep=key, scope="org", as_of=as_of, attempt=attempt)
    return run


@action("sweeps.batch.apply", needs=RUN)
def apply_batch(act: Act, *, run_id: int) -> bool:
    """Claim one open batch of a run and carry it out. Returns False when none is left to claim."""
    claimed = fetch_one(CLAIM, {"run": run_id})
    if claimed is None:
        act.nothing_changed()
        return False
    run = SweepRun.objects.get(id=run_id)
    s = sweep(run.sweep)
    version_id = run.versions[s.policies[0].policy_key] if s.policies else None
    ranges = {"lo": claimed["lo"], "hi": claimed["hi"], "run_id": run_id, "version_id": version_id}
    done = _carry_out(s, {**EVERYTHING, **run.params, **ranges})
    if s.after is not None:
        s.after(run, claimed["lo"], claimed["hi"])
    SweepBatch.objects.filter(id=claimed["id"]).update(
        state="done", candidates=done.candidates, tally=done.tally, root=done.root
    )
    said = {"sweep": run.sweep, "batch": claimed["n"], "candidates": done.candidates, "tally": done.tally}
    act.trace("sweep_run", run_id, version_id=version_id, run_id=run_id, root=done.root.hex(), **said)
    return True


@dataclass(frozen=True)
class Done:
    """What one batch did."""

    candidates: int
    tally: dict[str, int]
    root: bytes


def _carry_out(s: Sweep, params: dict[str, Any]) -> Done:
    """Plan, apply and account for a range in one statement; nothing stands unless the numbers agree."""
    text = APPLY.format(candidates=s.candidates, plan=s.plan, apply=str(s.apply).strip().removesuffix(","))
    # A table that was empty when last looked at is planned as empty, and read anew in a loop while we fill it.
    run_sql("SET LOCAL enable_seqscan = off")
    row = fetch_one(text, params)
    run_sql("SET LOCAL enable_seqscan = DEFAULT")
    assert row is not None
    tally: dict[str, int] = json.loads(row["tally"]) if isinstance(row["tally"], str) else row["tally"]
    if sum(tally.values()) != row["candidates"]:
        raise Unaccounted(f"{s.key} {params['as_of']}: {row['candidates']} candidates, decisions {tally}")
    for code in tally:
        s.words(code)
    leaves = bytes(row["leaves"] or b"")
    return Done(row["candidates"], tally, merkle_root([leaves[i : i + 32] for i in range(0, len(leaves), 32)]))


def finish_run(run_id: int) -> SweepRun:
    """Close a run whose batches are all done: its tally is the sum of theirs, or the run fails."""
    run = SweepRun.objects.select_for_update().get(id=run_id)
    if run.state != SweepRun.State.RUNNING:
        return run
    batches = list(SweepBatch.objects.filter(run_id=run_id).values_list("state", "candidates", "tally"))
    if any(state != "done" for state, _, _ in batches):
        return run
    tally: Counter[str] = Counter()
    for _, _, part in batches:
        tally.update(part)
    run.candidates, run.tally = sum(c for _, c, _ in batches), dict(tally)
    run.state, run.ended_at = SweepRun.State.DONE, clock.wall()
    run.save(update_fields=["candidates", "tally", "state", "ended_at"])
    return run


def run_sweep(by: Actor, org_id: int, key: str, as_of: date, *, fresh: bool = False, workers: int = 1) -> SweepRun:
    """Run a sweep for a day to its end, each batch in a transaction of its own; resumes what a crash left.

    Called inside an open scope (tests, demo), the batches become savepoints of that scope.

    Args:
        by: who runs it; usually ``Actor.system()``.
        org_id: the organization.
        key: the sweep.
        as_of: the business day.
        fresh: another attempt although the day's run is done.
        workers: how many threads apply batches side by side, where there are batches enough; each has a connection of
            its own. Inside an open scope there is one.
    """
    inside = scope_is_open()
    with org_scope(org_id):
        run = start_run(key, as_of, fresh=fresh)
        batches = SweepBatch.objects.filter(run_id=run.id, state="open").count()
    side_by_side = 1 if inside else min(workers, batches)
    try:
        if side_by_side > 1:
            _apply_side_by_side(by, org_id, run.id, side_by_side)
        else:
            _apply_all(by, org_id, run.id)
    except Unaccounted as fault:
        if not inside:
            with org_scope(org_id):
                SweepRun.objects.filter(id=run.id).update(state="failed", fault=str(fault), ended_at=clock.wall())
        raise
    with org_scope(org_id):
        return finish_run(run.id)


def _apply_all(by: Actor, org_id: int, run_id: int) -> None:
    """Claim and apply batches until none is left."""
    tries = 0
    while True:
        try:
            with org_scope(org_id):
                if not apply_batch(by, run_id=run_id):
                    return
        except IntegrityError:
            # Somebody wrote the same thing between our look and our write; a new look finds it there.
            tries += 1
            if tries == TRIES or scope_is_open():
                raise


def _apply_side_by_side(by: Actor, org_id: int, run_id: int, workers: int) -> None:
    """The same in several threads; the first fault is raised when all have stopped."""

    def apply() -> None:
        try:
            _apply_all(by, org_id, run_id)
        finally:
            connection.close()

    with ThreadPoolExecutor(workers, thread_name_prefix="sweep") as pool:
        for done in [pool.submit(apply) for _ in range(workers)]:
            done.result()


def tally_now(s: Sweep, params: dict[str, Any]) -> dict[str, int]:
    """What a plan would decide, by code, writing nothing."""
    rows = fetch(
        f"SELECT code, count(DISTINCT subject_id)::int AS n FROM ({s.plan}) p GROUP BY code", {**EVERYTHING, **params}
    )
    return {r["code"]: r["n"] for r in rows}
