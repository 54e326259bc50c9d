"""Photos and short films of a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from anju.foundation.files.links import link
from anju.foundation.files.media import IMAGES, VIDEOS
from anju.foundation.files.purposes import MIB, purpose
from anju.kit import Actor

if TYPE_CHECKING:
    from anju.foundation.files.models import StoredFile


@dataclass(frozen=True)
class Shot:
    """A picture or film of a case, for one viewer. ``tenant``: taken by who reported it."""

    href: str
    film: bool
    tenant: bool


def shots(by: Actor, case_id: int, *, most: int = 60) -> list[Shot]:
    """What was taken for a case, oldest first, as addresses for this viewer.

    Args:
        by: who looks.
        case_id: the case.
        most: no more than so many.
    """
    from anju.foundation.files.models import StoredFile

    rows = StoredFile.objects.filter(owner_kind="flow_case", owner_id=case_id, purpose=PHOTO.key, removed_at=None)
    return [
        Shot(link(by, row.id), row.media_type in VIDEOS, row.created_by.startswith("tenant"))
        for row in rows.order_by("id")[:most]
    ]


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
    zh="现场照片或短视频",
    en="Photo or short film",
    media=(*IMAGES, *VIDEOS),
    max_bytes=20 * MIB,
    retention="lease_end+1y",
    may_open=may_open,
)
