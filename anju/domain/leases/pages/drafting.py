"""起草合同: who, which room, on what terms; a draft occupies nothing and is not billed until it is activated."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from pydantic import ValidationError

from anju.domain.leases.actions import draft_lease
from anju.domain.leases.new import NewLease
from anju.domain.leases.pages.changing import said
from anju.domain.leases.pages.typed import Form
from anju.domain.leases.permissions import DRAFT
from anju.domain.leases.person_panels import latest
from anju.domain.leases.rules import LeaseTerms
from anju.domain.leases.searching import handle
from anju.domain.portfolio.queries import units
from anju.domain.tenants.queries import PeopleFilter, people, person
from anju.foundation.access.pages import staff_page
from anju.foundation.db import clock
from anju.foundation.ui import render
from anju.kit import Refused
from anju.kit.period import add_months

FEW = 20
CYCLES = (1, 2, 3, 6, 12)
Choice = tuple[str, str]


@require_http_methods(["GET", "POST"])
@staff_page(needs=DRAFT)
def new_lease(request: Any) -> HttpResponse:
    """The form. Tenant and room are found by what is typed; of several the right one is chosen by handle."""
    typed = opening() | (request.POST.dict() if request.method == "POST" else request.GET.dict())
    form = Form(typed)
    tenants, rooms = found_people(request, typed), found_rooms(request, typed)
    refused = ""
    if request.method == "POST":
        new = _read(form, tenants, rooms)
        if new is not None:
            try:
                made = draft_lease(request.actor, new=new)
            except Refused as found:
                refused = said(found)
            else:
                messages.success(request, _("合同 {n} 已起草，核对后生效。").format(n=made.number))
                return redirect("leases:lease", made.id)
    context = {
        "typed": typed,
        "errors": form.errors,
        "refused": refused,
        "tenants": tenants,
        "rooms": rooms,
        "cycles": [(n, _("每月") if n == 1 else _("每 {n} 个月").format(n=n)) for n in CYCLES],
    }
    return render(request, "leases/new.html", context, status=422 if refused or form.errors else 200)


def opening() -> dict[str, str]:
    """The form as it opens: a year from today, one month's deposit, paid monthly."""
    today = clock.today()
    year = {"start_on": today.isoformat(), "last_day": (add_months(today, 12) - timedelta(days=1)).isoformat()}
    nobody = {"tenant": "", "payer_id": "", "room": "", "unit_id": "", "price": ""}
    return {**year, **nobody, "cycle_months": "1", "deposit_months": "1", "due_offset_days": "0"}


def found_people(request: Any, typed: dict[str, str]) -> list[Choice]:
    """Tenants that fit what was typed, each named with the handle."""
    if typed["payer_id"].isdecimal() and not typed["tenant"]:
        row = person(request.actor, int(typed["payer_id"]))
        return [(str(row["id"]), row["name"])]
    words = typed["tenant"].replace(" ", "")
    if len(words) < 2:
        return []
    number = words.isascii() and words.isdigit()
    rows = people(request.actor, PeopleFilter(phone=words) if number else PeopleFilter(name=words), limit=FEW).rows
    known = latest([row["id"] for row in rows])

    def named(row: dict[str, Any]) -> str:
        own = known.get(row["id"])
        return f"{row['name']} {handle(own['number'], own['phone_tail']) if own else row.get('phone_mask', '')}"

    return [(str(row["id"]), named(row)) for row in rows]


def found_rooms(request: Any, typed: dict[str, str]) -> list[Choice]:
    """Rooms whose code begins so."""
    if len(typed["room"].strip()) < 2:
        return []
    rows = units(request.actor, clock.today(), code=typed["room"].strip(), limit=FEW).rows
    return [(str(row["id"]), f"{row['code']} {row['project']}") for row in rows]


def _read(form: Form, tenants: list[Choice], rooms: list[Choice]) -> NewLease | None:
    """What was typed as a lease; several that fit ask for a choice."""
    payer = _chosen(form, "payer_id", tenants, "tenant", _("没有这位租客。租客资料由导入或接口登记，请换个写法查找。"))
    unit = _chosen(form, "unit_id", rooms, "room", _("没有这间房，请核对房号。"))
    start = form.day("start_on", _("请选择起租日。"))
    end = form.day("last_day", _("请选择合同的最后一天。")) + timedelta(days=1)
    price = form.amount("price")
    terms = {
        "start_on": start,
        "end_on": end,
        "price": price,
        "cycle_months": form.whole("cycle_months", 1, 12),
        "deposit_months": form.whole("deposit_months", 0, 12),
        "due_offset_days": form.whole("due_offset_days", -15, 15),
    }
    if form.errors or not payer or not unit:
        return None
    try:
        return NewLease(payer_id=int(payer), unit_ids=(int(unit),), terms=LeaseTerms.model_validate(terms))
    except ValidationError:
        form.errors["price"] = _("单价最多四位小数。")
        return None


def _chosen(form: Form, name: str, choices: list[Choice], typed_in: str, nobody: str) -> str:
    """The chosen one, the only one, or a sentence that asks to choose."""
    picked = form.typed.get(name, "")
    if picked in {key for key, _text in choices}:
        return picked
    if len(choices) == 1:
        form.typed[name] = choices[0][0]
        return choices[0][0]
    form.errors[name if choices else typed_in] = _("有几个结果，请选择。") if choices else nobody
    return ""
