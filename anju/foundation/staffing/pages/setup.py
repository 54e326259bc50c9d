"""First run: the organization and its first administrator, from the standard template. Open once, on this machine."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from anju.foundation.db import org_scope
from anju.foundation.identity import sessions
from anju.foundation.identity.doors import open_door
from anju.foundation.identity.limits import client_ip
from anju.foundation.identity.models import Organization, User
from anju.foundation.staffing.actions import add_staff, create_organization, note_sign_in
from anju.foundation.ui import render
from anju.kit import Actor, Refused
from anju.kit.refusal import sentence

LOCK = 0x73657475  # one first run at a time
HERE = ("127.0.0.1", "::1")
# In a small company one person does everything; roles are taken away again when colleagues come.
FIRST_ROLES = ("admin", "manager", "finance", "service")
NO_NAME = sentence("staffing.no_company_name", "请填写公司名称。", "Enter the company's name.")
WRONG_CODE = sentence(
    "staffing.wrong_setup_code",
    "安装码不对。它写在服务器数据目录的 setup-code 文件里。",
    "The setup code is wrong; it is in the file setup-code of the server's data directory.",
)


def needed() -> bool:
    """Whether nobody has founded an organization yet."""
    return not Organization.objects.exists()


def setup_code() -> str:
    """The code that a visitor from another machine must know; made once, readable by the server's owner only."""
    path = settings.HOME / "setup-code"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(6), encoding="ascii")
    return str(path.read_text(encoding="ascii")).strip()


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def _setup(request: HttpRequest) -> HttpResponse:
    if not needed():
        return redirect("staffing:sign-in")
    here = client_ip(request) in HERE
    typed = {k: request.POST.get(k, "").strip() for k in ("company", "signature", "name", "login")}
    errors: list[str] = []
    if request.method == "POST":
        try:
            if not here and not constant_time_compare(request.POST.get("code", ""), setup_code()):
                raise WRONG_CODE()
            return _found(request, typed, request.POST.get("password", ""))
        except Refused as refused:
            errors = [refused.text(get_language() or "zh-hans")]
    elif not here:
        setup_code()
    context = {"typed": typed, "errors": errors, "asks_code": not here}
    return render(request, "staffing/setup.html", context, status=422 if errors else 200)


def _found(request: HttpRequest, typed: dict[str, str], password: str) -> HttpResponse:
    if not typed["company"]:
        raise NO_NAME()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        if not needed():
            return redirect("staffing:sign-in")
        org = create_organization(name=typed["company"], sms_signature=typed["signature"])
        with org_scope(org.id):
            staff = add_staff(
                Actor.system(), login=typed["login"], name=typed["name"], roles=FIRST_ROLES, password=password
            )
            user_id = staff.user_id
    made: Any = sessions.open_staff_session(request, User.objects.get(id=user_id))
    with org_scope(org.id):
        note_sign_in(Actor.staff(made.id), second_factor=False)
    return redirect("/")


setup = open_door("nobody exists yet who could sign in")(_setup)
