"""What steps of a repair tell the tenants who reported it."""

from __future__ import annotations

from anju.domain.workorders.policies import WorkOrders
from anju.foundation.flows import who
from anju.foundation.flows.effects import Done, effect
from anju.foundation.messaging.outbox import enqueue
from anju.foundation.policy.store import in_force

TEXTS = {"accepted": "accepted", "proof": "mended", "void": "dropped"}


@effect("workorders.tell", "告诉报修人", "Tell those who reported it", subject="workorder")
def tell(done: Done) -> None:
    """An app message to each reporter when it is accepted, mended or dropped; once for each time it happens."""
    text = TEXTS.get(done.case.stage)
    if text is None:
        return
    pinned, case = in_force(WorkOrders), done.case
    facts = {"what": case.title, "who": who.staff_name(case.assignee)}
    for person in case.persons:
        enqueue(
            done.act, dedupe=f"workorder:{case.id}:{case.stage}:{case.rev}:{person}", to_person=person,
            channel="inapp", template=f"workorders:{text}", version_id=pinned.version_id, kind="workorder",
            subject=("workorder", case.subject_id), vars=facts, scope_id=case.scope_id,
        )  # fmt: skip
