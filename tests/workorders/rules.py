"""A dispatch policy put in force by tests."""

from __future__ import annotations

from typing import Any

from anju.domain.workorders.dispatch_policy import Dispatch
from anju.foundation.db import clock
from anju.foundation.policy.models import PolicyRelease, PolicyVersion
from anju.foundation.policy.store import body_sha256


def dispatch_rules(**changed: Any) -> PolicyVersion:
    """A version of the policy in force from now on, as a release leaves it."""
    body, wall = Dispatch(**changed).model_dump(mode="json"), clock.wall()
    number = PolicyVersion.objects.filter(key="dispatch").count() + 1
    version = PolicyVersion.objects.create(
        key="dispatch", number=number, schema=1, body=body, sha256=body_sha256(body), author="system",
        state=PolicyVersion.State.RELEASED, created_at=wall, updated_at=wall,
    )  # fmt: skip
    PolicyRelease.objects.create(
        key="dispatch", effective_from=clock.now(), version=version, reviewer="system", reason="", created_at=wall
    )
    return version
