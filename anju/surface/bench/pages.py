"""Pages over HTTP at eight connections, each beside two bare pages of the same server: session, user, twenty rows.

One reads twenty leases by key, the other (``of_the_same_rows_bare``) all that the list of leases reads for its twenty.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from django.conf import settings
from django.test import Client

from anju.foundation.db import fetch, org_scope
from anju.foundation.identity.sessions import TENANT_COOKIE, open_tenant_session
from anju.surface.bench.callbacks import serving
from anju.surface.bench.measure import Figures, medians
from anju.surface.bench.registry import Asked
from anju.surface.bench.scaled import scaled
from anju.surface.demo.company import PASSWORD
from anju.surface.demo.load import login_of

CONNECTIONS, EACH = 8, 400
FIRST = 4  # calls before anything counts, each with connections of its own
ROUNDS = 5  # the system shares connections among the server's processes by chance: each round draws again
REACH = "≥ 0.6 of the bare page's requests/s, p95 < 50 ms"
SOME = """
SELECT b.id AS bill, l.payer_id AS person FROM bill b JOIN lease l ON l.id = b.lease_id
WHERE EXISTS (SELECT FROM charge c WHERE c.bill_id = b.id AND c.open > 0) ORDER BY hashint8(b.id) LIMIT 100
"""
LIST = "/leases"
BARE = "anju.surface.bench.bare:application"


def run(asked: Asked) -> list[Figures]:
    """A list of leases, one tenant's page, a tenant's bill on the phone."""
    org = scaled(asked)
    with org_scope(org):
        some = fetch(SOME)
        tenant = open_tenant_session(org, some[0]["person"])
    staff = signed_in(org, Client(HTTP_HOST="127.0.0.1"))
    pages = {
        "lease list": [LIST, staff],
        "tenant detail": [f"/tenants/{some[1]['person']}", staff],
        "portal bill": [f"/p/bills/{some[0]['bill']}", ""],
    }
    os.environ["ANJU_BENCH_ORG"] = str(org)
    with serving(BARE) as port:
        pages["portal bill"][1] = been_at(port, pages["portal bill"][0], tenant)
        found = []
        for name, (path, cookie) in pages.items():
            for _ in range(FIRST):  # every process and connection has read and planned what it does once
                _ask(port, path, cookie, CONNECTIONS * 8)
            floors, works, same = [], [], []
            for _ in range(ROUNDS):
                floors.append(_ask(port, "/bench/bare", staff, EACH))
                works.append(_ask(port, path, cookie, EACH))
                same.append(_ask(port, "/bench/rows", staff, EACH))
            floor, work = median(s for s, _ in floors), median(s for s, _ in works)
            asked.say(f"{name}: {EACH / work:,.0f}/s, bare {EACH / floor:,.0f}/s")
            more = medians(each for _, each in works) | {"rounds": ROUNDS}
            more["bare_p95_ms"] = medians(each for _, each in floors)["p95_ms"]
            more["of_the_same_rows_bare"] = round(median(s for s, _ in same) / work, 3)
            found.append(Figures("pages", name, EACH, work, floor, REACH, more))
    return found


def _size(org: int) -> tuple[int, int]:
    """Units and seed, as the loader's organization is called: 规模测试 20000 间（种子 1）."""
    from anju.foundation.identity.models import Organization

    units, seed = re.findall(r"\d+", Organization.objects.get(id=org).name)
    return int(units), int(seed)


def signed_in(org: int, client: Client) -> str:
    """Sign the loaded company's manager in; returns the cookies, so that no request hashes a password."""
    with org_scope(org):
        login = login_of(*_size(org))
    answer = client.post("/sign-in", {"login": login, "password": PASSWORD})
    if answer.status_code != 302:
        raise AssertionError(f"signing in as {login} gave {answer.status_code}")
    return _said(client.cookies)


def been_at(port: int, path: str, token: str) -> str:
    """The cookies of a tenant's browser that has opened a page of this server before."""
    kept: SimpleCookie = SimpleCookie({TENANT_COOKIE: token})
    browser = HTTPConnection("127.0.0.1", port)
    browser.request("GET", path, headers={"Cookie": _said(kept)})
    for name, value in browser.getresponse().getheaders():
        if name.lower() == "set-cookie":
            kept.load(value)
    browser.close()
    return _said(kept)


def _said(cookies: SimpleCookie) -> str:
    return "; ".join(f"{k}={m.value}" for k, m in cookies.items())


def _ask(port: int, path: str, cookie: str, times: int) -> tuple[float, list[float]]:
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Cookie: {cookie}", "Accept-Language: zh-CN"]
    request = "\r\n".join(lines) + "\r\n\r\n"
    with TemporaryDirectory() as folder:
        file = Path(folder) / "requests"
        file.write_text("\n".join([json.dumps(request)] * times))
        told = json.loads(
            subprocess.run(
                [sys.executable, "-m", "anju.surface.bench.caller", str(port), str(CONNECTIONS), str(file)],
                check=True, capture_output=True, text=True,
            ).stdout
        )  # fmt: skip
    if set(told["codes"]) != {"200"}:
        raise AssertionError(f"{path} was answered {told['codes']} ({settings.BASE_URL})")
    return told["seconds"], told["latencies"]
