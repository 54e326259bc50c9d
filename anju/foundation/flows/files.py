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
    """Staff who may see the case may see its pictures; of the tenants those whom its subject names."""
    from anju.foundation.flows import who
    from anju.foundation.flows.models import FlowCase
    from anju.foundation.flows.subjects import subject_of

    case = FlowCase.objects.filter(id=file.owner_id).first()
    if case is None or not who.sees(by, case):
        return False
    about = subject_of(case.subject_kind)
    if by.kind != "tenant" or about is None or about.pictures is None:
        return True
    return by.id in about.pictures(case.subject_id)


PHOTO = purpose(
    "flows.photo",
    zh="现场照片",
    en="Photo",
    media=(*IMAGES, PDF),
    max_bytes=20 * MIB,
    retention="lease_end+1y",
    may_open=may_open,
)
