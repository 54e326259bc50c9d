"""What steps of a complaint do besides: keep each reply, tell the tenant."""

from __future__ import annotations

from anju.domain.complaints.flow import NAME
from anju.domain.complaints.models import ComplaintReply
from anju.domain.complaints.policies import Complaints
from anju.domain.complaints.words import FROM_HOTLINE
from anju.foundation.db import clock
from anju.foundation.flows import who
from anju.foundation.flows.effects import Done, effect, on_step
from anju.foundation.messaging.outbox import enqueue
from anju.foundation.policy.store import in_force

TEXTS = {"working": "accepted", "replied": "replied", "void": "dropped"}


@on_step(NAME)
def keep_reply(done: Done) -> None:
    """A second reply does not take the first one's place: what was answered when stays readable."""
    if done.step and done.facts.get("reply"):
        ComplaintReply.objects.create(
            complaint_id=done.case.subject_id, text=done.facts["reply"], by=str(done.act.by), at=clock.now()
        )


@effect("complaints.tell", "告诉投诉人", "Tell who complained", subject="complaint")
def tell(done: Done) -> None:
    """An app message when it is accepted, replied to or withdrawn by staff; once for each time it happens."""
    text, case = TEXTS.get(done.case.stage), done.case
    if text is None or done.act.by.kind == "tenant":
        return
    # That it came by way of 12345 is for staff to know.
    facts = {"matter": case.title.removeprefix(FROM_HOTLINE), "owner": who.staff_name(case.assignee or done.act.by.id)}
    # What a reply says may be personal: it is kept sealed until the tenant reads it.
    sealed = {"reply": str(case.facts["reply"])} if case.facts.get("reply") else None
    pinned = in_force(Complaints)
    for person in case.persons:
        enqueue(
            done.act, dedupe=f"complaint:{case.id}:{case.stage}:{case.rev}:{person}", to_person=person,
            channel="inapp", template=f"complaints:{text}", version_id=pinned.version_id, kind="complaint",
            subject=("complaint", case.subject_id), vars=facts, secret_vars=sealed, scope_id=case.scope_id,
        )  # fmt: skip
