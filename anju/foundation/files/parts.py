"""Files that arrive in pieces from a phone with a poor signal: what has arrived stays, the rest is sent later.

    put(by, upload, start=0, data=piece)        # returns how many bytes are here; the phone goes on from there
    stream = whole(by, upload, size=120_000)    # inside the action that stores the file
    drop(by, upload)                            # in the same transaction

Pieces lie sealed with the organization's key; those nobody asked for are forgotten after a week.
"""

from __future__ import annotations

from datetime import timedelta
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from anju.foundation.crypto import org_decrypt, org_encrypt
from anju.foundation.db import clock, fetch_value, run_sql
from anju.foundation.files.models import FilePart
from anju.foundation.files.purposes import MIB
from anju.foundation.files.store import TOO_LARGE
from anju.kit import Actor
from anju.kit.refusal import sentence

LARGEST = 20 * MIB
LARGEST_PART = MIB
KEPT = timedelta(days=7)
CONTEXT = "file_part"
MISSING = sentence(
    "files.parts_missing",
    "照片还没有传完，会从断开的地方继续。",
    "The picture has not arrived in full; it goes on where it stopped.",
)

# Another request with the same piece may be a moment ahead: then this one adds nothing.
ADD = """
INSERT INTO file_part (upload, sent_by, start, size, sealed, at)
VALUES (%(upload)s, %(by)s, %(start)s, %(size)s, %(sealed)s, %(now)s)
ON CONFLICT (org_id, upload, sent_by, start) DO NOTHING
"""
HERE = "SELECT coalesce(sum(size), 0)::bigint FROM file_part WHERE upload = %(upload)s AND sent_by = %(by)s"


def received(by: Actor, upload: str) -> int:
    """How many bytes of an upload are here.

    Args:
        by: who sends it; another person's upload of the same name is another upload.
        upload: the name that the sender gave it, a UUID.
    """
    return int(fetch_value(HERE, {"upload": upload, "by": str(by)}))


def put(by: Actor, upload: str, *, start: int, data: bytes) -> int:
    """Keep a piece, if it is the one that comes next; returns how many bytes are here now.

    Args:
        by: who sends it.
        upload: the upload's name.
        start: how many bytes come before the piece.
        data: at most 1 MiB.

    Raises:
        Refused: ``files.too_large``.
    """
    if len(data) > LARGEST_PART or start + len(data) > LARGEST:
        raise TOO_LARGE(what="照片", limit=LARGEST // MIB)
    here = received(by, upload)
    if start != here or not data:
        return here
    sealed = org_encrypt(data, context=CONTEXT)
    run_sql(ADD, {"upload": upload, "by": str(by), "start": start, "size": len(data), "sealed": sealed,
                  "now": clock.wall()})  # fmt: skip
    return received(by, upload)


def whole(by: Actor, upload: str, *, size: int) -> BinaryIO:
    """The file put together, to be read from its beginning.

    Args:
        by: who sent it.
        upload: the upload's name.
        size: bytes it must have.

    Raises:
        Refused: ``files.parts_missing``.
    """
    if size <= 0 or received(by, upload) != size:
        raise MISSING()
    joined = cast(BinaryIO, TemporaryFile())  # noqa: SIM115 - whoever stores the file closes it
    parts = FilePart.objects.filter(upload=upload, sent_by=str(by)).order_by("start")
    for sealed in parts.values_list("sealed", flat=True).iterator(chunk_size=4):
        joined.write(org_decrypt(bytes(sealed), context=CONTEXT))
    joined.seek(0)
    return joined


def drop(by: Actor, upload: str) -> None:
    """Forget the pieces of an upload."""
    FilePart.objects.filter(upload=upload, sent_by=str(by)).delete()


def forget(before: timedelta = KEPT) -> int:
    """Delete pieces that nobody put together; returns how many."""
    return run_sql("DELETE FROM file_part WHERE at < %(since)s", {"since": clock.wall() - before})
