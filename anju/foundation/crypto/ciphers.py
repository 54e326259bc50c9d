"""AES-256-GCM as this house uses it: one sealed form, associated data always given."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from anju.kit.refusal import sentence

KEY_BYTES = 32
NONCE_BYTES = 12
FORMAT = b"\x01"

DAMAGED = sentence(
    "crypto.damaged",
    "这条加密数据无法解开：内容已损坏，或不属于这里。请联系管理员从备份核对。",
    "This encrypted value cannot be opened: it is damaged or does not belong here. Ask an administrator.",
)


def new_key() -> bytes:
    """A fresh random key of 256 bits."""
    return os.urandom(KEY_BYTES)


def seal(cipher: AESGCM, plain: bytes, bound_to: bytes) -> bytes:
    """Encrypt: format byte, nonce, ciphertext with tag. It opens only with the same ``bound_to``."""
    nonce = os.urandom(NONCE_BYTES)
    return FORMAT + nonce + cipher.encrypt(nonce, plain, bound_to)


def unseal(cipher: AESGCM, sealed: bytes, bound_to: bytes) -> bytes:
    """Decrypt what :func:`seal` made.

    Raises:
        Refused: ``crypto.damaged``, also for another key or another ``bound_to``.
    """
    sealed = bytes(sealed)
    if sealed[:1] != FORMAT:
        raise DAMAGED()
    try:
        return cipher.decrypt(sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], bound_to)
    except InvalidTag as error:
        raise DAMAGED() from error


def derive(key: bytes, purpose: str) -> bytes:
    """A key of its own for each purpose (HKDF-SHA256, RFC 5869), so that no key does two jobs."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"anju/{purpose}".encode()).derive(key)
