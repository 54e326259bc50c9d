"""Emergency stop (紧急停发): a kind of notice, a channel, a scope or everything is held back, and seen."""

from __future__ import annotations

from datetime import datetime

from anju.foundation.access.permissions import permission
from anju.foundation.actions import Act, action
from anju.foundation.db import clock, fetch_value, run_sql
from anju.foundation.messaging.models import MessagePause
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND, sentence

PAUSE = permission("messaging.pause", zh="紧急停发与恢复消息", en="Stop and resume messages", roles=("manager", "risk"))
NO_REASON = sentence("messaging.pause.no_reason", "请写明停发的原因。", "Say why messages are stopped.")
LIFTED = sentence("messaging.pause.lifted", "这次停发已经恢复。", "This stop has been lifted already.")

HOLD = """
UPDATE message m SET state = 'held', reason = 'paused', pause_id = p.id
FROM (SELECT DISTINCT ON (mm.id) mm.id AS message_id, pp.id FROM message mm JOIN message_pause pp
        ON pp.lifted_at IS NULL AND (pp.kind = '' OR pp.kind = mm.kind) AND (pp.channel = '' OR pp.channel = mm.channel)
       AND (pp.scope_id IS NULL OR pp.scope_id = mm.scope_id)
      WHERE mm.state = 'queued' AND mm.priority > 0 AND (%(channel)s = '' OR mm.channel = %(channel)s)
        AND (%(now)s::timestamptz IS NULL OR mm.due_at <= %(now)s)
      ORDER BY mm.id, pp.id) p
WHERE m.id = p.message_id AND m.state = 'queued'
"""


def hold_paused(channel: str = "", now: datetime | None = None) -> int:
    """Hold back queued messages an open stop covers; urgent ones (priority 0, codes) go on. Returns how many."""
    if fetch_value("SELECT 1 FROM message_pause WHERE lifted_at IS NULL LIMIT 1") is None:
        return 0
    return run_sql(HOLD, {"channel": channel, "now": now})


def can_pause(by: Actor, *, reason: str, kind: str = "", channel: str = "", scope_id: int | None = None) -> None:
    """Refuse a stop without a reason."""
    if not reason.strip():
        raise NO_REASON()


@action("messaging.pause.begin", needs=PAUSE, check=can_pause)
def pause(act: Act, *, reason: str, kind: str = "", channel: str = "", scope_id: int | None = None) -> MessagePause:
    """Stop messages at once: of a kind, a channel, a scope; left empty, everything but codes.

    What is queued now is held and can be listed by ``pause_id``; what comes later is held when it becomes due.
    """
    row = MessagePause.objects.create(
        kind=kind, channel=channel, scope_id=scope_id, reason=reason.strip(), by=str(act.by), since=clock.now()
    )
    held = hold_paused()
    act.trace("message_pause", row.id, notice=kind, channel=channel, scope_id=scope_id, held=held)
    return row


def can_resume(by: Actor, *, pause_id: int) -> None:
    """Refuse what is lifted already."""
    row = MessagePause.objects.filter(id=pause_id).first()
    if row is None:
        raise NOT_FOUND()
    if row.lifted_at is not None:
        raise LIFTED()


@action("messaging.pause.lift", needs=PAUSE, check=can_resume)
def resume(act: Act, *, pause_id: int) -> int:
    """Lift a stop; what it held goes back into the queue and is rechecked before it is sent. Returns how many."""
    MessagePause.objects.filter(id=pause_id).update(lifted_at=clock.now(), lifted_by=str(act.by))
    freed = run_sql(
        "UPDATE message SET state = 'queued', reason = '', pause_id = NULL WHERE pause_id = %(id)s AND state = 'held'",
        {"id": pause_id},
    )
    hold_paused()  # another open stop may cover them too
    act.trace("message_pause", pause_id, freed=freed)
    return freed
