"""Changing a lease: first what would follow, then the change. A second editor is told what changed meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from anju.domain.leases.actions import activate_lease, amend_lease, cancel_lease, end_lease, hold_over
from anju.domain.leases.consequences import Line, consequence
from anju.domain.leases.pages.lease import units_of
from anju.domain.leases.pages.typed import FEES, Form, as_typed, read_amendment
from anju.domain.leases.permissions import ACTIVATE, AMEND, CANCEL, END, HOLD_OVER
from anju.domain.leases.plain import price_words
from anju.domain.leases.queries import lease
from anju.domain.leases.rules import LeaseTerms
from anju.domain.leases.told import REASONS
from anju.foundation.access.pages import staff_page
from anju.foundation.db import clock
from anju.foundation.ui import render
from anju.kit import Refused
from anju.kit.refusal import NOT_FOUND

FIELDS = ("price", "deposit", "last_day", "due_offset_days", "auto_renew")
SERIOUS = ("not_found", "not_allowed")


def said(refused: Refused) -> str:
    """A refusal in the reader's language; what is not there stays not there."""
    if refused.code in SERIOUS:
        raise refused
    return refused.text(get_language() or "zh-hans")


@require_http_methods(["GET", "POST"])
@staff_page(needs=AMEND)
def amend(request: Any, lease_id: int) -> HttpResponse:
    """The form of new terms. POST shows what would follow; POST with ``confirm`` makes the change."""
    row = lease(request.actor, lease_id=lease_id)
    if not row.get("terms") or row["status"] not in ("active", "awaiting"):
        raise NOT_FOUND()
    terms = LeaseTerms.model_validate(row["terms"])
    fresh = as_typed(terms, row, clock.today())
    if request.method == "GET":
        return _amend_page(request, row, terms, fresh)
    typed = fresh | {"auto_renew": ""} | request.POST.dict()
    change, errors = read_amendment(typed, row, terms)
    if change is None:
        return _amend_page(request, row, terms, typed, errors=errors, status=422)
    try:
        if request.POST.get("confirm"):
            amend_lease(request.actor, change=change)
            messages.success(request, _("条款已变更，自 {d} 起生效。").format(d=change.effective_from.isoformat()))
            return redirect("leases:lease", lease_id)
        lines = consequence(request.actor, lease_id, lambda: amend_lease(request.actor, change=change))
    except Refused as refused:
        # What was typed stays; beside it stands what somebody else saved meanwhile.
        meanwhile = {f: fresh[f] for f in FIELDS if fresh[f] != typed[f]} if refused.code == "changed_meanwhile" else {}
        typed["rev"] = fresh["rev"]
        return _amend_page(request, row, terms, typed, refused=said(refused), meanwhile=meanwhile, status=422)
    return _amend_page(request, row, terms, typed, lines=lines)


def _amend_page(
    request: Any, row: dict[str, Any], terms: LeaseTerms, typed: dict[str, str], **shown: Any
) -> HttpResponse:
    status = shown.pop("status", 200)
    empty: dict[str, Any] = {"errors": {}, "refused": "", "meanwhile": {}, "lines": None}
    context = {
        **empty,
        **shown,
        "row": row,
        "terms": terms,
        "units": units_of(row),
        "price": price_words(terms),
        "typed": {"new-kind": "", "new-name": "", "new-amount": ""} | typed,
        "confirmed": {k: v for k, v in typed.items() if k not in ("csrfmiddlewaretoken", "confirm")} | {"confirm": "1"},
        "kinds": [("", _("请选择")), *FEES.items()],
    }
    return render(request, "leases/amend.html", context, status=status)


@require_http_methods(["GET", "POST"])
@staff_page(needs=END)
def end(request: Any, lease_id: int) -> HttpResponse:
    """End a lease on the day the tenant left."""
    row = lease(request.actor, lease_id=lease_id)
    form = Form(
        {"last_day": clock.today().isoformat(), "rev": str(row["rev"]), "reason": "expired"} | request.POST.dict()
    )
    last = form.day("last_day", _("请选择租客住到哪一天。"))

    def change() -> object:
        reason = form.typed["reason"] if form.typed["reason"] in REASONS else ""
        rev, until = form.whole("rev", 0, 10**9), last + timedelta(days=1)
        return end_lease(request.actor, lease_id=lease_id, rev=rev, actual_end_on=until, reason=reason)

    done = _("合同 {n} 已结束，房源已释放。").format(n=row["number"])
    reasons = [(key, _(text)) for key, text in REASONS.items()]
    return _step(request, row, change, "leases/end.html", done, form, {"reasons": reasons})


@require_http_methods(["GET", "POST"])
@staff_page(needs=CANCEL)
def cancel(request: Any, lease_id: int) -> HttpResponse:
    """Call off a lease that has not begun."""
    row = lease(request.actor, lease_id=lease_id)
    form = Form({"rev": str(row["rev"])} | request.POST.dict())

    def change() -> object:
        return cancel_lease(request.actor, lease_id=lease_id, rev=form.whole("rev", 0, 10**9))

    return _step(request, row, change, "leases/cancel.html", _("合同 {n} 已取消。").format(n=row["number"]), form, {})


@require_http_methods(["GET", "POST"])
@staff_page(needs=ACTIVATE)
def activate(request: Any, lease_id: int) -> HttpResponse:
    """Bring a draft into force."""
    row = lease(request.actor, lease_id=lease_id)
    done = _("合同 {n} 已生效，到账单日会自动出账。").format(n=row["number"])
    return _step(
        request,
        row,
        lambda: activate_lease(request.actor, lease_id=lease_id),
        "leases/activate.html",
        done,
        Form({}),
        {},
    )


def _step(
    request: Any,
    row: dict[str, Any],
    change: Callable[[], object],
    template: str,
    done: str,
    form: Form,
    more: dict[str, Any],
) -> HttpResponse:
    """A change with its consequence shown first; ``confirm`` makes it."""
    refused, lines = "", list[Line]()
    try:
        if not form.errors and request.POST.get("confirm"):
            change()
            messages.success(request, done)
            return redirect("leases:lease", row["id"])
        if not form.errors:
            lines = consequence(request.actor, row["id"], change)
    except Refused as found:
        refused = said(found)
        form.typed["rev"] = str(row["rev"])
    context = {
        **more,
        "row": row,
        "units": units_of(row),
        "typed": form.typed,
        "errors": form.errors,
        "refused": refused,
        "lines": lines,
    }
    bad = request.method == "POST" and (refused or form.errors)
    return render(request, template, context, status=422 if bad else 200)


@require_POST
@staff_page(needs=HOLD_OVER)
def extend(request: Any, lease_id: int) -> HttpResponse:
    """Let a lease go on whose term is over and whose tenant stayed."""
    row = lease(request.actor, lease_id=lease_id)
    done = hold_over(request.actor, lease_ids=[lease_id])
    if refused := done.refused.get(lease_id):
        messages.error(request, said(refused))
    else:
        until: date = lease(request.actor, lease_id=lease_id)["holds_until"] - timedelta(days=1)
        messages.success(request, _("合同 {n} 已按原条件顺延至 {d}。").format(n=row["number"], d=until.isoformat()))
    return redirect("leases:lease", lease_id)
