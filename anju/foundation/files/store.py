"""Storing, opening and removing files."""

from __future__ import annotations

import hmac
import io
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Protocol, cast

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from anju.foundation.crypto import (
    blind_index,
    decrypt_file,
    encrypt_file,
    org_decrypt,
    org_encrypt,
    person_decrypt,
    person_encrypt,
)
from anju.foundation.db import clock, scoped_org
from anju.foundation.files.media import HEAD_BYTES, sniff
from anju.foundation.files.models import StoredFile
from anju.foundation.files.purposes import Purpose, declared_purpose
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND, sentence

TOO_LARGE = sentence(
    "files.too_large",
    "文件太大：{what}最多 {limit} MB。",
    "The file is too large: {what} may have {limit} MB at most.",
)
WRONG_KIND = sentence(
    "files.wrong_kind",
    "这种文件不能作为{what}上传，请换成要求的格式。",
    "This kind of file is not accepted as {what}.",
)
EMPTY = sentence("files.empty", "文件是空的，请重新选择。", "The file is empty; choose another.")

CONTEXT = "files"


class Traces(Protocol):
    """A running action, as this floor sees it."""

    by: Actor

    def trace(self, kind: str, id: int, /, **body: Any) -> None: ...


@dataclass(frozen=True)
class OpenedFile:
    """A decrypted file, ready to read."""

    id: int
    name: str
    media_type: str
    size: int
    stream: BinaryIO


class _Measured(io.RawIOBase):
    """Reads a stream, counting and hashing; refuses as soon as the purpose's limit is passed."""

    def __init__(self, source: BinaryIO, wanted: Purpose) -> None:
        self.source, self.wanted = source, wanted
        self.size, self.hash, self.head = 0, sha256(), b""

    def read(self, n: int = -1, /) -> bytes:
        data = self.source.read(n)
        self.size += len(data)
        if self.size > self.wanted.max_bytes:
            raise TOO_LARGE(what=self.wanted.zh, limit=self.wanted.max_bytes // (1024 * 1024))
        self.hash.update(data)
        if len(self.head) < HEAD_BYTES:
            self.head += data[: HEAD_BYTES - len(self.head)]
        return data


def store(
    act: Traces, stream: BinaryIO, *, name: str, purpose: str, owner: tuple[str, int], person_id: int | None = None
) -> StoredFile:
    """Encrypt a stream into the storage, inside an action.

    The bytes are written before the transaction ends: a row without bytes cannot be; bytes without a row, left by a
    crash, are found by :func:`orphans`.

    Args:
        act: the running action; it traces the file's id, purpose and size.
        stream: the content.
        name: what the person called it; sealed, because people put names into file names.
        purpose: a declared purpose.
        owner: the subject it belongs to, ``("lease", 7)``; its timeline shows it.
        person_id: whose key seals it, where the purpose has a ``person_class``.

    Raises:
        Refused: ``files.too_large``, ``files.wrong_kind``, ``files.empty``.
    """
    wanted = declared_purpose(purpose)
    if wanted.person_class and person_id is None:
        raise ValueError(f"files for {purpose} are sealed by a person's key: say whose")
    person = person_id if wanted.person_class else None
    measured = _Measured(stream, wanted)
    with TemporaryFile() as sealed:
        key = encrypt_file(cast(BinaryIO, measured), sealed)
        media = _checked(measured, wanted)
        sealed.seek(0)
        place = default_storage.save(_new_place(), File(sealed))
    row = StoredFile.objects.create(
        purpose=purpose,
        owner_kind=owner[0],
        owner_id=owner[1],
        person_id=person,
        place=place,
        media_type=media,
        size=measured.size,
        content_index=_content_index(measured.hash.hexdigest()),
        sealed_name=_seal(wanted, person, name.encode()),
        sealed_key=_seal(wanted, person, key),
        retention=wanted.retention,
        created_by=str(act.by),
        created_at=clock.wall(),
    )
    act.trace("file", row.id, links=(owner,), suffix="file", purpose=purpose, size=row.size)
    return row


def open_file(by: Actor, file_id: int) -> OpenedFile:
    """Decrypt a file for somebody who may open it.

    Raises:
        Refused: ``not_found`` (also when the actor may not open it, or it was removed), ``crypto.erased``,
            ``crypto.damaged``.
    """
    row = StoredFile.objects.filter(id=file_id, removed_at=None).first()
    if row is None or not may_open(by, row):
        raise NOT_FOUND()
    wanted = declared_purpose(row.purpose)
    key = _unseal(wanted, row.person_id, row.sealed_key)
    plain = io.BytesIO()
    with default_storage.open(row.place) as sealed:
        decrypt_file(cast(BinaryIO, sealed), plain, key)
    plain.seek(0)
    return OpenedFile(row.id, file_name(row), row.media_type, row.size, plain)


def may_open(by: Actor, row: StoredFile) -> bool:
    """Whether this actor may open this file, as its purpose says."""
    return by.kind == "system" or declared_purpose(row.purpose).may_open(by, row)


def file_name(row: StoredFile) -> str:
    """The name the person gave."""
    return _unseal(declared_purpose(row.purpose), row.person_id, row.sealed_name).decode()


def files_of(owner: tuple[str, int], by: Actor) -> list[StoredFile]:
    """The files of a subject that this actor may open, newest first."""
    rows = StoredFile.objects.filter(owner_kind=owner[0], owner_id=owner[1], removed_at=None).order_by("-id")
    return [row for row in rows if may_open(by, row)]


def remove_file(act: Traces, file_id: int, *, reason: str) -> None:
    """Destroy a file, inside an action: its key at once, its bytes after the commit.

    Args:
        act: the running action.
        file_id: which.
        reason: a code (``retention``, ``request``, ``mistake``).
    """
    row = StoredFile.objects.select_for_update().filter(id=file_id, removed_at=None).first()
    if row is None:
        raise NOT_FOUND()
    row.sealed_key, row.sealed_name, row.removed_at = None, None, clock.wall()
    row.save(update_fields=["sealed_key", "sealed_name", "removed_at"])
    transaction.on_commit(lambda: default_storage.delete(row.place))
    act.trace("file", row.id, links=((row.owner_kind, row.owner_id),), reason=reason)


def same_content(owner: tuple[str, int], stream: BinaryIO) -> StoredFile | None:
    """A stored file of that subject with the same content, to notice a second upload. Reads the stream to its end."""
    index = _content_index(sha256(stream.read()).hexdigest())
    rows = StoredFile.objects.filter(owner_kind=owner[0], owner_id=owner[1], removed_at=None).order_by("id")
    return next((row for row in rows if hmac.compare_digest(bytes(row.content_index), index)), None)


def orphans(older_than: timedelta = timedelta(days=1)) -> Iterator[str]:
    """Places in the storage of the organization in scope that no living row names: left by a crash or a rollback."""
    known = set(StoredFile.objects.filter(removed_at=None).values_list("place", flat=True))
    before = timezone.now() - older_than
    for place in _stored(str(scoped_org())):
        if place not in known and _modified(place) < before:
            yield place


def _stored(folder: str) -> Iterator[str]:
    if not default_storage.exists(folder):
        return
    folders, files = default_storage.listdir(folder)
    yield from (f"{folder}/{name}" for name in files)
    for inner in folders:
        yield from _stored(f"{folder}/{inner}")


def _modified(place: str) -> datetime:
    return default_storage.get_modified_time(place)


def _new_place() -> str:
    name = uuid.uuid4().hex
    return f"{scoped_org()}/{name[:2]}/{name}"


def _content_index(digest: str) -> bytes:
    return blind_index("file", digest)


def _checked(measured: _Measured, wanted: Purpose) -> str:
    if measured.size == 0:
        raise EMPTY()
    media = sniff(measured.head)
    if media not in wanted.media:
        raise WRONG_KIND(what=wanted.zh)
    return media


def _seal(wanted: Purpose, person: int | None, plain: bytes) -> bytes:
    if wanted.person_class and person is not None:
        return person_encrypt(person, wanted.person_class, plain)
    return org_encrypt(plain, context=CONTEXT)


def _unseal(wanted: Purpose, person: int | None, sealed: bytes | memoryview | None) -> bytes:
    if sealed is None:
        raise NOT_FOUND()
    if person is not None and wanted.person_class:
        return person_decrypt(person, wanted.person_class, bytes(sealed))
    return org_decrypt(bytes(sealed), context=CONTEXT)
