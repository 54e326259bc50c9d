"""Which flows there are, and the definition a case obeys."""

from __future__ import annotations

from dataclasses import dataclass

from anju.foundation.db import clock, fetch
from anju.foundation.flows.definition import Flow
from anju.foundation.flows.soundness import lint_flow
from anju.foundation.policy import Finding
from anju.foundation.policy.registry import declared, policy_family
from anju.foundation.policy.store import Pinned, in_force, pinned, read
from anju.kit.refusal import NOT_FOUND

PREFIX = "flow"


class FlowDefinition(Flow):
    """A flow as a policy: shipped ones are declared by their slice, others are made in the console."""

    def title(self) -> str:
        """The flow's own name."""
        return self.name.word

    def lint(self) -> list[Finding]:
        """Names that lead nowhere, stages nobody reaches or leaves."""
        return lint_flow(self)


policy_family(PREFIX, FlowDefinition, area="flows", zh="自定义流程", en="A flow of your own")


@dataclass(frozen=True)
class Known:
    """A flow in force."""

    key: str
    pinned: Pinned[FlowDefinition]


def key_of(name: str) -> str:
    """A flow's policy key: ``flow.workorder``."""
    return f"{PREFIX}.{name}"


def current(flow: str) -> Pinned[FlowDefinition]:
    """The definition new cases begin with. Refused as not found if the flow was never released."""
    try:
        return in_force(_model(key_of(flow)))
    except LookupError:  # KeyError is one: no such key
        raise NOT_FOUND() from None


def kept(flow: str, version_id: int) -> FlowDefinition:
    """The definition a running case keeps."""
    return pinned(_model(key_of(flow)), version_id).value


IN_FORCE = """
SELECT DISTINCT ON (r.key) r.key, v.id, v.number, v.schema, v.sha256, v.body
FROM policy_release r JOIN policy_version v ON v.id = r.version_id
WHERE starts_with(r.key, 'flow.') AND r.scope = 'org' AND r.effective_from <= %(now)s
  AND NOT EXISTS (SELECT FROM policy_call_off c WHERE c.release_id = r.id)
ORDER BY r.key, r.effective_from DESC
"""


def all_current() -> list[Known]:
    """Every flow in force, by key."""
    rows = fetch(IN_FORCE, {"now": clock.now()})
    return [Known(r["key"].removeprefix(f"{PREFIX}."), read(_model(r["key"]), r)) for r in rows]


def _model(key: str) -> type[FlowDefinition]:
    model = declared(key).model
    assert issubclass(model, FlowDefinition)
    return model
