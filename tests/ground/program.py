"""A program that calls the API of a product of the test's own, over HTTP."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from tests.ground.product import Product, until

COMPANY = """
from anju.config.cli import ready
with ready.product_up():
    from anju.foundation.staffing.actions import create_organization
    from anju.surface.openapi.keys import create
    print(create(org_id=create_organization(name="禾里公寓").id, name="对接", scopes=["all"]))
"""


class Program:
    """A caller that repeats a call with the same Idempotency-Key until it is answered, as the documentation says."""

    @classmethod
    def of(cls, product: Product) -> Program:
        """A program with a key for everything of a new company."""
        return cls(product, product.script(COMPANY).split()[-1])

    def __init__(self, product: Product, token: str) -> None:
        self.base, self.token = f"http://127.0.0.1:{product.port}/api/v1", token
        self.answers: list[tuple[int, str | None]] = []

    def call(self, path: str, body: Any = None, mark: str = "") -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        headers |= {"Idempotency-Key": mark} if mark else {}
        data = json.dumps(body).encode() if body is not None else None
        asked = urllib.request.Request(f"{self.base}{path}", data, headers)
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:
                found = answer.status, json.load(answer)
                self.answers.append((answer.status, None))
        except urllib.error.HTTPError as refused:
            found = refused.code, json.load(refused)
            self.answers.append((refused.code, refused.headers.get("Retry-After")))
        return found

    def insist(self, path: str, body: Any, mark: str) -> None:
        def done() -> bool:
            status, said = self.call(path, body, mark)
            assert status in (200, 409, 429, 503), said
            return status == 200

        until(done, lambda: str(self.answers[-20:]))


def unit(name: str) -> dict[str, Any]:
    place = {"region": "华东", "store": "滨江店", "city": "杭州", "project": "禾里公寓", "building": "3"}
    return {"units": [{**place, "unit": name}]}
