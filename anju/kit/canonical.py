"""The one text form of a JSON body, so that a hash of it means the same everywhere."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical(body: Any) -> str:
    """Sorted keys, no spaces, non-ASCII kept; dates, Decimals and Money as their text."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def sha256(body: Any) -> str:
    """Hex SHA-256 of the canonical text."""
    return hashlib.sha256(canonical(body).encode()).hexdigest()
