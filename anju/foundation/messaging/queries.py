"""Reading messages: the person's inbox, the phone as it would look, the subject's contacts, what is held, channel
health.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from anju.foundation.db import clock, fetch, fetch_value, planned, scoped_org
from anju.foundation.messaging import codes, links
from anju.foundation.messaging.compose import open_texts
from anju.foundation.messaging.models import ChannelSetting

CAME = "coalesce(m.delivered_at, m.due_at)"  # as Shown.came_at; a person's messages are few, found by their index


@dataclass(frozen=True, slots=True)
class Shown:
    """A message opened for the person it was written to, or for staff who may see its text."""

    id: int
    channel: str
    kind: str
    title: str = field(repr=False)
    body: str = field(repr=False)
    state: str
    reason: str
    subject_kind: str
    subject_id: int
    version_id: int
    template: str
    due_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None
    fell_back_at: datetime | None
    link: str
    opened: int

    @property
    def came_at(self) -> datetime:
        """When it reached who it was written to; until then, when it is due."""
        return self.delivered_at or self.due_at

    @property
    def unread(self) -> bool:
        """Whether it still wears the red dot."""
        return self.state == "delivered" and self.read_at is None

    @property
    def why_not(self) -> str:
        """The sentence of its reason in Chinese; empty when there is none."""
        return codes.words(self.reason)


SELECT = """
SELECT m.id, m.channel, m.kind, m.to_person, m.text, m.state, m.reason, m.subject_kind, m.subject_id, m.version_id,
       m.template, m.due_at, m.sent_at, m.delivered_at, m.read_at, m.fell_back_at, m.link_id,
       coalesce((SELECT max(l.opened) FROM short_link l WHERE l.org_id = %(org)s AND l.message_id = m.id), 0) AS opened
FROM message m WHERE {where} ORDER BY {order} LIMIT {limit}
"""


def _shown(rows: Sequence[dict[str, Any]]) -> list[Shown]:
    texts = open_texts([(row["to_person"], row["text"]) for row in rows])
    return [
        Shown(
            row["id"], row["channel"], row["kind"], *(text or ("", "")), row["state"], row["reason"],
            row["subject_kind"],
            row["subject_id"], row["version_id"], row["template"], row["due_at"], row["sent_at"], row["delivered_at"],
            row["read_at"], row["fell_back_at"],
            links.url(links.message_code(row["id"])) if row["link_id"] is not None else "", row["opened"],
        )
        for row, text in zip(rows, texts, strict=True)
    ]  # fmt: skip


def inbox(person_id: int, *, limit: int = 20, before: int | None = None) -> list[Shown]:
    """A person's in-app messages, the one that came last first: a message may be written long before it is sent.

    Args:
        person_id: the person.
        limit: at most this many.
        before: the last message of the page before.
    """
    where = (
        "m.to_person = %(person)s AND m.channel = 'inapp' AND m.state IN ('delivered', 'read')"
        f" AND (%(before)s::bigint IS NULL OR ({CAME}, m.id) <"
        f" (SELECT {CAME}, m.id FROM message m WHERE m.id = %(before)s::bigint))"
    )
    args = {"org": scoped_org(), "person": person_id, "before": before}
    return _shown(fetch(SELECT.format(where=where, order=f"{CAME} DESC, m.id DESC", limit=limit), args))


def staff_inbox(staff_id: int, kind: str, since: datetime, *, limit: int = 20) -> list[Shown]:
    """A colleague's in-app messages of one kind, newest first.

    Args:
        staff_id: whose.
        kind: the kind of notice.
        since: business time; older ones are left out.
        limit: at most this many.
    """
    where = (
        "m.to_staff = %(staff)s AND m.channel = 'inapp' AND m.kind = %(kind)s AND m.due_at >= %(since)s"
        " AND m.state IN ('delivered', 'read')"
    )
    args = {"org": scoped_org(), "staff": staff_id, "kind": kind, "since": since}
    return _shown(fetch(SELECT.format(where=where, order="m.id DESC", limit=limit), args))


def unread_count(person_id: int) -> int:
    """The number in the red dot."""
    return int(fetch_value("SELECT unread FROM message_thread WHERE person_id = %(p)s", {"p": person_id}) or 0)


def what_a_phone_received(person_id: int, since: datetime | None = None, *, limit: int = 100) -> list[Shown]:
    """Everything that left the house for a person by any channel, newest first, failed tries included.

    Args:
        person_id: the person.
        since: business time; everything if left out.
        limit: at most this many.
    """
    where = (
        "m.to_person = %(person)s AND m.state IN ('sending', 'sent', 'delivered', 'read', 'failed')"
        " AND (%(since)s::timestamptz IS NULL OR coalesce(m.sent_at, m.due_at) >= %(since)s)"
    )
    args = {"org": scoped_org(), "person": person_id, "since": since}
    sql = SELECT.format(where=where, order="coalesce(m.sent_at, m.due_at) DESC, m.id DESC", limit=limit)
    return _shown(fetch(planned(sql), args))


CONTACTS = """
SELECT m.id, m.channel, m.kind, m.template, m.version_id, m.run_id, m.to_person, m.contact_id, m.state, m.reason,
       m.subject_kind, m.subject_id, m.due_at,
       m.sent_at, m.delivered_at, m.read_at, m.fell_back_at, coalesce(a.tries, 0) AS tries, a.code, a.receipt_code,
       a.receipt_at, coalesce(l.opened, 0) AS opened
FROM message m
LEFT JOIN LATERAL (SELECT count(*) AS tries, (array_agg(x.code ORDER BY x.n DESC))[1] AS code,
        (array_agg(x.receipt_code ORDER BY x.n DESC))[1] AS receipt_code, max(x.receipt_at) AS receipt_at
    FROM message_attempt x WHERE x.message_id = m.id) a ON true
LEFT JOIN LATERAL (SELECT max(s.opened) AS opened FROM short_link s
    WHERE s.org_id = %(org)s::bigint AND s.message_id = m.id) l ON true
WHERE {where} ORDER BY m.id DESC LIMIT %(limit)s::int
"""


def contacts_about(subject_kind: str, subject_id: int, *, limit: int = 50) -> list[dict[str, Any]]:
    """Every notice about a subject, newest first: to whom, by what, when, by which policy version, with what result.

    Holds ids and codes only (R-10).
    """
    args = {"org": scoped_org(), "kind": subject_kind, "id": subject_id, "limit": limit}
    return fetch(CONTACTS.format(where="m.subject_kind = %(kind)s AND m.subject_id = %(id)s"), args)


def contacts_with(person_id: int, *, limit: int = 50) -> list[dict[str, Any]]:
    """Every notice to a person, newest first; the columns of :func:`contacts_about`."""
    args = {"org": scoped_org(), "id": person_id, "limit": limit}
    return fetch(planned(CONTACTS.format(where="m.to_person = %(id)s::bigint")), args)


def message_row(message_id: int) -> dict[str, Any] | None:
    """One notice with what became of it; the columns of :func:`contacts_about`, and what it is about."""
    found = fetch(CONTACTS.format(where="m.id = %(id)s"), {"org": scoped_org(), "id": message_id, "limit": 1})
    return found[0] if found else None


def held(pause_id: int, *, limit: int = 1000, after: int = 0) -> list[dict[str, Any]]:
    """What an emergency stop holds back, by id; ids only, so that phones are added by those who may see them."""
    return fetch(
        "SELECT id, to_person, contact_id, channel, kind, subject_kind, subject_id, scope_id, due_at FROM message"
        " WHERE pause_id = %(pause)s AND state = 'held' AND id > %(after)s ORDER BY id LIMIT %(limit)s",
        {"pause": pause_id, "after": after, "limit": limit},
    )


@dataclass(frozen=True, slots=True)
class Health:
    """A channel as the diagnosis page shows it. ``days_left`` is how many planned sending days the balance covers."""

    channel: str
    enabled: bool
    trouble: str
    daily_quota: int | None
    used_today: int
    balance: int | None
    planned: int
    days_left: int | None
    failures: dict[str, int]


def health(channel: str, *, days: int = 30) -> Health:
    """How a channel stands: trouble, quota, balance against what is planned, and today's failures by code (R-11).

    Args:
        channel: ``sms`` or ``email``.
        days: how far the plan is looked at.
    """
    setting = ChannelSetting.objects.filter(channel=channel).first()
    now, wall = clock.now(), clock.wall()
    planned = fetch(
        "SELECT (due_at AT TIME ZONE 'Asia/Shanghai')::date AS on_day, count(*) AS n FROM message"
        " WHERE state = 'queued' AND channel = %(channel)s AND due_at < %(until)s GROUP BY 1 ORDER BY 1",
        {"channel": channel, "until": now + timedelta(days=days)},
    )
    failed = fetch(
        "SELECT coalesce(nullif(receipt_code, ''), code) AS code, count(*) AS n FROM message_attempt"
        " WHERE channel = %(channel)s AND started_at >= %(since)s AND outcome IN ('refused', 'undelivered') GROUP BY 1",
        {"channel": channel, "since": wall - timedelta(days=1)},
    )
    today = wall.astimezone(clock.SHANGHAI).date()
    balance = setting.balance if setting else None
    return Health(
        channel=channel,
        enabled=bool(setting and setting.enabled),
        trouble=setting.trouble_code if setting else "channel.not_set",
        daily_quota=setting.daily_quota if setting else None,
        used_today=setting.used if setting and setting.used_on == today else 0,
        balance=balance,
        planned=sum(row["n"] for row in planned),
        days_left=None if balance is None else _days_covered(balance, [row["n"] for row in planned]),
        failures={row["code"]: row["n"] for row in failed},
    )


def stored_setting(channel: str) -> ChannelSetting | None:
    """A channel's setting, its secret still sealed; None where nobody set it up."""
    return ChannelSetting.objects.filter(channel=channel).first()


def waiting(channel: str) -> int:
    """How many messages wait to leave by a channel."""
    found = fetch_value(
        "SELECT count(*) FROM message WHERE state = 'queued' AND channel = %(channel)s", {"channel": channel}
    )
    return int(found or 0)


def _days_covered(balance: int, planned: Sequence[int]) -> int | None:
    """How many sending days in a row the balance pays for; None when it pays for all that is planned."""
    for day, count in enumerate(planned):
        balance -= count
        if balance < 0:
            return day
    return None


def broken_batches() -> list[int]:
    """Settled batches whose attempts no longer give the root they were settled with; what ``anju verify`` asks."""
    from anju.foundation.messaging.settle import batch_root

    rows = fetch("SELECT id, root FROM message_batch WHERE root IS NOT NULL ORDER BY id")
    return [row["id"] for row in rows if batch_root(row["id"]) != bytes(row["root"])]
