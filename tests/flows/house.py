# ruff: noqa: E501 — one line a part reads like the table it is
"""A key hand-over as an operator would define it, and the people who do it."""

from __future__ import annotations

from typing import Any

from anju.foundation.db import clock
from anju.foundation.flows.definition import (
    AnyOf,
    CaseField,
    Comparison,
    Guard,
    Limit,
    Named,
    Stage,
    Transition,
)
from anju.foundation.flows.definitions import FlowDefinition
from anju.foundation.policy.models import PolicyRelease, PolicyVersion
from anju.foundation.policy.store import body_sha256
from anju.foundation.staffing.actions import add_staff
from anju.kit import Actor

KEYS = FlowDefinition(
    name=Named(key="keys", zh="交接钥匙", en="Key hand-over"),
    prefix="K",
    classes=("急", "不急"),
    opens=("service", "manager"),
    asks=("keys",),
    fields=(
        CaseField(key="keys", zh="钥匙把数", kind="number"),
        CaseField(key="signed", zh="签收方式", kind="choice", choices=("当面", "信箱")),
    ),
    stages=(
        Stage(key="open", zh="待领取", en="Open", kind="start", team="service"),
        Stage(key="out", zh="送钥匙", en="On the way", team="service", awaits="等管家送到"),
        Stage(key="proof", zh="等签收", en="Awaits signature", kind="wait"),
        Stage(key="done", zh="已完成", en="Done", kind="done"),
        Stage(key="void", zh="已作废", en="Void", kind="void"),
    ),
    transitions=(
        Transition(key="take", zh="去送", sources=("open",), to="out", actors=("@team",), claims="claim", main=True),
        Transition(key="back", zh="放回", sources=("out",), to="open", actors=("@assignee",), claims="release", reason=True),
        Transition(
            key="hand", zh="送到", sources=("out",), to="proof", actors=("@assignee",), fields=("signed",), photos=1, main=True
        ),
        Transition(key="sign", zh="确认收到", sources=("proof",), to="done", actors=("@reporter", "@system"), main=True),
        Transition(
            key="drop", zh="作废", sources=("open", "out"), to="void", actors=("manager",), reason=True,
            guard=Guard(all=(AnyOf(any=(Comparison(fact="field:keys", op="le", value="3"),)),), zh="超过三把不能作废"),
        ),
    ),
    limits=(
        Limit(
            key="respond", zh="领取", starts=("open",), ends=("out",), minutes=(30, 0), warn_before=10,
            escalate_to="manager",
        ),
        Limit(key="silence", zh="沉默签收", starts=("proof",), ends=("done",), minutes=(2880,), then="sign"),
    ),
    pauses=(Named(key="away", zh="租客不在"),),
)  # fmt: skip


def install(name: str, definition: FlowDefinition, number: int = 1) -> PolicyVersion:
    """A version of a flow in force, as a release leaves it."""
    body = definition.model_dump(mode="json")
    wall = clock.wall()
    version = PolicyVersion.objects.create(
        key=f"flow.{name}", number=number, schema=1, body=body, sha256=body_sha256(body), author="system",
        state=PolicyVersion.State.RELEASED, created_at=wall, updated_at=wall,
    )  # fmt: skip
    PolicyRelease.objects.create(
        key=f"flow.{name}", effective_from=clock.now(), version=version, reviewer="system", reason="", created_at=wall
    )
    return version


def hire(*roles: str, name: str = "林晓", **more: Any) -> Actor:
    """A member of staff as an actor."""
    login = f"{'-'.join(roles)}-{name}@example.com"
    return Actor.staff(
        add_staff(Actor.system(), login=login, name=name, roles=roles, password="correct horse 7", **more).id
    )
