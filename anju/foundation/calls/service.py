"""The organization's service, opened: where it is, its keys."""

from __future__ import annotations

import json
import os

from anju.foundation.calls.dypls import ENDPOINT, Dypls
from anju.foundation.calls.models import CallService
from anju.foundation.calls.refusals import DRILL
from anju.foundation.crypto import org_decrypt, org_encrypt
from anju.foundation.db import clock
from anju.kit.loopback import is_loopback

SECRET = "calls.service.secret"  # noqa: S105  (the context it is sealed under)
STANDIN = "standin"


def stored_service() -> CallService | None:
    """The setting of the organization in scope, switched on or not."""
    return CallService.objects.first()


def address(endpoint: str) -> str:
    """``standin`` becomes where this run's stand-ins are; without any, a port where nobody answers.

    Raises:
        Refused: ``calls.drill_only``: a drill organization reaches this machine only.
    """
    if endpoint == STANDIN:
        endpoint = f"{os.environ.get('ANJU_STANDINS_URL', 'http://127.0.0.1:9').rstrip('/')}/calls"
    endpoint = endpoint or ENDPOINT
    if clock.drill_clock() is not None and not is_loopback(endpoint):
        raise DRILL()
    return endpoint


def open_service(row: CallService) -> Dypls:
    """The client of a setting; close it after use.

    Raises:
        Refused: ``calls.drill_only``.
    """
    secret = json.loads(org_decrypt(bytes(row.secret), context=SECRET)) if row.secret else {}
    config = row.config
    return Dypls(
        str(config.get("key_id", "")),
        secret.get("key_secret", ""),
        address(str(config.get("endpoint") or "")),
        pool=str(config.get("pool_key", "")),
    )


def seal_secret(secret: dict[str, str]) -> bytes:
    """A setting's secrets for the database."""
    return org_encrypt(json.dumps(secret).encode(), context=SECRET)
