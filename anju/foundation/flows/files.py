"""Photos and papers of a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from anju.foundation.files.media import IMAGES, PDF
from anju.foundation.files.purposes import MIB, purpose
from anju.kit import Actor

if TYPE_CHECKING:
    from anju.foundation.files.models import StoredFile


@dataclass(frozen=True)
class Upload:
    """One file that comes with a step."""

    name: str
    stream: BinaryIO


def may_open(by: Actor, file: StoredFile) -> bool:
    """Whoever may see the case may see its pictures."""
    from anju.foundation.flows import who
    from anju.foundation.flows.models import FlowCase

    case = FlowCase.objects.filter(id=file.owner_id).first()
    return case is not None and who.sees(by, case)


PHOTO = purpose(
    "flows.photo",
    zh="现场照片",
    en="Photo",
    media=(*IMAGES, PDF),
    max_bytes=20 * MIB,
    retention="lease_end+1y",
    may_open=may_open,
)
