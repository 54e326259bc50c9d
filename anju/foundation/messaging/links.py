"""Short links: ~65 random-looking bits in 11 letters and digits, kept only as a hash, that open one target.

A message's code is derived from the organization's index key and the message's id, so a retry renders the same link and
100,000 of them are made by one INSERT at dispatch. Expiry and limits follow the wall clock.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings

from anju.foundation.actions import Act
from anju.foundation.crypto import blind_index
from anju.foundation.db import clock, fetch_one, run_sql, scoped_org
from anju.kit.refusal import sentence

ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"  # no I, O and l, which people misread
LENGTH = 11
SPACE = len(ALPHABET) ** LENGTH
OPENS_PER_HOUR = 60
MISSES, MISS_WINDOW = 20, timedelta(minutes=10)

UNKNOWN = sentence(
    "link.unknown",
    "这个链接打不开，请检查是否完整，或从最近一条消息里重新点开。",
    "This link does not open; check that it is complete or use the one in the latest message.",
)
EXPIRED = sentence(
    "link.expired",
    "这个链接已过期，请从最近一条消息里重新点开，或联系管家。",
    "This link has expired; use the latest message.",
)
REVOKED = sentence(
    "link.revoked",
    "这个链接已停用，请从最近一条消息里重新点开。",
    "This link is no longer in use; use the latest message.",
)
TOO_MANY = sentence("link.too_many", "打开次数过多，请稍后再试。", "Too many attempts; please try again later.")


@dataclass(frozen=True, slots=True)
class Opened:
    """What a code opens. Holding it proves possession of the link and nothing else."""

    org_id: int
    target_kind: str
    target_id: int
    person_id: int | None
    message_id: int | None


def code_hash(code: str) -> bytes:
    """How a code is stored."""
    return sha256(code.encode()).digest()


def _code(number: int) -> str:
    digits = []
    for _ in range(LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return "".join(digits)


def message_code(message_id: int) -> str:
    """The code of a message in the organization in scope; the same each time it is rendered."""
    return _code(int.from_bytes(blind_index("messaging.link", str(message_id))[:16]) % SPACE)


def url(code: str) -> str:
    """The address as people see it in a message."""
    return f"{settings.BASE_URL.rstrip('/')}/b/{code}"


INSERT = """
INSERT INTO short_link (code_hash, org_id, target_kind, target_id, person_id, message_id, expires_at)
SELECT h, %(org)s, k, t, p, m, %(expires_at)s
FROM unnest(%(hashes)s::bytea[], %(kinds)s::text[], %(targets)s::bigint[], %(people)s::bigint[], %(messages)s::bigint[])
    AS l(h, k, t, p, m)
ON CONFLICT (code_hash) DO UPDATE SET expires_at = greatest(short_link.expires_at, excluded.expires_at)
WHERE short_link.message_id = excluded.message_id AND short_link.org_id = excluded.org_id
"""


def make_message_links(rows: Sequence[tuple[int, int, str, int]], expires_at: datetime) -> dict[int, str]:
    """Make the links of many messages in one statement.

    Args:
        rows: ``(message_id, person_id, target_kind, target_id)``.
        expires_at: wall time.

    Returns:
        the code per message.
    """
    codes = {row[0]: message_code(row[0]) for row in rows}
    if rows:
        messages, people, kinds, targets = (list(column) for column in zip(*rows, strict=True))
        hashes = [code_hash(codes[m]) for m in messages]
        run_sql(
            INSERT,
            {"org": scoped_org(), "expires_at": expires_at, "hashes": hashes, "kinds": kinds, "targets": targets,
             "people": people, "messages": messages},
        )  # fmt: skip
    return codes


def make_link(target_kind: str, target_id: int, expires_at: datetime, *, person_id: int | None = None) -> str:
    """Make a link that no message carries (a QR code, a link an agent reads out).

    Returns:
        the code; it cannot be read again.
    """
    code = _code(secrets.randbelow(SPACE))
    run_sql(
        "INSERT INTO short_link (code_hash, org_id, target_kind, target_id, person_id, expires_at)"
        " VALUES (%(hash)s, %(org)s, %(kind)s, %(id)s, %(person)s, %(expires_at)s)",
        {"hash": code_hash(code), "org": scoped_org(), "kind": target_kind, "id": target_id, "person": person_id,
         "expires_at": expires_at},
    )  # fmt: skip
    return code


def revoke_links(act: Act, target_kind: str, target_id: int) -> int:
    """Switch off every link to a target of the organization in scope; returns how many."""
    count = run_sql(
        "UPDATE short_link SET revoked_at = %(wall)s WHERE org_id = %(org)s AND target_kind = %(kind)s"
        " AND target_id = %(id)s AND revoked_at IS NULL",
        {"wall": clock.wall(), "org": scoped_org(), "kind": target_kind, "id": target_id},
    )
    if count:
        act.trace(target_kind, target_id, suffix="links_revoked", count=count)
    return count


OPEN = """
UPDATE short_link SET
    opened = opened + 1,
    first_opened_at = coalesce(first_opened_at, %(wall)s),
    last_opened_at = %(wall)s,
    window_at = CASE WHEN window_at > %(hour_ago)s THEN window_at ELSE %(wall)s END,
    window_opened = CASE WHEN window_at > %(hour_ago)s THEN window_opened + 1 ELSE 1 END
WHERE code_hash = %(hash)s AND revoked_at IS NULL AND expires_at > %(wall)s
RETURNING org_id, target_kind, target_id, person_id, message_id, window_opened
"""
MISS = """
INSERT INTO short_link_miss AS m (visitor, window_at, misses) VALUES (%(visitor)s, %(wall)s, 1)
ON CONFLICT (visitor) DO UPDATE SET
    misses = CASE WHEN m.window_at > %(since)s THEN m.misses + 1 ELSE 1 END,
    window_at = CASE WHEN m.window_at > %(since)s THEN m.window_at ELSE %(wall)s END
"""


def resolve(code: str, ip: str) -> Opened:
    """What a code opens. Call it outside ``org_scope`` and outside a transaction: a refusal must keep its count.

    Args:
        code: as it stands in the address.
        ip: the visitor's address; only a keyed hash of it is kept, for a day.

    Raises:
        Refused: ``link.unknown``, ``link.expired``, ``link.revoked`` or ``link.too_many``.
    """
    wall = clock.wall()
    visitor = hmac.new(settings.SECRET_KEY.encode(), f"link-visitor|{ip}".encode(), sha256).digest()[:16]
    since = wall - MISS_WINDOW
    missed = fetch_one(
        "SELECT window_at, misses FROM short_link_miss WHERE visitor = %(visitor)s", {"visitor": visitor}
    )
    if missed and missed["window_at"] > since and missed["misses"] >= MISSES:
        raise TOO_MANY()
    hashed = code_hash(code)
    row = fetch_one(OPEN, {"hash": hashed, "wall": wall, "hour_ago": wall - timedelta(hours=1)})
    if row is None:
        known = fetch_one("SELECT revoked_at FROM short_link WHERE code_hash = %(hash)s", {"hash": hashed})
        if known is not None:
            raise REVOKED() if known["revoked_at"] else EXPIRED()
        run_sql(MISS, {"visitor": visitor, "wall": wall, "since": since})
        raise UNKNOWN()
    if row.pop("window_opened") > OPENS_PER_HOUR:
        raise TOO_MANY()
    return Opened(**row)


def forget_old_links(keep: timedelta = timedelta(days=90)) -> int:
    """Remove links long expired and yesterday's visitors; returns the number of links removed."""
    wall = clock.wall()
    run_sql("DELETE FROM short_link_miss WHERE window_at < %(day)s", {"day": wall - timedelta(days=1)})
    return run_sql("DELETE FROM short_link WHERE expires_at < %(before)s", {"before": wall - keep})
