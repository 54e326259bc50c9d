"""Where uploaded files wait: encrypted among the organization's files. Opened as a temporary file to be read."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from anju.foundation.files.media import CSV, UNKNOWN, XLS, XLSX, ZIP
from anju.foundation.files.models import StoredFile
from anju.foundation.files.purposes import purpose
from anju.foundation.files.store import open_file
from anju.kit import Actor
from anju.surface.imports.reading.source import MAX_BYTES

CHUNK = 1 << 20
UPLOAD = "imports.upload"


def _own(by: Actor, row: StoredFile) -> bool:
    """Only who uploaded it: it holds what other roles may not see."""
    return str(by) == row.created_by


purpose(
    UPLOAD,
    zh="导入的表格",
    en="Imported table",
    media=(XLSX, XLS, ZIP, CSV, UNKNOWN),  # the reader has looked into it before
    max_bytes=MAX_BYTES,
    retention="import+30d",
    may_open=_own,
)


@contextmanager
def received(upload: BinaryIO) -> Iterator[tuple[Path, bytes]]:
    """The upload as a temporary file, with its SHA-256; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="anju-import-") as folder:
        path, digest = Path(folder) / "upload", hashlib.sha256()
        with path.open("wb") as file:
            while chunk := upload.read(CHUNK):
                digest.update(chunk)
                file.write(chunk)
        yield path, digest.digest()


def unpacked(stored_id: int, folder: Path) -> Path:
    """A stored file, decrypted into a folder that the caller removes."""
    path = folder / "upload"
    with path.open("wb") as target:
        shutil.copyfileobj(open_file(Actor.system(), stored_id).stream, target)
    return path
