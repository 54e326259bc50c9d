"""A why panel's answer: what was decided, for which reasons, by which version, and what another day would bring."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anju.foundation.access import allows
from anju.foundation.db import planned_for_all
from anju.foundation.policy.registry import declared
from anju.foundation.publishing.permissions import VIEW as VIEW_POLICIES
from anju.foundation.sweeps.explain import Explained, decided, explain
from anju.foundation.ui.formats import short_day
from anju.kit import Actor


def words(found: Explained) -> str:
    """The decision in the reader's language."""
    return found.en if (get_language() or "").startswith("en") else found.zh


def why_of(
    by: Actor, sweep: str, subject_id: int, today: date, other_day: date, *, run: tuple[int, date] | None = None
) -> dict[str, Any]:
    """The answer that the panel draws.

    Args:
        by: who reads it; the policy is linked for those who may read configuration.
        sweep: which engine.
        subject_id: about whom.
        today: the business day; the newest decision a run made, or what holds today if none did.
        other_day: the day of the stepper; computed, never written.
        run: the run whose decision is asked for and its day, where it is about what that run did; the newest if left
            out.
    """
    with planned_for_all():
        made = decided(sweep, subject_id, limit=3)
        if run is not None:
            made = [d for d in decided(sweep, subject_id, run[1]) if d.run_id == run[0]] or made
        now, then = (explain(sweep, subject_id, day) for day in (today, other_day))
    shown = made[0] if made else now
    return {
        "decided_at": _("{day} 自动判定").format(day=short_day(shown.as_of)) if made else _("按今天推算"),
        "decision": words(shown),
        "reasons": [_reason(d, short_day(d.as_of)) for d in made[1:]] + [_reason(now, _("今天"))],
        "basis": _basis(by, shown, subject_id),
        "other": {
            "on": other_day,
            "before": other_day - timedelta(days=1),
            "after": other_day + timedelta(days=1),
            "columns": (_("今天 {day}").format(day=short_day(today)), short_day(other_day)),
            "rows": [{"label": _("决定"), "now": words(now), "then": words(then), "kind": ""}],
            "note": "",
        },
    }


def made_by(by: Actor, sweep: str, subject_id: int, day: date, run_id: int | None) -> dict[str, Any] | None:
    """The decision of one run about a subject, with its basis; None where people did it."""
    found = next((d for d in decided(sweep, subject_id, day) if d.run_id == run_id), None)
    return {"decision": words(found), "basis": _basis(by, found, subject_id)} if found else None


def _reason(found: Explained, day: str) -> dict[str, Any]:
    acts = found.sweep.words(found.code).acts
    return {"ok": acts, "text": _("{day}：{what}").format(day=day, what=words(found))}


def _basis(by: Actor, found: Explained, subject_id: int) -> dict[str, str] | None:
    if found.version_number is None:
        return None
    policy = declared(found.sweep.policies[0].policy_key)
    title = policy.en if (get_language() or "").startswith("en") else policy.zh
    proof = reverse("billing:proof", args=[found.run_id, subject_id]) if found.run_id else ""
    return {
        "text": f"{title} v{found.version_number}",
        "href": reverse("console:policy", args=[policy.key]) if allows(by, VIEW_POLICIES) else "",
        "note": "",
        "proof_href": proof,
    }
