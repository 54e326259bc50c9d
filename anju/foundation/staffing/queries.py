"""Reading staff."""

from __future__ import annotations

from django.db.models import QuerySet

from anju.foundation.identity.models import Staff, StaffScope


def all_staff(*, frozen: bool = False) -> QuerySet[Staff]:
    """The organization's staff by name; ``frozen``: the frozen ones too."""
    found = Staff.objects.select_related("user").order_by("name", "id")
    return found if frozen else found.filter(frozen_at=None)


def staff_names(ids: set[int]) -> dict[int, str]:
    """Display names by staff id, for timelines and lists; one query."""
    return dict(Staff.objects.filter(id__in=ids).values_list("id", "name"))


def holders(role: str) -> list[int]:
    """Ids of active staff with a role, for task lists and alarms."""
    return list(
        Staff.objects.filter(roles__contains=[role], frozen_at=None).order_by("id").values_list("id", flat=True)
    )


def staff_scopes(staff_id: int) -> list[int]:
    """The projects somebody is limited to; asked only when ``all_projects`` is off."""
    return list(StaffScope.objects.filter(staff_id=staff_id).order_by("scope_id").values_list("scope_id", flat=True))
