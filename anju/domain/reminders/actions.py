"""Reminding by hand, with the same words and the same outbox as the sweep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from anju.domain.reminders.policies import Reminders
from anju.foundation.access import permission, scope_params
from anju.foundation.actions import Act, action
from anju.foundation.db import SqlFile, clock, fetch
from anju.foundation.messaging.outbox import enqueue_select
from anju.foundation.policy.store import Pinned, in_force
from anju.kit import Actor
from anju.kit.refusal import sentence

REMIND = permission("reminders.remind", zh="手动发送提醒", en="Send a reminder by hand", roles=("manager", "service"))
PLAN = SqlFile(__file__, "sql/remind_now.sql")
NO_STEP = sentence(
    "reminders.no_step", "提醒策略里没有任何步骤，请先在配置中添加。", "The reminder policy has no step; add one first."
)
COLUMNS = (
    "dedupe", "to_person", "contact_id", "channel", "kind", "template", "version_id", "vars", "subject_kind",
    "subject_id", "scope_id", "valid_if", "link_kind", "link_id", "due_at",
)  # fmt: skip


def _policy() -> Pinned[Reminders]:
    pinned = in_force(Reminders)
    if not pinned.value.steps:
        raise NO_STEP()
    return pinned


def preview(by: Actor, lease_ids: Sequence[int]) -> list[dict[str, Any]]:
    """What a reminder by hand would send: one row per lease, ``code`` ``send``, ``already_today`` or ``no_contact``."""
    return fetch(PLAN, _params(by, lease_ids, _policy().value))


def text_of_step() -> Any:
    """The words a reminder by hand uses: those of the policy's last step."""
    return _policy().value.steps[-1].text


def _params(by: Actor, lease_ids: Sequence[int], policy: Reminders) -> dict[str, Any]:
    has_inapp = bool(policy.steps[-1].text.template("inapp")[1])
    return {
        "leases": list(lease_ids),
        "today": clock.today().isoformat(),
        "inapp": has_inapp,
        **scope_params(by),
    }


@action("reminders.remind_now", needs=REMIND)
def remind_now(act: Act, *, lease_ids: Sequence[int]) -> int:
    """Remind of the oldest open bill of each lease, once a day per bill. Returns how many messages are new.

    Leases that cannot be reminded are left out, as the preview says. Refused: a policy without steps.
    """
    pinned = _policy()
    now = clock.now()
    select = f"""
        SELECT *, 'reminder' AS kind, %(template)s AS template, %(version)s::bigint AS version_id,
               'bill' AS subject_kind, 'billing.still_owed' AS valid_if, 'bill' AS link_kind, subject_id AS link_id,
               %(now)s::timestamptz AS due_at
        FROM ({PLAN}) planned WHERE code = 'send'
    """
    params = {
        **_params(act.by, lease_ids, pinned.value),
        "template": f"reminders:steps.{len(pinned.value.steps) - 1}.text",
        "version": pinned.version_id,
        "now": now,
    }
    made = enqueue_select(select, params, columns=COLUMNS, now=now)
    for row in made:
        act.trace("bill", row["subject_id"], version_id=pinned.version_id, message_id=row["id"])
    if not made:
        act.nothing_changed()
    return len(made)
