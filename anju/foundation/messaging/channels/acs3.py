"""Aliyun's request signature version 3, ACS3-HMAC-SHA256; one text for client and stand-in."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from urllib.parse import quote

ALGORITHM = "ACS3-HMAC-SHA256"
EMPTY = sha256(b"").hexdigest()
DATE = "%Y-%m-%dT%H:%M:%SZ"


def canonical_query(params: Mapping[str, str]) -> str:
    """Parameters sorted and percent-encoded by RFC 3986; this is also the query that is sent."""
    return "&".join(f"{quote(k, safe='~')}={quote(v, safe='~')}" for k, v in sorted(params.items()))


def signature(secret: str, *, method: str, path: str, query: str, headers: Mapping[str, str], body_sha256: str) -> str:
    """The hex signature.

    Args:
        secret: the access key's secret.
        query: as :func:`canonical_query` gives it.
        headers: the signed headers, names in lower case.
        body_sha256: hex hash of the body.
    """
    names = sorted(headers)
    canonical = "\n".join(
        (method, path, query, *(f"{n}:{headers[n].strip()}" for n in names), "", ";".join(names), body_sha256)
    )
    text = f"{ALGORITHM}\n{sha256(canonical.encode()).hexdigest()}"
    return hmac.new(secret.encode(), text.encode(), sha256).hexdigest()


def signed_headers(
    key_id: str, secret: str, *, host: str, action: str, version: str, query: str, at: datetime, nonce: str
) -> dict[str, str]:
    """Headers of a POST to ``/`` whose parameters all stand in the query.

    Args:
        key_id: the access key.
        secret: its secret.
        at: wall time in UTC; the provider allows 15 minutes.
        nonce: a value never used before.
    """
    headers = {
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": EMPTY,
        "x-acs-date": at.strftime(DATE),
        "x-acs-signature-nonce": nonce,
        "x-acs-version": version,
    }
    sign = signature(secret, method="POST", path="/", query=query, headers=headers, body_sha256=EMPTY)
    credential = f"Credential={key_id},SignedHeaders={';'.join(sorted(headers))},Signature={sign}"
    return {**headers, "Authorization": f"{ALGORITHM} {credential}"}
