"""A code on a room's wall: whoever lives there gets the report's form with the room chosen (W-01).

The code says whose room it is and nothing else: what is shown depends on who is signed in on this phone.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anju.domain.leases.own import RUNNING, own_leases
from anju.domain.workorders import room_codes
from anju.domain.workorders.room_codes import Scanned
from anju.foundation.access.rights import remembering
from anju.foundation.db import org_scope
from anju.foundation.identity.doors import open_door, staff_inside, tenant_inside
from anju.foundation.identity.limits import Limit, client_ip, spend
from anju.foundation.ui import render

# Many phones of a house may share one address; a code has more letters than anybody can try.
SCANS = Limit("room_code.scan", 120, timedelta(minutes=10))


@require_GET
def _scan(request: HttpRequest, token: str) -> HttpResponse:
    spend(SCANS, client_ip(request))
    org_id, code_id = room_codes.place_of(token)
    with org_scope(org_id):
        code = room_codes.scanned(code_id)
    sign_in = reverse("portal:sign-in", query={"org": org_id, "next": request.path})
    with remembering(), tenant_inside(request) as inside:
        if inside:
            return _shown(request, code, sign_in)
    with remembering(), staff_inside(request) as inside:  # a colleague who scans it wants to see the room
        if inside and request.org.id == org_id:  # type: ignore[attr-defined]
            return redirect(reverse("portfolio:unit", args=[code.unit_id]))
    return redirect(sign_in)


def _shown(request: Any, code: Scanned, sign_in: str) -> HttpResponse:
    if request.org.id != code.org_id:
        text = _("您现在登录的是另一家公司的住户。要为这里报修，请用在这里租房时留的手机号登录。")
        facts = {"title": _("这个码不属于您的公寓"), "text": text, "sign_in": sign_in}
        return render(request, "portal/room_code.html", facts, status=403)
    leases = [row["id"] for row in own_leases(request.actor) if row["status"] in RUNNING]
    home = next(iter(room_codes.homes_at(code, leases)), None)
    if home is None:
        text = _("只有住在这里的人可以扫这个码报修。有急事请打电话给管家。")
        facts = {"title": _("您不住在这栋楼"), "text": text, "sign_in": ""}
        return render(request, "portal/room_code.html", facts, status=403)
    chosen = {"lease": home["lease_id"], "room": home["unit_id"]}
    if not home["home"]:
        chosen |= {"public": 1}
    return redirect(reverse("portal:repair-new", query=chosen))


scan = open_door("a code on the wall says whose room it is; the form asks who is signed in")(_scan)
