"""From claimed rows to letters: who, what address, which words. Set-based; runs inside the claim's transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from anju.foundation.crypto import blind_index, org_decrypt, org_encrypt, person_decrypt_many, person_encrypt_many
from anju.foundation.db import clock, fetch, run_sql
from anju.foundation.identity.models import Staff
from anju.foundation.messaging import links
from anju.foundation.messaging.channels.base import Account, Letter, known
from anju.foundation.messaging.contacts import Contact, contact_source, staff_phones
from anju.foundation.messaging.outbox import SEALED_VARS
from anju.foundation.messaging.texts import MessageText, Rendered, signed, sms_parts
from anju.foundation.policy.registry import declared
from anju.foundation.policy.store import pinned
from anju.kit import Refused

Row = dict[str, Any]
Failure = tuple[Row, str]
Reached = tuple[Row, "Contact | None", str]
STAFF_TEXT = "messaging.staff"  # what a colleague's text is sealed under; persons have keys of their own


@dataclass(frozen=True)
class Draft:
    """A claimed message with its words and address, before it has an attempt."""

    row: Row
    contact: Contact | None
    rendered: Rendered
    template: str


def reach(rows: Sequence[Row], channel: str) -> tuple[list[Reached], list[Failure]]:
    """Find address and name of each message's person in one query; those without a usable address fail with a code."""
    good, bad = _colleagues([row for row in rows if row["to_staff"] is not None], channel)
    rows = [row for row in rows if row["to_staff"] is None]
    if not rows:
        return good, bad
    source = contact_source()
    if not known(channel).needs_address:
        names = source.names([row["to_person"] for row in rows])
        return [*good, *((row, None, names.get(row["to_person"], "")) for row in rows)], bad
    contacts = source.contacts([row["contact_id"] for row in rows if row["contact_id"] is not None])
    for row in rows:
        contact = contacts.get(row["contact_id"])
        if contact is None or not contact.address or contact.person_id != row["to_person"]:
            bad.append((row, "address.none"))
        elif contact.refusal:
            bad.append((row, contact.refusal))
        else:
            good.append((row, contact, contact.name))
    return good, bad


def _colleagues(rows: Sequence[Row], channel: str) -> tuple[list[Reached], list[Failure]]:
    """Colleagues by name; by SMS those whose phone is known."""
    ids = [row["to_staff"] for row in rows]
    names: dict[int, str] = dict(Staff.objects.filter(id__in=ids).values_list("id", "name")) if ids else {}
    if not known(channel).needs_address:
        return [(row, None, names.get(row["to_staff"], "")) for row in rows], []
    phones = staff_phones(ids) if channel == "sms" else {}
    good: list[Reached] = []
    bad: list[Failure] = []
    for row in rows:
        name, phone = names.get(row["to_staff"], ""), phones.get(row["to_staff"], "")
        if phone:
            good.append((row, Contact(0, 0, name, phone), name))
        else:
            bad.append((row, "address.none"))
    return good, bad


def draft(
    reached: Iterable[Reached], channel: str, *, signature: str, expires_at: datetime
) -> tuple[list[Draft], list[Failure]]:
    """Write the words: template of the pinned version, variables, name and link."""
    rows = list(reached)
    wanted = [(r["id"], r["to_person"], r["link_kind"], r["link_id"]) for r, _, _ in rows if r["link_id"] is not None]
    codes = links.make_message_links(wanted, expires_at)
    texts = Texts()
    drafts: list[Draft] = []
    failures: list[Failure] = []
    for row, contact, name in rows:
        values = {**row["vars"], **_secret(row), "name": name}
        if row["id"] in codes:
            values["link"] = links.url(codes[row["id"]])
        try:
            text = texts.find(row["template"], row["version_id"])
            shown = text.render(channel, values)
        except Refused:
            failures.append((row, "text.parameters"))
            continue
        except (LookupError, AttributeError, ValueError):
            failures.append((row, "text.missing"))
            continue
        body = signed(shown.body, signature) if channel == "sms" else shown.body
        drafts.append(Draft(row, contact, Rendered(shown.title, body, shown.values), text.template(channel)[1]))
    return drafts, failures


class Texts:
    """Message texts by template and version, each version read once per batch."""

    def __init__(self) -> None:
        self._policies: dict[tuple[str, int], Any] = {}

    def find(self, template: str, version_id: int) -> MessageText:
        """The text a message names.

        Raises:
            LookupError, AttributeError: there is no such policy, version or place in it.
        """
        key, _, path = template.partition(":")
        if (key, version_id) not in self._policies:
            try:
                self._policies[key, version_id] = pinned(declared(key).model, version_id).value
            except Exception as error:
                raise LookupError(template) from error
        found = self._policies[key, version_id]
        for step in path.split("."):
            if isinstance(found, dict):
                found = found[step]
            else:
                found = found[int(step)] if step.isdigit() else getattr(found, step)
        if not isinstance(found, MessageText):
            raise LookupError(template)
        return found


def _secret(row: Row) -> dict[str, str]:
    if row["sealed_vars"] is None:
        return {}
    opened: dict[str, str] = json.loads(org_decrypt(bytes(row["sealed_vars"]), context=SEALED_VARS))
    return opened


START = """
WITH started AS (
    INSERT INTO message_attempt (message_id, n, batch_id, channel, contact_id, out_id, parts, started_at)
    SELECT m, n, %(batch)s, %(channel)s, c, o, p, %(wall)s
    FROM unnest(%(messages)s::bigint[], %(ns)s::smallint[], %(contacts)s::bigint[], %(outs)s::text[],
    %(parts)s::smallint[])
        AS a(m, n, c, o, p)
    RETURNING id, message_id)
SELECT id, message_id FROM started
"""
SEAL = "UPDATE message m SET text = s.t FROM unnest(%(ids)s::bigint[], %(texts)s::bytea[]) AS s(i, t) WHERE m.id = s.i"
TRIED = "SELECT message_id, max(n) AS n FROM message_attempt WHERE message_id = ANY(%(ids)s) GROUP BY message_id"


def start(drafts: Sequence[Draft], *, batch_id: int, channel: str) -> list[Letter]:
    """Seal the texts and write the attempts, before anything leaves the house."""
    if not drafts:
        return []
    wall = clock.wall()
    ids = [d.row["id"] for d in drafts]
    tried = {r["message_id"]: r["n"] for r in fetch(TRIED, {"ids": ids})}
    ns = {i: tried.get(i, 0) + 1 for i in ids}
    plain = [json.dumps([d.rendered.title, d.rendered.body], ensure_ascii=False).encode() for d in drafts]
    sealed = _sealed([d.row["to_person"] for d in drafts], plain)
    run_sql(SEAL, {"ids": ids, "texts": sealed})
    outs = {i: out_id(i, ns[i]) for i in ids}
    attempts = fetch(
        START,
        {"batch": batch_id, "channel": channel, "wall": wall, "messages": ids, "ns": [ns[i] for i in ids],
         "contacts": [d.row["contact_id"] for d in drafts], "outs": [outs[i] for i in ids],
         "parts": [sms_parts(d.rendered.body) if channel == "sms" else 1 for d in drafts]},
    )  # fmt: skip
    attempt = {row["message_id"]: row["id"] for row in attempts}
    return [
        Letter(
            d.row["id"], attempt[d.row["id"]], d.row["to_person"] or 0, d.row["contact_id"], outs[d.row["id"]],
            d.contact.address if d.contact else "", d.rendered.title, d.rendered.body, d.template,
            dict(d.rendered.values), wall,
        )
        for d in drafts
    ]  # fmt: skip


def _sealed(persons: Sequence[int | None], plain: Sequence[bytes]) -> list[bytes]:
    """A tenant's text under the own contact key, a colleague's under the company's."""
    both = list(zip(persons, plain, strict=True))
    theirs = iter(person_encrypt_many([(person, "contact", p) for person, p in both if person is not None]))
    return [org_encrypt(p, context=STAFF_TEXT) if person is None else next(theirs) for person, p in both]


def out_id(message_id: int, n: int) -> str:
    """The id that travels with an attempt; its third part is a keyed check only we can make."""
    mark = f"{message_id}.{n}"
    return f"{mark}.{blind_index('messaging.out', mark)[:8].hex()}"


def open_texts(rows: Sequence[tuple[int | None, bytes | None]]) -> list[tuple[str, str] | None]:
    """Title and body of sealed texts, ``(person_id, sealed)`` each, a colleague's without person; None where there is
    none or the key is destroyed.
    """
    there = [(i, person, bytes(sealed)) for i, (person, sealed) in enumerate(rows) if sealed is not None]
    theirs = iter(person_decrypt_many([(person, "contact", s) for _, person, s in there if person is not None]))
    result: list[tuple[str, str] | None] = [None] * len(rows)
    for i, person, sealed in there:
        plain = next(theirs) if person is not None else org_decrypt(sealed, context=STAFF_TEXT)
        if plain is not None:
            title, body = json.loads(plain)
            result[i] = (title, body)
    return result


def again(rows: Sequence[Row], account: Account) -> list[Letter]:
    """Letters of attempts whose fate was lost, for asking the provider."""
    needs = known(account.channel).needs_address
    known_ids = [r["contact_id"] for r in rows if r["contact_id"]] if needs else []
    contacts = contact_source().contacts(known_ids) if known_ids else {}
    phones = staff_phones([r["to_staff"] for r in rows if r["to_staff"] is not None]) if needs else {}
    texts = open_texts([(r["to_person"], r["text"]) for r in rows])
    letters = []
    for row, text in zip(rows, texts, strict=True):
        title, body = text or ("", "")
        contact = contacts.get(row["contact_id"])
        letters.append(
            Letter(row["id"], row["attempt_id"], row["to_person"] or 0, row["contact_id"], row["out_id"],
                   contact.address if contact else phones.get(row["to_staff"], ""), title, body, "", {},
                   row["started_at"])
        )  # fmt: skip
    return letters


def link_expiry(days: int) -> datetime:
    """Until when a message's link opens, by the wall clock."""
    return clock.wall() + timedelta(days=days)
