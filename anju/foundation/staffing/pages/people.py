"""系统 › 员工: who works here, with which roles, in which projects; inviting and freezing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anju.foundation.access.pages import staff_page
from anju.foundation.identity.models import Staff
from anju.foundation.identity.roles import ROLES
from anju.foundation.staffing.actions import add_staff, change_staff, freeze_staff, unfreeze_staff
from anju.foundation.staffing.invitations import invite
from anju.foundation.staffing.permissions import MANAGE_STAFF
from anju.foundation.staffing.queries import all_staff
from anju.foundation.ui import nav, render
from anju.kit import Refused
from anju.kit.refusal import NOT_FOUND

nav.entry(
    "system", gettext_lazy("系统"), "settings", "staffing:people", order=90, permission=MANAGE_STAFF, group=nav.SETUP
)


@require_GET
@staff_page(needs=MANAGE_STAFF)
def people(request: Any) -> HttpResponse:
    """Everybody, the frozen last."""
    found = sorted(all_staff(frozen=True), key=lambda s: (s.frozen_at is not None, s.name))
    me = request.staff.id
    return render(request, "staffing/people.html", {"people": found, "roles": ROLES, "me": me})


@require_http_methods(["GET", "POST"])
@staff_page(needs=MANAGE_STAFF)
def person_new(request: Any) -> HttpResponse:
    """Invite a colleague: the link to choose a password is shown once."""
    typed = {"login": request.POST.get("login", ""), "name": request.POST.get("name", "")}
    chosen, errors, link = request.POST.getlist("role"), [], ""
    if request.method == "POST":
        try:
            staff = add_staff(request.actor, login=typed["login"], name=typed["name"], roles=chosen)
            link = request.build_absolute_uri(f"/join/{invite(staff)}")
        except Refused as refused:
            errors = [refused.text(request.LANGUAGE_CODE)]
    context = {"typed": typed, "chosen": chosen, "errors": errors, "invitation": link, "roles": ROLES}
    return render(request, "staffing/person_new.html", context, status=422 if errors else 200)


@require_http_methods(["GET", "POST"])
@staff_page(needs=MANAGE_STAFF)
def person(request: Any, staff_id: int) -> HttpResponse:
    """One colleague's roles."""
    staff = Staff.objects.select_related("user").filter(id=staff_id).first()
    if staff is None:
        raise NOT_FOUND()
    errors = []
    if request.method == "POST":
        try:
            change_staff(request.actor, staff_id=staff_id, roles=request.POST.getlist("role"))
            messages.success(request, _("{name} 的岗位已更新，下一次点击就生效。").format(name=staff.name))
            return redirect("staffing:people")
        except Refused as refused:
            errors = [refused.text(request.LANGUAGE_CODE)]
    context = {
        "staff": staff,
        "roles": ROLES,
        "errors": errors,
        "is_me": staff.id == request.staff.id,
    }
    return render(request, "staffing/person.html", context, status=422 if errors else 200)


@require_POST
@staff_page(needs=MANAGE_STAFF)
def freeze(request: Any, staff_id: int) -> HttpResponse:
    """Freeze an account or open it again."""
    act = unfreeze_staff if request.POST.get("again") else freeze_staff
    try:
        act(request.actor, staff_id=staff_id)
    except Refused as refused:
        if refused.code == "not_found":
            raise
        messages.error(request, refused.text(request.LANGUAGE_CODE))
    return redirect("staffing:people")
