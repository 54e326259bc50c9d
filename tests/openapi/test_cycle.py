"""A month of business through the API alone: places, people, a lease, rent, why, a payment, nothing owed."""

from __future__ import annotations

from datetime import datetime

import pytest

from anju.foundation.db import clock, org_scope
from anju.foundation.jobs.queue import run_waiting
from tests.openapi.caller import TERMS, Caller, made, place


def move(org: int, *day: int) -> None:
    with org_scope(org):
        clock.move_to(datetime(*day, 9, tzinfo=clock.SHANGHAI))  # type: ignore[misc,arg-type]


@pytest.mark.req("L-06")
def test_a_month_of_rent_through_the_api(firm: int, caller: Caller) -> None:
    (unit,) = made(caller.post("/units", {"units": [place(layout="2室1厅1卫", area="68.50", guide_rent="2400")]}))
    assert caller.get(f"/units/{unit}")["status"] == "vacant"
    assert caller.get("/units")["items"][0]["guide_rent"] == "2400.00"

    tenant = {"name": "何雨桐", "phone": "138 0013 8000"}
    (payer,) = made(caller.post("/tenants", {"tenants": [tenant]}))
    assert caller.get(f"/tenants/{payer}")["phone_mask"] == "138****8000"
    assert [t["id"] for t in caller.post("/tenants/search", {"phone": "8000"})["items"]] == [payer]

    draft = caller.post("/leases", {"payer_id": payer, "unit_ids": [unit], "terms": TERMS}, expect=201)
    assert (draft["status"], draft["payer"]) == ("draft", "何雨桐")
    lease = caller.post(f"/leases/{draft['id']}/activate")
    assert (lease["status"], lease["monthly"], lease["deposit"]) == ("awaiting", "2280.00", "2280.00")
    assert caller.get(f"/units/{unit}")["status"] == "awaiting"

    why = caller.get("/sweeps/billing/explain", subject_id=lease["id"])
    assert (why["code"], why["live"]) == ("not_started", True)
    assert "2026-01-07" in why["words"]

    move(firm, 2026, 1, 7)
    assert caller.get("/sweeps/billing/plan")["tally"] == {"billed": 1}
    begun = caller.post("/sweeps/billing/runs", expect=202)
    assert begun["state"] == "running"
    assert run_waiting() == 1
    run = caller.get(f"/sweep-runs/{begun['id']}")
    assert (run["state"], run["candidates"], run["tally"]) == ("done", 1, {"billed": 1})
    assert caller.get("/sweeps/billing/decisions", subject_id=lease["id"])["items"][0]["code"] == "billed"
    assert caller.get(f"/sweep-runs/{run['id']}/proof", subject_id=lease["id"])["holds"] is True

    (bill,) = caller.get("/bills", lease_id=lease["id"])["items"]
    assert (bill["amount"], bill["open"], bill["due_on"]) == ("4560.00", "4560.00", "2026-01-17")
    kinds = {c["kind"]: c["amount"] for c in caller.get("/charges", bill_id=bill["id"])["items"]}
    assert kinds == {"rent": "2280.00", "deposit": "2280.00"}
    water = {"lease_id": lease["id"], "kind": "utility", "amount": "86.40", "due_on": "2026-01-20", "name": "电费"}
    charge = caller.post("/charges", water, expect=201)
    assert caller.post(f"/charges/{charge['id']}/reverse", {"reason": "抄错表"})["id"] == charge["id"]

    paid = {"lease_id": lease["id"], "amount": "4600.00", "method": "bank", "reference": "20260115-000127"}
    payment = caller.post("/payments", paid | {"received_at": "2026-01-15T10:30:00+08:00"}, expect=201)
    assert (payment["amount"], payment["unused"]) == ("4600.00", "40.00")
    balance = caller.get(f"/leases/{lease['id']}/balance")
    assert (balance["owed"], balance["credit"], balance["held"]) == ("0.00", "40.00", "2280.00")
    statement = caller.get(f"/leases/{lease['id']}/statement", first="2026-01-01", until="2026-01-31")
    assert statement["after"] == "-40.00"


@pytest.mark.req("L-06")
def test_arrears_amendment_and_ending(firm: int, caller: Caller) -> None:
    (unit,) = made(caller.post("/units", {"units": [place()]}))
    (payer,) = made(caller.post("/tenants", {"tenants": [{"name": "何雨桐", "phone": "13800138000"}]}))
    lease = {"payer_id": payer, "unit_ids": [unit], "terms": TERMS}
    (lease_id,) = made(caller.post("/leases/bulk", {"leases": [lease]}))
    move(firm, 2026, 1, 7)
    caller.post("/sweeps/billing/runs", expect=202)
    run_waiting()
    move(firm, 2026, 1, 27)
    (late,) = caller.get("/arrears")["items"]
    assert (late["lease_id"], late["days_late"], late["owed"]) == (lease_id, 10, "4560.00")
    with org_scope(firm):
        from anju.domain.leases.actions import begin_leases
        from anju.kit import Actor

        begin_leases(Actor.system(), on=clock.today())
    change = {"rev": 2, "effective_from": "2026-02-17", "terms": TERMS | {"price": "2400.00"}}
    told = caller.post(f"/leases/{lease_id}/amend", change | {"rev": 9}, expect=409)
    assert told["code"] == "changed_meanwhile"
    seen = caller.get(f"/leases/{lease_id}")
    amended = caller.post(f"/leases/{lease_id}/amend", change | {"rev": seen["rev"]})
    assert [r["monthly"] for r in amended["rates"]] == ["2280.00", "2400.00"]
    assert [v["n"] for v in caller.get(f"/leases/{lease_id}/versions")["items"]] == [2, 1]
    ended = caller.post(f"/leases/{lease_id}/end", {"rev": amended["rev"], "actual_end_on": "2026-01-28"})
    assert ended["status"] == "ended"


def test_bad_rows_come_back_and_good_ones_go_in(caller: Caller) -> None:
    done = caller.post("/units", {"units": [place(), place("厨房"), place("3-1-1209A", parent="3-1-1209")]})
    assert [r["refused"] and r["refused"]["code"] for r in done["results"]] == [
        None,
        "unit.not_lettable",
        "unit.parent_missing",
    ]
    people = [{"name": "何雨桐", "phone": "13800138000"}, {"name": "王芳", "phone": "12"}]
    done = caller.post("/tenants", {"tenants": people})
    assert done["new"] == 1
    assert done["results"][1]["refused"]["code"] == "person.phone_malformed"
    assert "12" not in done["results"][1]["refused"]["detail"].replace("11", "")
