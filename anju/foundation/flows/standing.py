"""Whether a case can be worked on at all."""

from __future__ import annotations

from django.utils.translation import gettext as _

from anju.foundation.flows import who
from anju.foundation.flows.definitions import kept
from anju.foundation.flows.models import FlowCase
from anju.foundation.flows.refusals import CLOSED, FOLLOWS


def in_motion(case: FlowCase) -> None:
    """Refused for a case that is over, or merged into another.

    Raises:
        Refused: ``flow.closed``, ``flow.follows``.
    """
    if case.closed_at is not None:
        raise CLOSED(number=case.number)
    goes_by_itself(case)


def stands(case: FlowCase) -> str:
    """Where a case stands and who has it, in words: what a second editor is told."""
    stage = kept(case.flow, case.version_id).stage(case.stage)
    return _("，").join(filter(None, [stage.word if stage else case.stage, who.staff_name(case.assignee)]))


def goes_by_itself(case: FlowCase) -> None:
    """Refused for a case that was merged into another: that one is worked on.

    Raises:
        Refused: ``flow.follows``.
    """
    if case.follows_id is not None:
        number = FlowCase.objects.filter(id=case.follows_id).values_list("number", flat=True).first()
        raise FOLLOWS(number=case.number, master=number or "…")
