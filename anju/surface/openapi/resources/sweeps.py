"""Recurring engines: what would be decided, running one, why one subject was decided so, and the proof of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Status

from anju.domain.billing.models import Bill
from anju.domain.leases.models import Lease
from anju.foundation.access import require, restrict
from anju.foundation.db import clock
from anju.foundation.policy.models import PolicyVersion
from anju.foundation.sweeps import run as running
from anju.foundation.sweeps.explain import Explained, decided, explain, prove
from anju.foundation.sweeps.models import SweepBatch, SweepRun
from anju.foundation.sweeps.sweep import Sweep, all_sweeps
from anju.foundation.sweeps.sweep import sweep as sweep_of
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND, sentence
from anju.surface.openapi.door import require_all_projects
from anju.surface.openapi.jobs import carry_on
from anju.surface.openapi.operations import Call, reads, writes
from anju.surface.openapi.resources.decisions import (
    DecidedAsked,
    DecisionOut,
    Decisions,
    PlanOut,
    ProofOf,
    ProofOut,
    RunIn,
    RunOut,
    SubjectAsked,
    SweepDay,
    Sweeps,
)
from anju.surface.openapi.scopes import SWEEPS_READ, SWEEPS_RUN
from anju.surface.openapi.wire import Id, Page, Paged, more, page, place

router = Router(tags=[_("自动任务")])
MOST_DAYS_BACK = 62
FAR = timedelta(days=731)

DAY_OUTSIDE = sentence(
    "api.sweep_day_outside",
    "只能运行 {first} 至今天（{last}）之间的日期。",
    "Only days from {first} to today ({last}) can be run.",
)
DAY_FAR = sentence(
    "api.sweep_day_far",
    "只能查询前后两年之内的日期。",
    "Only days within two years from today can be asked for.",
)
NO_POLICY = sentence(
    "api.no_policy_then", "{day} 还没有发布配置，无从决定。", "No policy was released by {day}, so nothing is decided."
)
# What a sweep decides about, and where the viewer's own rows of that kind are.
SUBJECTS: dict[str, Callable[[Actor, int], bool]] = {
    "lease": lambda by, id: restrict(Lease.objects.filter(id=id), by).exists(),
    "bill": lambda by, id: restrict(Bill.objects.filter(id=id), by).exists(),
}


def known(key: str) -> Sweep:
    """The engine of that key, refused as not found if there is none."""
    try:
        return sweep_of(key)
    except KeyError:
        raise NOT_FOUND() from None


def own_subject(actor: Actor, sweep: Sweep, subject_id: int) -> None:
    """Refuse a subject outside the key's organization and projects."""
    reader = SUBJECTS.get(sweep.subject)
    if reader is None or not reader(actor, subject_id):
        raise NOT_FOUND()


def near(day: date | None) -> date:
    """The day asked for, or today.

    Raises:
        Refused: ``api.sweep_day_far``.
    """
    today = clock.today()
    if day is not None and abs(day - today) > FAR:
        raise DAY_FAR()
    return day or today


def told(sweep: Sweep, subject_id: int, found: Explained) -> dict[str, Any]:
    """A decision as it is answered."""
    return {
        "sweep": sweep.key,
        "subject_id": subject_id,
        "as_of": found.as_of,
        "code": found.code,
        "words": found.en if _english() else found.zh,
        "detail": found.detail,
        "policy_number": found.version_number,
        "live": found.live,
        "in_window": found.in_window,
        "run_id": found.run_id,
        "effect_id": found.effect_id,
    }


def _english() -> bool:
    return (get_language() or "").startswith("en")


@reads(
    router,
    "/sweeps",
    needs=SWEEPS_READ,
    answers=Sweeps,
    summary=_("自动任务"),
    description=_("出账、提醒等每天自动进行的任务，以及每种决定的含义。"),
)
def list_sweeps(request: Call) -> Any:
    """All engines."""
    en = _english()

    def codes(s: Sweep) -> list[dict[str, Any]]:
        return [{"code": k, "words": c.en if en else c.zh, "acts": c.acts} for k, c in s.codes.items()]

    return {
        "items": [
            {"key": s.key, "name": s.en if en else s.zh, "subject": s.subject, "codes": codes(s)} for s in all_sweeps()
        ]
    }


@reads(
    router,
    "/sweeps/{key}/plan",
    needs=SWEEPS_READ,
    answers=PlanOut,
    summary=_("会怎么决定"),
    description=_("某一天会作出的决定，按代码计数；只计算，不写入。需要不限项目的密钥。"),
)
def plan_sweep(request: Call, key: str, asked: Query[SweepDay]) -> Any:
    """What would be decided."""
    sweep = known(key)
    require_all_projects(request.actor)
    as_of = near(asked.as_of)
    try:
        pinned = sweep.pin(as_of)
    except LookupError:
        raise NO_POLICY(day=as_of) from None
    tally = running.tally_now(sweep, sweep.parameters(pinned, as_of))
    policies = [{"key": k, "number": p.number} for k, p in pinned.items()]
    return {
        "sweep": sweep.key,
        "as_of": as_of,
        "candidates": sum(tally.values()),
        "tally": tally,
        "policies": policies,
    }


@writes(
    router,
    "/sweeps/{key}/runs",
    needs=SWEEPS_RUN,
    answers=RunOut,
    status=202,
    summary=_("运行自动任务"),
    description=_("开始某一天的运行，由后台分批完成；之后读取运行结果。已经运行过的日期返回原来的运行。"),
)
def run_sweep(request: Call, key: str, asked: RunIn) -> Any:
    """Begin a run; a worker carries it through, batch by batch, as this key."""
    sweep = known(key)
    require(request.actor, running.RUN)
    require_all_projects(request.actor)
    today = clock.today()
    as_of, first = asked.as_of or today, today - timedelta(days=MOST_DAYS_BACK)
    if not first <= as_of <= today:
        raise DAY_OUTSIDE(first=first, last=today)
    try:
        run = running.start_run(sweep.key, as_of, fresh=asked.fresh)
    except LookupError:
        raise NO_POLICY(day=as_of) from None
    if run.state == SweepRun.State.RUNNING:
        carry_on.schedule({"run_id": run.id, "key_id": request.actor.id}, alone=f"sweep:{run.id}")
    return Status(202, _told([run])[0])


@reads(
    router,
    "/sweeps/{key}/runs",
    needs=SWEEPS_READ,
    answers=Page[RunOut],
    summary=_("运行记录"),
    description=_("某个自动任务的运行，新的在前。需要不限项目的密钥。"),
)
def list_runs(request: Call, key: str, asked: Query[Paged]) -> Any:
    """Runs, newest first."""
    sweep = known(key)
    require_all_projects(request.actor)
    found = SweepRun.objects.filter(sweep=sweep.key).order_by("-id")
    if after := place(asked.cursor, "runs"):
        found = found.filter(id__lt=after[0])
    rows, another = more(_told(list(found[: asked.limit + 1])), asked.limit)
    return page(rows, rows[-1]["id"] if another else None, "runs")


@reads(
    router,
    "/sweep-runs/{run_id}",
    needs=SWEEPS_READ,
    answers=RunOut,
    summary=_("一次运行"),
    description=_("运行的状态和决定计数；候选数等于各决定之和。需要不限项目的密钥。"),
)
def get_run(request: Call, run_id: Id) -> Any:
    """One run."""
    require_all_projects(request.actor)
    found = SweepRun.objects.filter(id=run_id).first()
    if found is None:
        raise NOT_FOUND()
    return _told([found])[0]


def _told(runs: list[SweepRun]) -> list[dict[str, Any]]:
    """Runs as they are answered, with the numbers of the policy versions they pinned."""
    ids = {version for run in runs for version in run.versions.values()}
    numbers = dict(PolicyVersion.objects.filter(id__in=ids).values_list("id", "number"))
    names = ("id", "sweep", "as_of", "attempt", "state", "candidates", "tally", "started_at", "ended_at")
    return [
        {name: getattr(run, name) for name in names}
        | {"policies": [{"key": k, "number": numbers[v]} for k, v in run.versions.items()]}
        for run in runs
    ]


@reads(
    router,
    "/sweeps/{key}/explain",
    needs=SWEEPS_READ,
    answers=DecisionOut,
    summary=_("为什么"),
    description=_("某一天会怎样决定一份合同或一张账单，以及原因；没有出账的也能说明为什么没有。"),
)
def explain_subject(request: Call, key: str, asked: Query[SubjectAsked]) -> Any:
    """Why."""
    sweep = known(key)
    own_subject(request.actor, sweep, asked.subject_id)
    as_of = near(asked.as_of)
    try:
        return told(sweep, asked.subject_id, explain(sweep.key, asked.subject_id, as_of))
    except LookupError:
        raise NO_POLICY(day=as_of) from None


@reads(
    router,
    "/sweeps/{key}/decisions",
    needs=SWEEPS_READ,
    answers=Decisions,
    summary=_("作过的决定"),
    description=_("各次运行对一份合同或一张账单的决定，新的在前，最多二十条。"),
)
def list_decisions(request: Call, key: str, asked: Query[DecidedAsked]) -> Any:
    """What runs decided about a subject."""
    sweep = known(key)
    own_subject(request.actor, sweep, asked.subject_id)
    return {"items": [told(sweep, asked.subject_id, d) for d in decided(sweep.key, asked.subject_id)]}


@reads(
    router,
    "/sweep-runs/{run_id}/proof",
    needs=SWEEPS_READ,
    answers=ProofOut,
    summary=_("决定的证明"),
    description=_("一条决定的默克尔路径：不必相信我们，自己就能算出批次的根，并与留痕里的根核对。"),
)
def prove_decision(request: Call, run_id: Id, asked: Query[ProofOf]) -> Any:
    """The proof of one decision."""
    run = SweepRun.objects.filter(id=run_id).first()
    if run is None:
        raise NOT_FOUND()
    own_subject(request.actor, sweep_of(run.sweep), asked.subject_id)
    try:
        proof = prove(run_id, asked.subject_id)
    except SweepBatch.DoesNotExist:
        raise NOT_FOUND() from None
    return {
        "leaf": proof.text,
        "path": [{"side": side, "hash": sibling.hex()} for side, sibling in proof.path],
        "root": proof.root.hex(),
        "event_root": proof.event_root,
        "holds": proof.holds,
    }
