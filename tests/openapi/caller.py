"""A program that calls the API, as an integrator would write it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.test import Client

from anju.foundation.db import org_scope
from anju.kit import Actor
from anju.surface.openapi.keys import create_key
from anju.surface.openapi.scopes import SCOPES

_n = count(1)


@dataclass
class Caller:
    """Holds one key. Answers are JSON; ``expect`` is the status the test counts on."""

    token: str
    language: str = "zh-hans"
    client: Client = field(default_factory=lambda: Client(raise_request_exception=True))

    @classmethod
    def of(cls, org: int, *scopes: str, projects: list[int] | None = None) -> Caller:
        """A caller with a new key; without scopes, with all of them."""
        with org_scope(org):
            made = create_key(Actor.system(), name="对接测试", scopes=scopes or list(SCOPES), projects=projects)
        return cls(made.token)

    def headers(self, **more: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Accept-Language": self.language, **more}

    def get(self, path: str, expect: int = 200, **asked: Any) -> Any:
        answer = self.client.get(f"/api/v1{path}", asked, headers=self.headers())
        assert answer.status_code == expect, answer.content.decode()
        return answer.json()

    def post(self, path: str, body: Any = None, expect: int = 200, mark: str = "", **headers: str) -> Any:
        return self.answer(path, body, expect, mark, **headers).json()

    def answer(self, path: str, body: Any = None, expect: int = 200, mark: str = "", **headers: str) -> Any:
        """The whole response."""
        headers.setdefault("Idempotency-Key", mark or f"测试-{next(_n)}".encode().hex())
        answer = self.client.post(
            f"/api/v1{path}", body or {}, content_type="application/json", headers=self.headers(**headers)
        )
        assert answer.status_code == expect, answer.content.decode()
        return answer


TERMS: dict[str, Any] = {
    "start_on": "2026-01-17",
    "end_on": "2027-01-17",
    "price": "2280.00",
    "deposit_months": "1",
}


def place(unit: str = "3-1-1208", **more: Any) -> dict[str, Any]:
    """A unit as it is sent."""
    above = {"region": "华东", "store": "滨江店", "city": "杭州", "project": "禾里公寓·杭州滨江店", "building": "3"}
    return {**above, "unit": unit, **more}


def made(outcomes: dict[str, Any]) -> list[int]:
    """The ids of what was sent, all of which went in."""
    assert [r["refused"] for r in outcomes["results"]] == [None] * len(outcomes["results"])
    return [r["id"] for r in outcomes["results"]]


def let(caller: Caller, unit: str = "3-1-1208", name: str = "何雨桐", phone: str = "13800138000", **terms: Any) -> int:
    """A lease in force, made through the API; its id."""
    (unit_id,) = made(caller.post("/units", {"units": [place(unit)]}))
    (payer,) = made(caller.post("/tenants", {"tenants": [{"name": name, "phone": phone}]}))
    lease = {"payer_id": payer, "unit_ids": [unit_id], "terms": TERMS | terms}
    (lease_id,) = made(caller.post("/leases/bulk", {"leases": [lease]}))
    return lease_id
