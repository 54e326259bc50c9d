"""Pictures that come after a case was opened, by no step of it."""

from __future__ import annotations

from typing import Any

from anju.foundation.actions import Act, action
from anju.foundation.flows import queries
from anju.foundation.flows.files import MOST_OF_CASE, Upload, keep_new_photos
from anju.foundation.flows.models import FlowCase
from anju.foundation.flows.permissions import OPEN
from anju.foundation.flows.refusals import CLOSED, PHOTOS_FULL
from anju.kit import Actor


def can_add_photos(by: Actor, *, case_id: int, **_: Any) -> None:
    """An open case within reach, or of the tenant."""
    case = queries.case(by, case_id)
    if case.closed_at is not None:
        raise CLOSED(number=case.number)


@action("flows.case.add_photos", needs=OPEN, check=can_add_photos)
def add_photos(act: Act, *, case_id: int, photos: tuple[Upload, ...]) -> int:
    """Keep further pictures of what a case is about. What the case has already, it does not get twice.

    Args:
        case_id: which.
        photos: pictures and short films.

    Returns:
        How many were new.

    Raises:
        Refused: ``not_found``, ``flow.closed``, ``flow.photos_full``; ``files.too_large``, ``files.wrong_kind``,
            ``files.empty``.
    """
    case = queries.case(act.by, case_id, lock=True)
    new = len(keep_new_photos(act, case.id, photos))
    if new == 0:
        act.nothing_changed()
        return 0
    if case.photos + new > MOST_OF_CASE:
        raise PHOTOS_FULL(number=case.number, most=MOST_OF_CASE)
    FlowCase.objects.filter(id=case.id).update(photos=case.photos + new)
    shown = ((case.subject_kind, case.subject_id),) if case.subject_kind else ()
    act.trace("flow_case", case.id, links=shown, version_id=case.version_id, number=case.number, count=new)
    return new
