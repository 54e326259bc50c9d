"""The master key: one file of mode 0600 in ANJU_HOME, or ANJU_MASTER_KEY; it wraps the organizations' keys.

It is never in the database. The database keeps its fingerprint, so that a wrong key is noticed at the start and not at
the first phone number somebody looks up.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from anju.foundation.crypto.ciphers import KEY_BYTES, new_key
from anju.foundation.db import fetch_value, run_sql
from anju.kit.refusal import sentence

VARIABLE = "ANJU_MASTER_KEY"

MISSING = sentence(
    "crypto.master_key.missing",
    "找不到主密钥：请把原来的密钥文件放回 {place}，或设置 ANJU_MASTER_KEY；没有它，已保存的个人数据无法读取。",
    "The master key is missing: put the original key file back at {place} or set ANJU_MASTER_KEY; "
    "stored personal data cannot be read without it.",
)
WRONG = sentence(
    "crypto.master_key.wrong",
    "主密钥不对：{place} 中的密钥不是这个数据库原来的密钥，请换回原来的密钥。",
    "The master key is wrong: the key at {place} is not the one this database was made with; restore the original.",
)
MALFORMED = sentence(
    "crypto.master_key.malformed",
    "主密钥格式不对：{place} 中应是 32 字节的 base64 文本。",
    "The master key is malformed: {place} must hold 32 bytes as base64 text.",
)
EXPOSED = sentence(
    "crypto.master_key.exposed",
    "主密钥文件 {place} 能被其他用户读取，请先执行 chmod 600。",
    "The master key file {place} can be read by other users; run chmod 600 on it first.",
)


def key_file() -> Path:
    """Where the key file lives."""
    return Path(settings.HOME) / "master.key"


def place() -> str:
    """Where the key in use comes from, as people read it; never the key."""
    return VARIABLE if os.environ.get(VARIABLE) else str(key_file())


@cache
def master_key() -> bytes:
    """The key's 32 bytes, read once per process.

    Raises:
        Refused: there is none, it is malformed, or other users may read its file.
    """
    text = os.environ.get(VARIABLE) or _read_file()
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise MALFORMED(place=place()) from error
    if len(key) != KEY_BYTES:
        raise MALFORMED(place=place())
    return key


def _read_file() -> str:
    path = key_file()
    if not path.is_file():
        raise MISSING(place=path)
    if path.stat().st_mode & 0o077:
        raise EXPOSED(place=path)
    return path.read_text(encoding="ascii", errors="replace")


def create_key_file() -> Path:
    """Make a new master key; an existing file is never overwritten."""
    path = key_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(base64.b64encode(new_key()) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return path


def fingerprint() -> bytes:
    """What the database remembers of the key; the key cannot be found from it."""
    return hmac.new(master_key(), b"anju/master-key/fingerprint", sha256).digest()


def check_master_key() -> None:
    """Stop the start when the key is missing or wrong; a new database gets a new key. Runs after the migrations.

    Raises:
        Refused: one of ``crypto.master_key.*``.
    """
    stored = fetch_value("SELECT fingerprint FROM master_key")
    if stored is None:
        if not os.environ.get(VARIABLE) and not key_file().exists():
            create_key_file()
        run_sql(
            "INSERT INTO master_key (id, fingerprint, created_at) VALUES (1, %(print)s, now()) ON CONFLICT DO NOTHING",
            {"print": fingerprint()},
        )
        stored = fetch_value("SELECT fingerprint FROM master_key")
    if not hmac.compare_digest(bytes(stored), fingerprint()):
        raise WRONG(place=place())
