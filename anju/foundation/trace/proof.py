"""Proof without trust: the envelope's bytes, chains, Merkle roots and paths. Pure; used by ``anju verify``."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from anju.kit.canonical import canonical

__all__ = ["Envelope", "canonical", "leaf_hash", "merkle_path", "merkle_root", "proves"]

LEAF, NODE = b"\x00", b"\x01"  # RFC 6962 domain separation: a leaf can never pass for a node


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass(frozen=True)
class Envelope:
    """An event as it is hashed."""

    org_id: int
    stream_kind: str
    stream_id: int
    seq: int
    at: datetime
    wall_at: datetime
    actor: str
    action: str
    version_id: int | None
    run_id: int | None
    body: str

    def hash(self, prev: bytes) -> bytes:
        """SHA-256 over the previous hash and this event's exact text."""
        fields = (
            self.org_id,
            self.stream_kind,
            self.stream_id,
            self.seq,
            _utc(self.at),
            _utc(self.wall_at),
            self.actor,
            self.action,
            "-" if self.version_id is None else self.version_id,
            "-" if self.run_id is None else self.run_id,
            self.body,
        )
        return hashlib.sha256(prev + "\n".join(str(f) for f in fields).encode()).digest()


def leaf_hash(text: str) -> bytes:
    """A sweep decision's leaf."""
    return hashlib.sha256(LEAF + text.encode()).digest()


def _parent(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(NODE + left + right).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Root over leaves in order; an odd node moves up unchanged. The root of nothing is SHA-256 of nothing."""
    level = list(leaves)
    if not level:
        return hashlib.sha256(b"").digest()
    while len(level) > 1:
        pairs = [_parent(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[-1:] if len(level) % 2 else pairs
    return level[0]


def merkle_path(leaves: Sequence[bytes], index: int) -> list[tuple[str, bytes]]:
    """The sibling hashes from leaf to root: ``("left"|"right", hash)`` says on which side the sibling stands."""
    level, path = list(leaves), []
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            path.append(("right" if sibling > index else "left", level[sibling]))
        pairs = [_parent(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[-1:] if len(level) % 2 else pairs
        index //= 2
    return path


def proves(leaf: bytes, path: Sequence[tuple[str, bytes]], root: bytes) -> bool:
    """Whether leaf and path lead to the root."""
    node = leaf
    for side, sibling in path:
        node = _parent(sibling, node) if side == "left" else _parent(node, sibling)
    return node == root
