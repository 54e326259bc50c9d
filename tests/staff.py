"""Members of staff at the console, in tests that keep one transaction: signing in, reading pages, being refused."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.test import Client

from anju.foundation.staffing.actions import add_staff
from anju.kit import Actor


def signed_in(*roles: str, name: str = "林晓", **more: Any) -> Client:
    """Somebody with these roles, signed in at the door; ``scope_ids`` with ``all_projects=False`` limits them."""
    login, password = f"{'-'.join(roles)}@example.com", "correct horse 7"
    add_staff(Actor.system(), login=login, name=name, roles=roles, password=password, **more)
    client = Client()
    assert client.post("/sign-in", {"login": login, "password": password}).status_code == 302
    return client


def text(client: Client, path: str, **headers: Any) -> str:
    """A page that must be there, wherever its lines may end."""
    answer = client.get(path, **headers)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode().replace("<wbr>", "")


def part(client: Client, path: str, target: str) -> str:
    """What htmx gets for a part of the page."""
    found = text(client, path, HTTP_HX_REQUEST="true", HTTP_HX_TARGET=target)
    assert "<html" not in found
    return found


def refusal(client: Client, path: str, data: dict[str, Any] | None = None) -> int:
    """The status of a page that is refused; a refusal takes the request's transaction back, not the test's."""
    before = transaction.savepoint()
    answer = client.get(path) if data is None else client.post(path, data)
    transaction.set_rollback(False)
    transaction.savepoint_rollback(before)
    return answer.status_code
