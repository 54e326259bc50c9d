"""A building as what a case is about: nobody's home, so no tenant takes part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from anju.domain.portfolio.models import Building
from anju.foundation.access import restrict
from anju.foundation.flows.subjects import Shown, Subject, subject


def show(request: Any, ids: Sequence[int]) -> dict[int, Shown]:
    """Buildings within the reader's reach, each with its project."""
    rows = restrict(Building.objects.select_related("project").filter(id__in=list(ids)), request.actor)
    return {row.id: Shown(row.name, row.project.name) for row in rows}


def scope(building_id: int) -> int | None:
    """Its project."""
    return Building.objects.filter(id=building_id).values_list("scope_id", flat=True).first()


def find(request: Any, text: str) -> int | None:
    """A building by its name or code, if only one within reach is called so; ``项目 楼栋`` tells two apart."""
    project, _space, name = text.rpartition(" ")
    reached = restrict(Building.objects.all(), request.actor)
    if project:
        reached = reached.filter(project__name=project)
    for named in ({"name": name}, {"code": name}):
        found = list(reached.filter(**named).values_list("id", flat=True)[:2])
        if len(found) == 1:
            return int(found[0])
    return None


subject(Subject("building", "楼栋", "Building", show, scope, lambda _building: (), find))
