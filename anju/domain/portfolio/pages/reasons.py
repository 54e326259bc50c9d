"""Why a unit is shown as what it is: everything known about it that day, the fact that decides first."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from anju.domain.portfolio.pages.words import status_word, words
from anju.domain.portfolio.status import STATUSES, facts_of, unit_status
from anju.foundation.ui.formats import iso, short_day


def reasons_for(row: dict[str, Any], today: date, other: date) -> dict[str, Any]:
    """The answer that the why panel draws.

    Args:
        row: the unit with its status.
        today: the business day.
        other: the day of the stepper; computed, never written.
    """
    facts = facts_of(row["id"], today)
    then = unit_status(other, units=[row["id"]])[row["id"]]
    return {
        "decided_at": _("按 %(d)s 推算") % {"d": short_day(today)},
        "decision": _("显示为“%(word)s”") % {"word": status_word(row)},
        "reasons": _reasons(row, facts),
        "basis": None,
        "other": {
            "on": other,
            "before": other - timedelta(days=1),
            "after": other + timedelta(days=1),
            "columns": (_("今天 %(d)s") % {"d": short_day(today)}, short_day(other)),
            "rows": [
                {"label": _("房态"), "now": status_word(row), "then": status_word(then), "kind": ""},
                {"label": _("起始"), "now": iso(row["since"]), "then": iso(then["since"]), "kind": ""},
            ],
            "note": _("按现有合同和账单推算；欠款按今天的未付金额。"),
        },
    }


def _reasons(row: dict[str, Any], facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = [{"ok": n == 0, "text": _sentence(fact)} for n, fact in enumerate(facts)]
    own = {"unit": words.state(row["state"])}
    if not facts:
        found.append({"ok": False, "text": _("没有合同占用或预定。")})
    found.append({"ok": not facts, "text": _("房源自身标记为“%(unit)s”；没有合同时才看它。") % own})
    return found


def _sentence(fact: dict[str, Any]) -> str:
    told = {"word": STATUSES[fact["code"]], "since": iso(fact["since"])}
    if fact["until_on"] is None:
        return _("%(word)s，自 %(since)s 起") % told
    return _("%(word)s，自 %(since)s 起，%(until)s 为止") % (told | {"until": iso(fact["until_on"])})
