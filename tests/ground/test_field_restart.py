"""Technicians claim and upload while the database is killed: phones repeat, one wins, every picture is whole."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.ground.product import PATIENCE_S, Product, until

PHONES, ORDERS, KILLS, PIECE = 3, 6, 3, 20_000
PICTURE = b"\xff\xd8\xff" + os.urandom(90_000)
SEED = """
import json, sys
from anju.config.cli import ready
with ready.database_up():
    ready.set_up_django()
    from datetime import date
    from anju.foundation.db import org_scope
    from anju.foundation.staffing.actions import add_staff, create_organization
    from anju.domain.workorders.actions import report
    from anju.kit import Actor
    from tests.builders import house, let, terms
    org, made = create_organization(name="禾里公寓").id, []
    with org_scope(org):
        for n in range(int(sys.argv[1])):
            add_staff(Actor.system(), login=f"t{n}", name=f"师傅{n}", roles=["maintenance"], password="correct horse 7")
        home = house()
        for n in range(int(sys.argv[2])):
            lease = let(home, f"3-1-{n + 1:02}08", terms(start_on=date(2026, 1, 1), end_on=date(2030, 1, 1)))
            made.append(report(Actor.system(), lease_id=lease.id, spot="kitchen", said="水管漏水").case_id)
    print(json.dumps(made))
    ready.disconnect()
"""
FOUND = """
import json
from anju.config.cli import ready
with ready.database_up():
    ready.set_up_django()
    from anju.foundation.db import fetch, org_scope
    from anju.foundation.identity.models import Organization
    with org_scope(Organization.objects.get(name="禾里公寓").id):
        print(json.dumps({
            "cases": fetch("SELECT id, stage, assignee FROM flow_case ORDER BY id"),
            "accepts": fetch("SELECT case_id FROM flow_visit WHERE step = 'accept' ORDER BY case_id"),
            "files": fetch("SELECT owner_id, size FROM stored_file ORDER BY owner_id"),
            "parts": fetch("SELECT count(*)::int AS n FROM file_part"),
        }))
    ready.disconnect()
"""


class Phone:
    """A technician's phone: repeats what got no answer, as its queue does."""

    def __init__(self, product: Product, login: str) -> None:
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{product.port}", timeout=20, follow_redirects=False)
        until(lambda: self._sign_in(login), product.said)

    def _sign_in(self, login: str) -> bool:
        page = self.client.get("/sign-in")
        form = {"login": login, "password": "correct horse 7", "csrfmiddlewaretoken": self._token(page)}
        return page.status_code == 200 and self.client.post("/sign-in", data=form).status_code == 302

    def _token(self, page: httpx.Response) -> str:
        return page.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0] if page.is_success else ""

    def ask(self, method: str, path: str, **how: Any) -> dict[str, Any]:
        """Until there is an answer of ours."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                headers = {"X-CSRFToken": self.client.cookies.get("anju_csrf", "")}
                answer = self.client.request(method, path, headers=headers, **how)
                if answer.headers.get("Content-Type", "").startswith("application/json") and answer.status_code != 503:
                    found: dict[str, Any] = answer.json()
                    return found
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"no answer to {path}")

    def send(self, case: int, step: str, *photos: dict[str, Any]) -> dict[str, Any]:
        what = {"key": str(uuid4()), "case": case, "step": step, "at": 0, "phone_now": 0, "photos": photos}
        return self.ask("POST", "/f/sent", content=json.dumps(what))

    def upload(self) -> dict[str, Any]:
        key, here = str(uuid4()), 0
        while here < len(PICTURE):
            piece = PICTURE[here : here + PIECE]
            here = self.ask("POST", f"/f/parts/{key}?start={here}", content=piece)["here"]
        return {"key": key, "size": len(PICTURE)}


@pytest.fixture
def product() -> Iterator[Product]:
    started = Product()
    try:
        started.start()
        yield started
    finally:
        started.close()


@pytest.mark.req("W-04")
@pytest.mark.req("W-09")
def test_claims_and_uploads_meet_a_killed_database(product: Product) -> None:
    cases = json.loads(product.script(SEED, str(PHONES), str(ORDERS)).splitlines()[-1])
    phones = [Phone(product, f"t{n}") for n in range(PHONES)]
    done, asked = threading.Event(), threading.Barrier(PHONES)

    def work(phone: Phone) -> list[int]:
        won = []
        for case in cases:
            asked.wait(PATIENCE_S)
            if phone.send(case, "accept").get("done"):
                won.append(case)
                assert phone.send(case, "arrive", phone.upload()) == {"done": True, "stage": "onsite", "again": False}
        return won

    def killer() -> None:
        for _ in range(KILLS):
            pid = product.database_pid()
            os.kill(pid, signal.SIGKILL)
            until(lambda pid=pid: product.health().get("database", {}).get("ok") and product.database_pid() != pid)  # type: ignore[misc]
            if done.wait(1):
                return

    with ThreadPoolExecutor(PHONES + 1) as pool:
        kills, workers = pool.submit(killer), [pool.submit(work, phone) for phone in phones]
        won = [w.result() for w in workers]
        done.set()
        kills.result()
    found = json.loads(product.script(FOUND).splitlines()[-1])
    assert sorted(case for mine in won for case in mine) == sorted(cases)
    assert {c["stage"] for c in found["cases"]} == {"onsite"}
    assert found["accepts"] == [{"case_id": c} for c in cases]
    assert found["files"] == [{"owner_id": c, "size": len(PICTURE)} for c in cases]
    assert found["parts"] == [{"n": 0}]
