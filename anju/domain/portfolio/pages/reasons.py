"""Why a unit is shown as what it is: everything known about it that day, the fact that decides first."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from anju.domain.portfolio.pages.words import status_word, words
from anju.domain.portfolio.residents import residents
from anju.domain.portfolio.status import facts_of, unit_status
from anju.foundation.ui.formats import iso, short_day
from anju.kit import Actor


def reasons_for(viewer: Actor, row: dict[str, Any], today: date, other: date) -> dict[str, Any]:
    """The answer that the why panel draws.

    Args:
        viewer: whose reach decides which leases are named.
        row: the unit with its status.
        today: the business day.
        other: the day of the stepper; computed, never written.
    """
    facts = facts_of(row["id"], today)
    then = unit_status(other, units=[row["id"]])[row["id"]]
    return {
        "decided_at": _("按 %(d)s 推算") % {"d": short_day(today)},
        "decision": _("显示为“%(word)s”") % {"word": status_word(row)},
        "reasons": _reasons(viewer, row, facts),
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


def _reasons(viewer: Actor, row: dict[str, Any], facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    who = residents().who(viewer, [fact["lease_id"] for fact in facts if fact["lease_id"]])
    numbers = {lease_id: one.number for lease_id, one in who.items()}
    found = [{"ok": n == 0, "text": _sentence(fact, numbers)} for n, fact in enumerate(facts)]
    own = {"unit": words.state(row["state"])}
    if not facts:
        found.append({"ok": True, "text": _("没有合同占用或预定。")})
    found.append({"ok": not facts, "text": _("房源自身标记为“%(unit)s”；没有合同时才看它。") % own})
    return found


def _sentence(fact: dict[str, Any], numbers: dict[int, str]) -> str:
    since, until = fact["since"], fact["until_on"]
    told = {
        "lease": numbers.get(fact["lease_id"], ""),
        "since": iso(since),
        "last": iso(until - timedelta(days=1)) if until else "",
        "begins": iso(until),
    }
    sentences = {
        "expired": _("合同 %(lease)s 到 %(last)s 为止，还没有办理退租"),
        "arrears": _("合同 %(lease)s 有逾期未付的款，最早应付日 %(since)s"),
        "ending": _("合同 %(lease)s 到 %(last)s 为止，已进入“即将到期”的天数"),
        "occupied": _("合同 %(lease)s 从 %(since)s 到 %(last)s 占用"),
        "awaiting": _("合同 %(lease)s 从 %(since)s 起租，还没有搬入"),
        "reserved": _("草拟中的合同 %(lease)s 预定了它，%(begins)s 起租"),
    }
    return sentences[fact["code"]] % told
