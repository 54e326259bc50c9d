"""What belongs to another company, or to a project the key does not reach, is not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from anju.surface.openapi.document import METHODS, PREFIX, document
from anju.surface.openapi.samples import example
from tests.openapi.belongings import belongings
from tests.openapi.caller import TERMS, Caller, let, place


def with_ids() -> Iterator[tuple[str, str]]:
    """Every operation whose address names something of a company."""
    for path, operations in document()["paths"].items():
        if "_id}" in path:
            yield from ((method, path.removeprefix(PREFIX)) for method in operations if method in METHODS)


@pytest.fixture
def theirs(neighbour: int) -> dict[str, int]:
    """One of everything that the neighbour has."""
    return belongings(neighbour)


@pytest.mark.req("P-01")
@pytest.mark.parametrize(("method", "path"), list(with_ids()))
def test_another_companys_ids_are_not_found(
    firm: int, caller: Caller, theirs: dict[str, int], method: str, path: str
) -> None:
    found = document()
    operation = found["paths"][PREFIX + path][method]
    address = path.format(**theirs)
    asked = {"subject_id": theirs["lease_id"]} if path.endswith("/proof") else {}
    if method == "get":
        answer = caller.get(address, expect=404, **asked)
    else:
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        answer = caller.post(address, example(found, body) if body else {}, expect=404)
    assert answer["code"] == "not_found"


@pytest.mark.req("P-01")
def test_another_companys_ids_in_a_body_are_not_found(caller: Caller, theirs: dict[str, int]) -> None:
    lease, unit, tenant = theirs["lease_id"], theirs["unit_id"], theirs["tenant_id"]
    charge = {"lease_id": lease, "kind": "utility", "amount": "1.00", "due_on": "2026-02-01"}
    paid = {"lease_id": lease, "amount": "1.00", "method": "cash", "reference": "R-1"}
    agreed = {"payer_id": tenant, "unit_ids": [unit], "terms": TERMS}
    caller.post("/charges", charge, expect=404)
    caller.post("/payments", paid | {"received_at": "2026-01-15T10:30:00+08:00"}, expect=404)
    caller.post("/units/state", {"unit_ids": [unit], "state": "repair"}, expect=404)
    caller.post("/leases", agreed, expect=404)
    (row,) = caller.post("/leases/bulk", {"leases": [agreed]})["results"]
    assert row["id"] is None
    own = let(caller, "5-101")
    paid |= {"lease_id": own, "payer_id": tenant, "received_at": "2026-01-15T10:30:00+08:00"}
    caller.post("/payments", paid, expect=404)


@pytest.mark.req("P-01")
def test_another_companys_ids_in_a_filter_give_nothing(caller: Caller, theirs: dict[str, int]) -> None:
    let(caller, "5-101")
    asked: list[tuple[str, dict[str, Any]]] = [
        ("/units", {"project_id": theirs["project_id"]}),
        ("/units", {"building_id": theirs["building_id"]}),
        ("/tenants", {"project_id": theirs["project_id"]}),
        *(("/leases", {name: theirs[name]}) for name in ("project_id", "unit_id")),
        *(("/leases", {name: theirs["tenant_id"]}) for name in ("payer_id", "person_id")),
        *(("/bills", {name: theirs[name]}) for name in ("project_id", "lease_id")),
        *(("/charges", {name: theirs[name]}) for name in ("bill_id", "lease_id")),
        ("/payments", {"lease_id": theirs["lease_id"]}),
        *(("/arrears", {name: theirs[name]}) for name in ("project_id", "building_id", "lease_id")),
    ]
    for path, narrowed in asked:
        assert caller.get(path, **narrowed)["items"] == [], (path, narrowed)
    for question in ("explain", "decisions"):
        caller.get(f"/sweeps/billing/{question}", subject_id=theirs["lease_id"], expect=404)


@pytest.mark.req("P-01")
def test_a_key_for_one_project_reaches_no_other(firm: int, caller: Caller) -> None:
    ours = belongings(firm)
    elsewhere = caller.post("/units", {"units": [place("9-901", project="拱墅店")]})["results"][0]["id"]
    other = caller.get(f"/units/{elsewhere}")["scope_id"]
    limited = Caller.of(firm, *_every_scope(), projects=[other])
    assert [p["id"] for p in limited.get("/projects")["items"]] == [other]
    assert [u["id"] for u in limited.get("/units")["items"]] == [elsewhere]
    for path in ("/tenants", "/leases", "/bills", "/charges", "/payments", "/arrears"):
        assert limited.get(path)["items"] == []
    for path in ("/units/{unit_id}", "/tenants/{tenant_id}", "/leases/{lease_id}", "/bills/{bill_id}"):
        limited.get(path.format(**ours), expect=404)
    limited.get("/leases/{lease_id}/balance".format(**ours), expect=404)
    limited.post("/charges/{charge_id}/reverse".format(**ours), {"reason": "试"}, expect=404)
    paid = {"lease_id": ours["lease_id"], "amount": "1.00", "method": "cash", "reference": "R-1"}
    limited.post("/payments", paid | {"received_at": "2026-01-15T10:30:00+08:00"}, expect=404)
    for path in ("/sweeps/billing/plan", "/sweeps/billing/runs"):
        assert limited.get(path, expect=403)["code"] == "api.all_projects_needed"
    assert limited.post("/sweeps/billing/runs", expect=403)["code"] == "api.all_projects_needed"


def _every_scope() -> list[str]:
    from anju.surface.openapi.scopes import SCOPES

    return list(SCOPES)
