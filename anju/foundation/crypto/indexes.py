"""Blind indexes: find a value that only its owner's key can open.

HMAC-SHA256 under a key of the organization, so the same phone gives different bytes in two organizations, and nobody
without the key can try all phones. Erasure clears the columns that hold them.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

from anju.foundation.crypto.org import org_keys

TAIL_CHARACTERS = 4


def blind_index(kind: str, value: str) -> bytes:
    """The index of a whole value.

    Args:
        kind: what it is (``phone``, ``id_number``, ``bank_account``), so that equal digits of two kinds never meet.
        value: the normalised value (``anju.kit.china.mobile`` …).
    """
    return _mac(kind, value)


def tail_index(kind: str, value: str) -> bytes:
    """The index of a value's last four characters, as people ask "尾号 1234"; takes a whole value or just the tail."""
    return _mac(f"{kind}:tail", value[-TAIL_CHARACTERS:])


def _mac(kind: str, value: str) -> bytes:
    return hmac.new(org_keys().indexes, f"{kind}\0{value}".encode(), sha256).digest()
