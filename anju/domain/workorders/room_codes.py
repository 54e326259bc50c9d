"""The codes on the rooms' walls: making them for many rooms at once, and what a scanned one stands for.

A code's token is ~65 random-looking bits in 11 letters and digits, made from the organization's index key and the
code's id: the table holds only its hash, and a label that was torn off is printed again as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.conf import settings

from anju.domain.portfolio.models import Unit
from anju.domain.workorders import refusals
from anju.domain.workorders.models import RoomCode, RoomCodePlace
from anju.domain.workorders.permissions import CODES
from anju.foundation.access import in_scopes, restrict, scope_params
from anju.foundation.actions import Act, action
from anju.foundation.crypto import blind_index
from anju.foundation.db import clock, fetch, fetch_value, run_sql, scoped_org
from anju.foundation.messaging.links import ALPHABET, LENGTH
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND

MOST = 2000  # labels in one print: 200 sheets

# Beds and desks share the label of their room or hall.
OF_BUILDING = f"""
SELECT u.id, u.code, u.building_id, c.id AS code_id FROM unit u LEFT JOIN room_code c ON c.unit_id = u.id
  AND c.revoked_at IS NULL
WHERE u.building_id = %(building)s AND (u.kind NOT IN ('bed', 'desk') OR u.parent_id IS NULL)
  AND (%(low)s::int IS NULL OR u.floor >= %(low)s) AND (%(high)s::int IS NULL OR u.floor <= %(high)s)
  AND {in_scopes("u.scope_id")}
ORDER BY u.entrance, u.floor NULLS FIRST, length(u.code), u.code
"""
OF_UNIT = f"""
SELECT u.id, u.code, u.building_id, c.id AS code_id FROM unit u LEFT JOIN room_code c ON c.unit_id = u.id
  AND c.revoked_at IS NULL
WHERE u.id = %(unit)s AND {in_scopes("u.scope_id")}
"""
REVOKE = """
UPDATE room_code SET revoked_at = %(now)s, revoked_by = %(by)s WHERE id = ANY(%(ids)s) AND revoked_at IS NULL
"""
NEW_IDS = "SELECT nextval('room_code_id_seq') AS id FROM generate_series(1, %(n)s)"
# Whoever printed the same rooms at the same moment was first: their code stays, it is read again afterwards.
MAKE = """
WITH given AS (SELECT * FROM unnest(%(ids)s::bigint[], %(units)s::bigint[], %(hashes)s::text[]) AS g(id, unit, hash)),
made AS (
    INSERT INTO room_code (id, unit_id, token_hash, made_at, made_by, revoked_by)
    SELECT id, unit, hash, %(now)s, %(by)s, '' FROM given
    ON CONFLICT (org_id, unit_id) WHERE revoked_at IS NULL DO NOTHING RETURNING id, token_hash
)
INSERT INTO room_code_place (token_hash, org_id, code_id) SELECT token_hash, %(org)s, id FROM made
"""
COUNTS = f"""
SELECT count(*)::int AS rooms, count(c.id)::int AS coded FROM unit u LEFT JOIN room_code c ON c.unit_id = u.id
  AND c.revoked_at IS NULL
WHERE u.building_id = %(building)s AND (u.kind NOT IN ('bed', 'desk') OR u.parent_id IS NULL)
  AND {in_scopes("u.scope_id")}
"""
# Who holds a bed lives in its flat, who holds the flat in all its rooms.
HOMES = """
SELECT lu.lease_id, lu.unit_id, u.building_id,
       %(unit)s IN (lu.unit_id, lu.leaf_unit_id) OR leaf.parent_id IS NOT DISTINCT FROM %(unit)s AS home
FROM lease_unit lu JOIN unit u ON u.id = lu.unit_id JOIN unit leaf ON leaf.id = lu.leaf_unit_id
WHERE lu.lease_id = ANY(%(leases)s) AND upper(lu.occupied) > %(today)s ORDER BY home DESC, lu.id
"""


@dataclass(frozen=True)
class Label:
    """What is printed for a room: its code as people say it, and the address its QR code holds."""

    unit_id: int
    room: str
    address: str


@dataclass(frozen=True)
class Scanned:
    """What a living code stands for."""

    org_id: int
    unit_id: int
    building_id: int


def hashed(token: str) -> str:
    """How a token is stored."""
    return sha256(token.encode()).hexdigest()


def token_of(code_id: int) -> str:
    """The token of a code of the organization in scope; the same each time."""
    number, letters = int.from_bytes(blind_index("workorders.room_code", str(code_id))[:16]), []
    for _ in range(LENGTH):
        number, letter = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return "".join(letters)


def can_make(by: Actor, *, building_id: int | None = None, unit_id: int | None = None, **_: Any) -> None:
    """A building or a room within the colleague's projects."""
    units = Unit.objects.filter(id=unit_id) if unit_id else Unit.objects.filter(building_id=building_id or 0)
    if not restrict(units, by).exists():
        raise NOT_FOUND()


@action("workorders.room_code.make", needs=CODES, check=can_make)
def make_codes(
    act: Act,
    *,
    building_id: int | None = None,
    unit_id: int | None = None,
    low: int | None = None,
    high: int | None = None,
    renew: bool = False,
) -> list[Label]:
    """The labels of a building's rooms, or of one; rooms that have no code get one (W-01).

    Args:
        building_id: whose rooms; beds and desks share their room's label.
        unit_id: only this one.
        low: the lowest floor, None for all.
        high: the highest floor, None for all.
        renew: whether all get new codes; labels printed before open nothing any more.

    Raises:
        Refused: ``not_found``, ``workorders.no_rooms`` on these floors, ``workorders.too_many_labels``.
    """
    params = {"building": building_id, "unit": unit_id, "low": low, "high": high, **scope_params(act.by)}
    sql = OF_UNIT if unit_id else OF_BUILDING
    rows = fetch(sql, params)
    if not rows:
        raise refusals.NO_ROOMS()
    if len(rows) > MOST:
        raise refusals.TOO_MANY_LABELS(most=MOST, n=len(rows))
    old = [row["code_id"] for row in rows if row["code_id"]] if renew else []
    if old:
        run_sql(REVOKE, {"now": clock.wall(), "by": str(act.by), "ids": old})
    bare = [row["id"] for row in rows if renew or row["code_id"] is None]
    if bare:
        _make(act.by, bare)
        rows = fetch(sql, params)
        links = tuple(("unit", unit) for unit in bare)
        act.trace("building", rows[0]["building_id"], links=links, codes=len(bare), revoked=len(old))
    else:
        act.nothing_changed()
    return [Label(row["id"], row["code"], address(token_of(row["code_id"]))) for row in rows]


def _make(by: Actor, units: Sequence[int]) -> None:
    ids = [row["id"] for row in fetch(NEW_IDS, {"n": len(units)})]
    hashes = [hashed(token_of(i)) for i in ids]
    made = {"ids": ids, "units": list(units), "hashes": hashes}
    run_sql(MAKE, {**made, "now": clock.wall(), "by": str(by), "org": scoped_org()})


def address(token: str) -> str:
    """What the QR code holds."""
    return f"{settings.BASE_URL.rstrip('/')}/q/{token}"


def standing(viewer: Actor, building_id: int) -> dict[str, int]:
    """How many rooms of a building get a label (``rooms``), and how many have a code (``coded``)."""
    return fetch(COUNTS, {"building": building_id, **scope_params(viewer)})[0]


def has_code(unit_id: int) -> bool:
    """Whether a room has a living code."""
    return bool(
        fetch_value("SELECT count(*) FROM room_code WHERE unit_id = %(unit)s AND revoked_at IS NULL", {"unit": unit_id})
    )


def place_of(token: str) -> tuple[int, int]:
    """Organization and code id of a token. Needs no scope. Refused: ``workorders.code_unknown``."""
    found = RoomCodePlace.objects.filter(token_hash=hashed(token)).values_list("org_id", "code_id").first()
    if found is None:
        raise refusals.CODE_UNKNOWN()
    org_id, code_id = found
    return org_id, code_id


def scanned(code_id: int) -> Scanned:
    """What a code of the organization in scope stands for. Refused: ``workorders.code_revoked``."""
    code = RoomCode.objects.select_related("unit").filter(id=code_id, revoked_at=None).first()
    if code is None:
        raise refusals.CODE_REVOKED()
    return Scanned(scoped_org(), code.unit_id, code.unit.building_id)


def homes_at(code: Scanned, leases: Sequence[int]) -> list[dict[str, Any]]:
    """The rooms of running leases in the code's building, the room of the code first: ``lease_id``, ``unit_id``,
    ``home`` (it is the room of the code).

    Args:
        code: what was scanned.
        leases: the tenant's own.
    """
    rows = fetch(HOMES, {"unit": code.unit_id, "leases": list(leases), "today": clock.today()})
    return [row for row in rows if row["home"] or row["building_id"] == code.building_id]
