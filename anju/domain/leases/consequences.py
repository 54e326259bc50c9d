"""What a change would bring, before it is made: the change itself, uncommitted.

@watches
def bills(by, lease_id):                 # called before the change
    before = …
    return lambda: [Line(…), …]          # called after it, before everything is taken back

consequence(by, lease_id, lambda: amend_lease(by, change=change))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from anju.domain.leases.editing import current
from anju.domain.leases.models import Lease
from anju.domain.leases.plain import STATES, rates_words, span_words
from anju.foundation.access import may_see, restrict
from anju.foundation.ui.formats import money
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND


@dataclass(frozen=True, slots=True)
class Line:
    """One consequence: what it is about, how it is now and then, the difference in words; ``kind`` colours it."""

    label: Any
    now: str
    then: str
    diff: str = ""
    kind: str = ""


After = Callable[[], list[Line]]
Watcher = Callable[[Actor, int], After]
_watchers: list[Watcher] = []


def watches(watcher: Watcher) -> Watcher:
    """Register a watcher; slices above say what the change does to them."""
    if watcher not in _watchers:
        _watchers.append(watcher)
    return watcher


class _TakenBackError(Exception):
    pass


def consequence(by: Actor, lease_id: int, change: Callable[[], object]) -> list[Line]:
    """Make a change, look, and take everything back.

    Args:
        by: who would make it; what they may not see is left out.
        lease_id: whose consequences.
        change: makes the change.

    Raises:
        Refused: what the change itself is refused for.
    """
    if not restrict(Lease.objects.filter(id=lease_id), by).exists():
        raise NOT_FOUND()
    lines: list[Line] = []
    try:
        with transaction.atomic():
            looks = [watcher(by, lease_id) for watcher in _watchers]
            change()
            lines = [line for look in looks for line in look()]
            raise _TakenBackError
    except _TakenBackError:
        return lines


@watches
def schedule(by: Actor, lease_id: int) -> After:
    """Days, and for those who may see money the schedule of rents and the deposit."""
    money_too = may_see(by, "lease", "rates")
    before = _said(lease_id, money_too)

    def look() -> list[Line]:
        after = _said(lease_id, money_too)
        return [Line(label, before.get(label, "—"), then) for label, then in after.items() if before.get(label) != then]

    return look


def _said(lease_id: int, money_too: bool) -> dict[str, str]:
    lease = Lease.objects.get(id=lease_id)
    said = {_("状态"): str(STATES[lease.status]), _("占用"): span_words(lease.start_on, lease.holds_until)}
    now = current([lease]).get(lease.id) if money_too else None
    if now is not None:
        said |= {_("租金表"): rates_words(now.rates), _("押金"): money(now.version.deposit)}
    return said
