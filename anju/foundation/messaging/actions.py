"""What people do with messages and channels; sending itself is :mod:`dispatch`, stopping :mod:`pauses`."""

from __future__ import annotations

import secrets
from typing import Any

from anju.foundation.access.permissions import permission
from anju.foundation.actions import Act, action
from anju.foundation.db import clock, fetch, fetch_one, run_sql
from anju.foundation.messaging.claim import RUN
from anju.foundation.messaging.outbox import enqueue
from anju.foundation.messaging.pauses import pause, resume
from anju.foundation.messaging.policies import Messaging
from anju.foundation.messaging.setting_up import configure_channel, name_text, switch_channel, try_channel
from anju.foundation.policy.store import in_force
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND, sentence

__all__ = [
    "cancel_message",
    "configure_channel",
    "mark_read",
    "name_text",
    "pause",
    "record_reads",
    "resume",
    "retry_message",
    "send_code",
    "switch_channel",
    "try_channel",
]

READ = permission("messaging.inbox.read", zh="阅读自己的消息", en="Read one's own messages", roles=("tenant",))
SEND = permission(
    "messaging.message.send",
    zh="取消与重发消息",
    en="Cancel and resend messages",
    roles=("manager", "service", "finance"),
)

GONE = sentence(
    "messaging.message.gone", "这条消息已经发出或已取消，不能再改。", "This message is sent or cancelled already."
)
NOT_FAILED = sentence(
    "messaging.message.not_failed", "只有失败的消息才能重发。", "Only a failed message can be sent again."
)

READ_MANY = """
UPDATE message SET state = 'read', read_at = %(now)s
WHERE id = ANY(%(ids)s) AND channel = 'inapp' AND state = 'delivered' RETURNING id, to_person
"""
UNREAD_AGAIN = """
UPDATE message_thread t SET opened_at = %(now)s, unread = (
    SELECT count(*) FROM message m WHERE m.to_person = t.person_id AND m.channel = 'inapp' AND m.state = 'delivered')
WHERE t.person_id = ANY(%(people)s)
"""


def own_inbox(by: Actor, *, person_id: int, message_ids: list[int] | None = None) -> None:
    """A tenant opens only the own inbox."""
    if by.kind == "tenant" and by.id != person_id:
        raise NOT_FOUND()


@action("messaging.inbox.open", needs=READ, check=own_inbox)
def mark_read(act: Act, *, person_id: int, message_ids: list[int] | None = None) -> int:
    """Take the red dot off in-app messages; all of the person's when no ids are given. Returns how many were unread."""
    now = clock.now()
    rows = fetch(
        "UPDATE message SET state = 'read', read_at = %(now)s WHERE to_person = %(person)s AND channel = 'inapp'"
        " AND state = 'delivered' AND (%(ids)s::bigint[] IS NULL OR id = ANY(%(ids)s)) RETURNING id",
        {"now": now, "person": person_id, "ids": message_ids},
    )
    run_sql(
        "UPDATE message_thread SET opened_at = %(now)s, unread = (SELECT count(*) FROM message m WHERE"
        " m.to_person = %(person)s AND m.channel = 'inapp' AND m.state = 'delivered') WHERE person_id = %(person)s",
        {"now": now, "person": person_id},
    )
    if rows:
        act.trace("person", person_id, read=sorted(row["id"] for row in rows))
    else:
        act.nothing_changed()
    return len(rows)


@action("messaging.inbox.report", needs=RUN)
def record_reads(act: Act, *, message_ids: list[int]) -> int:
    """Take the red dot off many people's in-app messages, as an app reports them in one go. Returns how many were
    unread."""
    rows = fetch(READ_MANY, {"now": clock.now(), "ids": message_ids})
    by_person: dict[int, list[int]] = {}
    for row in rows:
        if row["to_person"] is not None:
            by_person.setdefault(row["to_person"], []).append(row["id"])
    run_sql(UNREAD_AGAIN, {"now": clock.now(), "people": sorted(by_person)})
    for person_id, read in by_person.items():
        act.trace("person", person_id, read=sorted(read))
    if not rows:
        act.nothing_changed()
    return len(rows)


CODE = permission("messaging.code.send", zh="发送验证码", en="Send sign-in codes", roles=())


@action("messaging.code.send", needs=CODE)
def send_code(act: Act, *, person_id: int, contact_id: int, code: str) -> int:
    """Put a verification code into the outbox, ahead of everything and at any hour; the code is stored sealed.

    Defer :data:`anju.foundation.messaging.jobs.send_now` beside it, or call ``dispatch_due`` after the commit.
    """
    version = in_force(Messaging)
    message_id = enqueue(
        act,
        dedupe=f"code:{contact_id}:{secrets.token_hex(8)}",
        to_person=person_id,
        contact_id=contact_id,
        channel="sms",
        kind="code",
        template="messaging:code",
        version_id=version.version_id,
        subject=("person", person_id),
        secret_vars={"code": code},
        priority=0,
    )
    if message_id is None:
        raise AssertionError("a fresh key cannot be taken")
    return message_id


def _stoppable(by: Actor, *, message_id: int) -> None:
    row = fetch_one("SELECT state FROM message WHERE id = %(id)s", {"id": message_id})
    if row is None:
        raise NOT_FOUND()
    if row["state"] not in ("queued", "held", "failed"):
        raise GONE()


@action("messaging.message.cancel", needs=SEND, check=_stoppable)
def cancel_message(act: Act, *, message_id: int) -> None:
    """Cancel a message that has not gone out."""
    done = _move(message_id, "cancelled", "cancelled.by_hand", ("queued", "held", "failed"))
    act.trace(done["subject_kind"], done["subject_id"], links=_about(done), message_id=message_id)


def _failed(by: Actor, *, message_id: int) -> None:
    row = fetch_one("SELECT state FROM message WHERE id = %(id)s", {"id": message_id})
    if row is None:
        raise NOT_FOUND()
    if row["state"] != "failed":
        raise NOT_FAILED()


@action("messaging.message.retry", needs=SEND, check=_failed)
def retry_message(act: Act, *, message_id: int) -> None:
    """Send a failed message again after its cause was mended; it is rechecked first."""
    done = _move(message_id, "queued", "", ("failed",))
    act.trace(done["subject_kind"], done["subject_id"], links=_about(done), message_id=message_id)


def _about(row: dict[str, Any]) -> tuple[tuple[str, int], ...]:
    return () if row["to_person"] is None else (("person", row["to_person"]),)


def _move(message_id: int, state: str, reason: str, allowed: tuple[str, ...]) -> dict[str, Any]:
    row = fetch_one(
        "UPDATE message SET state = %(state)s, reason = %(reason)s, retry_at = NULL, tries = 0, pause_id = NULL"
        " WHERE id = %(id)s AND state = ANY(%(allowed)s) RETURNING subject_kind, subject_id, to_person",
        {"id": message_id, "state": state, "reason": reason, "allowed": list(allowed)},
    )
    if row is None:
        raise GONE()
    return row
