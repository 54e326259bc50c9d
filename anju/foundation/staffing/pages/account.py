"""One's own account: password and second factor."""

from __future__ import annotations

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from markupsafe import Markup

from anju.foundation.access.pages import staff_page
from anju.foundation.identity import sessions, totp
from anju.foundation.identity.models import Staff
from anju.foundation.staffing.actions import begin_totp, change_password, confirm_totp, remove_totp
from anju.foundation.ui import render
from anju.kit import Refused


@staff_page(needs=None)
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Enrol, see or remove the second factor; the secret is shown only until the first right code."""
    by, user = request.actor, request.staff.user  # type: ignore[attr-defined]
    if request.method == "GET":
        return _state(request)
    verb, typed = request.POST.get("do"), request.POST.get("code", "")
    try:
        if verb == "begin" and user.totp_since is None:
            begin_totp(by)
            return redirect("staffing:totp")
        if verb == "remove":
            remove_totp(by, code=typed)
            return redirect("staffing:totp")
        spare = confirm_totp(by, code=typed)
    except Refused as refused:
        return _state(request, refused)
    return render(request, "staffing/spare_codes.html", {"codes": spare})


def _state(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    staff = Staff.objects.select_related("user").get(id=request.staff.id)  # type: ignore[attr-defined]
    user = staff.user
    pending = user.totp_secret is not None and user.totp_since is None
    uri = totp.provisioning_uri(user) if pending else ""
    facts = {
        "on_since": user.totp_since,
        "left": totp.spare_codes_left(user),
        "secret": uri.partition("secret=")[2].partition("&")[0],
        "qr": Markup(segno.make(uri, micro=False).svg_inline(scale=4, border=2)) if uri else None,  # noqa: S704 - ours
        "errors": [refused.text(get_language() or "zh-hans")] if refused else [],
    }
    return render(request, "staffing/totp.html", facts, status=422 if refused else 200)


@staff_page(needs=None)
@sensitive_post_parameters("current", "password")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's password; sessions elsewhere end, this one goes on."""
    errors: list[str] = []
    if request.method == "POST":
        try:
            sent = request.POST
            change_password(
                request.actor,  # type: ignore[attr-defined]
                current=sent.get("current", ""),
                password=sent.get("password", ""),
            )
        except Refused as refused:
            errors = [refused.text(get_language() or "zh-hans")]
        else:
            sessions.renew_staff_session(request)
            messages.success(request, _("密码已更改，其他设备上的登录已退出。"))
            return redirect("/")
    return render(request, "staffing/password.html", {"errors": errors}, status=422 if errors else 200)
