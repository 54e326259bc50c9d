"""Addresses of files: signed for one viewer, for a few minutes of wall time. The viewer is asked again at the door."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing
from django.urls import reverse

from anju.foundation.db import scoped_org
from anju.kit import Actor
from anju.kit.refusal import sentence

VALID_FOR = timedelta(minutes=10)
SALT = "anju.file"

STALE = sentence(
    "files.stale_link",
    "这个文件链接已过期，请回到原页面重新打开。",
    "This link has expired; open the file from its page again.",
)


def link(by: Actor, file_id: int) -> str:
    """The address where this viewer can open this file for the next ten minutes."""
    return reverse("files:open", args=[signing.dumps([scoped_org(), str(by), file_id], salt=SALT)])


def read_link(token: str) -> tuple[int, str, int]:
    """``(org_id, viewer, file_id)`` of a valid address.

    Raises:
        Refused: ``files.stale_link``.
    """
    try:
        org_id, viewer, file_id = signing.loads(token, salt=SALT, max_age=VALID_FOR)
    except (signing.BadSignature, ValueError):
        raise STALE() from None
    return org_id, viewer, file_id
