"""Files of any size under a key of their own: AES-256-GCM in chunks, order and end authenticated (the STREAM
construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015: the nonce counts chunks and marks the last)."""

from __future__ import annotations

from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from anju.foundation.crypto.ciphers import DAMAGED, new_key

MAGIC = b"ANJUFILE\x01"
CHUNK = 64 * 1024
TAG = 16


class Sink(Protocol):
    """Anything bytes can be written to."""

    def write(self, data: bytes, /) -> object: ...


def encrypt_file(source: BinaryIO, target: Sink) -> bytes:
    """Encrypt a stream chunk by chunk.

    Returns:
        the file's key, 32 bytes. Store it sealed (``org_encrypt`` or ``person_encrypt``): destroying it destroys the
        file, wherever copies are.
    """
    key = new_key()
    cipher = AESGCM(key)
    target.write(MAGIC)
    number, chunk = 0, source.read(CHUNK)
    while True:
        following = source.read(CHUNK) if chunk else b""
        target.write(cipher.encrypt(_nonce(number, last=not following), chunk, MAGIC))
        if not following:
            return key
        number, chunk = number + 1, following


def decrypt_file(source: BinaryIO, target: Sink, key: bytes) -> None:
    """Decrypt a stream; what was written to ``target`` before a refusal must be thrown away.

    Raises:
        Refused: ``crypto.damaged`` when anything was changed, reordered or cut off.
    """
    cipher = AESGCM(key)
    if source.read(len(MAGIC)) != MAGIC:
        raise DAMAGED()
    number, chunk = 0, source.read(CHUNK + TAG)
    while True:
        following = source.read(CHUNK + TAG) if chunk else b""
        try:
            target.write(cipher.decrypt(_nonce(number, last=not following), chunk, MAGIC))
        except InvalidTag as error:
            raise DAMAGED() from error
        if not following:
            return
        number, chunk = number + 1, following


def _nonce(number: int, *, last: bool) -> bytes:
    # The key is the file's alone, so counting is enough: no nonce is ever used twice under it.
    return bytes(7) + number.to_bytes(4, "big") + bytes([last])
