"""What belongs to the installation and to no organization: second factors of users, who may work for several."""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from anju.foundation.crypto.ciphers import derive, seal, unseal
from anju.foundation.crypto.master import master_key


def installation_encrypt(plain: bytes, *, context: str) -> bytes:
    """Encrypt under a key derived from the master key; it opens only with the same context (``totp|17``)."""
    return seal(_cipher(), plain, context.encode())


def installation_decrypt(sealed: bytes, *, context: str) -> bytes:
    """Open what :func:`installation_encrypt` sealed; refused with ``crypto.damaged``."""
    return unseal(_cipher(), sealed, context.encode())


def _cipher() -> AESGCM:
    return AESGCM(derive(master_key(), "installation"))
