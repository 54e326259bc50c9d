"""Photos and short films of a case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, BinaryIO

from anju.foundation.files.links import link
from anju.foundation.files.media import IMAGES, VIDEOS
from anju.foundation.files.purposes import MIB, purpose
from anju.foundation.files.store import Traces, same_content, store
from anju.kit import Actor

if TYPE_CHECKING:
    from anju.foundation.files.models import StoredFile
    from anju.foundation.flows.definition import Transition
    from anju.foundation.flows.models import FlowVisit

MOST_OF_CASE = 60  # pictures; further ones would be shown nowhere


@dataclass(frozen=True)
class Shot:
    """A picture or film of a case, for one viewer: when and with which step it was taken. ``step`` is the transition's
    key, empty for what came when the case began; ``word`` is what it is called in the reader's language."""

    href: str
    film: bool
    step: str
    word: str
    at: datetime


def shots(by: Actor, case_id: int, *, most: int = MOST_OF_CASE) -> list[Shot]:
    """What was taken for a case, oldest first, as addresses for this viewer.

    Args:
        by: who looks.
        case_id: the case.
        most: no more than so many.
    """
    from anju.foundation.files.models import StoredFile
    from anju.foundation.flows.models import FlowVisit

    files = StoredFile.objects.filter(owner_kind="flow_case", owner_id=case_id, purpose=PHOTO.key, removed_at=None)
    rows = list(files.order_by("id")[:most])
    seen = _seen(by, case_id)
    rows = [row for row in rows if seen(row)]
    if not rows:
        return []
    went = list(FlowVisit.objects.select_related("case").filter(case_id=case_id).order_by("seq"))
    found = []
    for row in rows:
        visit = _taken_with(went, row)
        found.append(Shot(link(by, row.id), row.media_type in VIDEOS, visit.step, _word(visit), visit.entered_at))
    return found


def _taken_with(went: Sequence[FlowVisit], file: StoredFile) -> FlowVisit:
    """The step that a picture came with; what no step names came when the case began."""
    for visit in went:
        if visit.photos and file.id in visit.photos:
            return visit
    if file.created_by == went[0].by:
        return went[0]
    # Of the time before steps named theirs: the last one that cannot be taken without a picture.
    unnamed = [v for v in went if not v.photos and v.entered_at <= file.created_at and (t := _step(v)) and t.photos]
    return unnamed[-1] if unnamed else went[0]


def _step(visit: FlowVisit) -> Transition | None:
    from anju.foundation.flows.definitions import kept

    return kept(visit.case.flow, visit.case.version_id).transition(visit.step)


def _word(visit: FlowVisit) -> str:
    """What the step is called; the beginning is called as its subject says."""
    from anju.foundation.flows.subjects import begun_word

    step = _step(visit)
    return step.word if step else begun_word(visit.case.subject_kind)


def keep_photos(act: Traces, case_id: int, photos: Sequence[Upload]) -> list[int]:
    """Store what was taken for a case, inside an action: the files' ids.

    Args:
        act: the running action.
        case_id: the case.
        photos: pictures and short films.

    Raises:
        Refused: ``files.too_large``, ``files.wrong_kind``, ``files.empty``.
    """
    return [
        store(act, photo.stream, name=photo.name, purpose=PHOTO.key, owner=("flow_case", case_id)).id
        for photo in photos
    ]


def keep_new_photos(act: Traces, case_id: int, photos: Sequence[Upload]) -> list[int]:
    """As :func:`keep_photos`, without those that are among the case's pictures already, byte for byte."""
    kept = []
    for photo in photos:
        known = same_content(("flow_case", case_id), photo.stream)
        photo.stream.seek(0)
        if known is None:
            kept += keep_photos(act, case_id, [photo])
    return kept


@dataclass(frozen=True)
class Upload:
    """One file that comes with a step."""

    name: str
    stream: BinaryIO


MOST_FROM_TENANT, MOST_PHOTOS = 4, 9  # with a report from a phone, with anything else


def uploads(sent: Sequence[Any], *, most: int) -> tuple[Upload, ...]:
    """The files of a form, as many as may come with it.

    Args:
        sent: what ``request.FILES`` holds under one name.
        most: the rest is left out.
    """
    return tuple(Upload(file.name or "photo", file) for file in sent[:most])


def may_open(by: Actor, file: StoredFile) -> bool:
    """Staff who may see the case and what it is about may see its pictures; of the tenants those whom its subject
    names, but not what another tenant took; and everybody what they took themselves."""
    return _seen(by, file.owner_id)(file)


def _seen(by: Actor, case_id: int) -> Callable[[StoredFile], bool]:
    """Which of a case's pictures somebody may see."""
    from anju.foundation.flows import who
    from anju.foundation.flows.models import FlowCase
    from anju.foundation.flows.subjects import subject_of

    case = FlowCase.objects.filter(id=case_id).first()
    if case is None or not who.sees(by, case):
        return lambda file: False
    about = subject_of(case.subject_kind)
    if about is None:
        return lambda file: True
    if by.kind != "tenant":
        may = about.seen is None or about.seen(by)
        return lambda file: may
    if about.pictures is None:
        return lambda file: True
    named = by.id in about.pictures(case.subject_id)
    return lambda file: file.created_by == str(by) or (named and not file.created_by.startswith("tenant:"))


PHOTO = purpose(
    "flows.photo",
    zh="现场照片或短视频",
    en="Photo or short film",
    media=(*IMAGES, *VIDEOS),
    max_bytes=20 * MIB,
    retention="lease_end+1y",
    may_open=may_open,
)
