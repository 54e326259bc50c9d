"""Putting messages into the outbox.

One message, inside an action: :func:`enqueue`. Many, inside a sweep's ``apply``: the SQL contract.

    INSERT INTO message (dedupe, to_person, contact_id, channel, kind, template, version_id, vars,
                         subject_kind, subject_id, scope_id, run_id, valid_if, next_channels, link_kind, link_id,
                         created_at, due_at)
    SELECT … FROM planned
    ON CONFLICT (org_id, dedupe) DO NOTHING
    RETURNING id, subject_id

- ``dedupe`` says what the notice is about, so that a second run adds nothing: ``reminder:<bill>:<step>:<due>``.
- ``template`` is ``<policy key>:<path of a MessageText in its body>``, ``reminders:steps.1.text``; ``version_id`` is
  that policy's version.
- ``to_person`` is a tenant; a notice to a colleague says ``to_staff`` instead, has no contact and no further channels.
- ``vars`` hold ids, amounts and days (``{"amount": "2214.60", "due": "2026-11-25"}``), never names or phones: ``name``
  and ``link`` are filled in at dispatch. ``link_kind``/``link_id`` name what ``{link}`` opens.
- ``created_at``, ``due_at`` are business time. Left out, the other columns have defaults; ``org_id`` fills itself.
- ``next_channels`` is the order of channels that take over when this one was not delivered or read in time.
- ``valid_if`` names a registered recheck; without one the message goes whatever happened meanwhile.

:func:`enqueue_select` writes that statement around a SELECT that names its columns.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from anju.foundation.actions import Act
from anju.foundation.crypto import org_encrypt
from anju.foundation.db import SqlFile, clock, fetch, fetch_value, planned

REQUIRED = ("dedupe", "channel", "template", "version_id", "subject_kind", "subject_id", "due_at")
TO = ("to_person", "to_staff")
OPTIONAL = (
    "contact_id", "kind", "vars", "scope_id", "run_id", "valid_if", "next_channels", "link_kind", "link_id", "priority",
)  # fmt: skip
SEALED_VARS = "messaging.vars"

INSERT_ONE = planned("""
INSERT INTO message (dedupe, to_person, to_staff, contact_id, channel, kind, template, version_id, vars, sealed_vars,
    subject_kind,
    subject_id, scope_id, valid_if, next_channels, link_kind, link_id, priority, created_at, due_at)
VALUES (%(dedupe)s, %(to_person)s, %(to_staff)s, %(contact_id)s, %(channel)s, %(kind)s, %(template)s,
    %(version_id)s, %(vars)s, %(sealed_vars)s, %(subject_kind)s, %(subject_id)s, %(scope_id)s,
    %(valid_if)s, %(next_channels)s, %(link_kind)s,
    %(link_id)s, %(priority)s, %(now)s, %(due_at)s)
ON CONFLICT (org_id, dedupe) DO NOTHING RETURNING id
""")


def enqueue(
    act: Act,
    *,
    dedupe: str,
    channel: str,
    template: str,
    version_id: int,
    subject: tuple[str, int],
    to_person: int | None = None,
    to_staff: int | None = None,
    contact_id: int | None = None,
    kind: str = "",
    vars: Mapping[str, Any] | None = None,
    secret_vars: Mapping[str, str] | None = None,
    scope_id: int | None = None,
    valid_if: str = "",
    next_channels: Sequence[str] = (),
    link: tuple[str, int] | None = None,
    priority: int = 5,
    due_at: datetime | None = None,
) -> int | None:
    """Put one message into the outbox, inside the running action.

    Args:
        act: the running action; the message is traced on the subject's timeline and the person's.
        dedupe: what the notice is about; a second message with the same key is not made.
        subject: what it is about, ``(kind, id)``.
        to_person: the tenant it goes to; or
        to_staff: the colleague. One of the two.
        secret_vars: variables that must not lie open in the database (a code); sealed under the organization's key.
        link: what ``{link}`` opens.
        due_at: business time; now if left out.

    Returns:
        the message's id, or None when the key exists already.
    """
    now = clock.now()
    sealed = org_encrypt(json.dumps(dict(secret_vars)).encode(), context=SEALED_VARS) if secret_vars else None
    link_kind, link_id = link or ("", None)
    row = {
        "dedupe": dedupe, "to_person": to_person, "to_staff": to_staff, "contact_id": contact_id,
        "channel": channel, "kind": kind, "template": template,
        "version_id": version_id, "vars": json.dumps(dict(vars or {}), default=str),
        "sealed_vars": sealed, "subject_kind": subject[0], "subject_id": subject[1], "scope_id": scope_id,
        "valid_if": valid_if, "next_channels": list(next_channels), "link_kind": link_kind, "link_id": link_id,
        "priority": priority, "now": now, "due_at": due_at or now,
    }  # fmt: skip
    message_id: int | None = fetch_value(INSERT_ONE, row)
    if message_id is not None:
        links = () if to_person is None or subject == ("person", to_person) else (("person", to_person),)
        act.trace(
            *subject, links=links, version_id=version_id, suffix="message", message_id=message_id, channel=channel
        )
    return message_id


def enqueue_select(
    select: str | SqlFile, params: Mapping[str, Any], *, columns: Sequence[str], now: datetime | None = None
) -> list[dict[str, Any]]:
    """Put many messages into the outbox in one statement; the caller's action traces the batch.

    Args:
        select: a SELECT whose columns are named as in the contract; ``vars`` is jsonb.
        params: its parameters.
        columns: the columns it returns; those of ``REQUIRED`` must be there, and ``to_person`` or
            ``to_staff``.
        now: business time of the enqueueing.

    Returns:
        ``id``, ``subject_id`` and ``dedupe`` of the messages that are new.

    Raises:
        ValueError: a required column is missing or an unknown one named.
    """
    if not set(TO) & set(columns):
        raise ValueError("the select does not say to whom")
    if missing := set(REQUIRED) - set(columns):
        raise ValueError(f"the select lacks {sorted(missing)}")
    if unknown := set(columns) - {*REQUIRED, *TO, *OPTIONAL}:
        raise ValueError(f"messages have no {sorted(unknown)}")
    names = ", ".join(columns)
    statement = (
        f"INSERT INTO message (created_at, {names}) SELECT %(enqueued_at)s, {names} FROM ({select}) AS planned "
        "ON CONFLICT (org_id, dedupe) DO NOTHING RETURNING id, subject_id, dedupe"
    )
    return fetch(statement, {**params, "enqueued_at": now or clock.now()})
