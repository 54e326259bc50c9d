"""What a unit's pages show of money: the bills of the lease that holds it today, and what is owed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anju.domain.billing.pages.words import words
from anju.domain.billing.permissions import VIEW
from anju.domain.billing.queries import BillFilter, balances, bills
from anju.foundation.db import clock, fetch_value
from anju.foundation.ui import panels
from anju.foundation.ui.formats import iso, money

SHOWN = 6
HELD_BY = """
SELECT lu.lease_id FROM lease_unit lu JOIN lease l ON l.id = lu.lease_id
WHERE (lu.leaf_unit_id = %(unit)s OR lu.unit_id = %(unit)s) AND l.status IN ('active', 'awaiting')
ORDER BY lu.occupied LIMIT 1
"""


def _lease_of(unit_id: int) -> int | None:
    found = fetch_value(HELD_BY, {"unit": unit_id})
    return None if found is None else int(found)


def current_bills(request: Any, unit_id: int) -> dict[str, Any] | None:
    """The latest bills of the lease that holds the unit; None while nobody holds it."""
    lease_id = _lease_of(unit_id)
    if lease_id is None:
        return None
    rows = bills(request.actor, clock.today(), BillFilter(lease_id=lease_id), limit=SHOWN)
    return {"rows": rows[:SHOWN], "more": len(rows) > SHOWN, "lease_id": lease_id, "words": words}


panels.register(
    "unit",
    "bills",
    gettext_lazy("当前合同的账单"),
    order=20,
    needs=VIEW,
    template="billing/unit_panel.html",
    read=current_bills,
    tab=False,
)


@panels.facts("unit", order=20, needs=VIEW)
def owed(request: Any, unit_id: int) -> list[panels.Fact]:
    """What the lease that holds the unit owes past due."""
    lease_id = _lease_of(unit_id)
    if lease_id is None:
        return []
    today = clock.today()
    found = balances([lease_id], today)[lease_id]
    if not found.late or found.oldest is None:
        return []
    since = _("逾期 {n} 天，应付日 {day}").format(n=(today - found.oldest).days, day=iso(found.oldest))
    return [panels.Fact(_("欠款"), money(found.late), since, "danger")]
