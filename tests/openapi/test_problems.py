"""What a caller is told: one form, a stable code, a sentence in their language, never what they sent."""

from __future__ import annotations

from typing import Any

import pytest

from anju.surface.openapi.problems import MEDIA_TYPE
from tests.openapi.caller import TERMS, Caller, let, place

PERSON = {"name": "何雨桐", "phone": "13800138000"}


@pytest.mark.req("L-06")
def test_a_refusal_is_told_in_the_callers_language(firm: int, caller: Caller) -> None:
    answer = caller.client.get("/api/v1/leases/999", headers=caller.headers())
    assert answer.headers["Content-Type"] == MEDIA_TYPE
    told = answer.json()
    assert (told["status"], told["code"], told["type"]) == (404, "not_found", "/api/v1/docs#not_found")
    assert told["detail"].startswith("找不到")
    english = Caller(caller.token, language="en")
    assert english.get("/leases/999", expect=404)["detail"] == "Not found."
    assert {s["key"]: s["name"] for s in english.get("/sweeps")["items"]}["billing"] == "Billing"


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/tenants", {"tenants": [{"phone": "13800138000"}]}, "tenants.0.name"),
        ("/tenants", {"tenants": [PERSON | {"nickname": "桐桐"}]}, "tenants.0.nickname"),
        ("/tenants", {"tenants": [PERSON | {"name": "何\u0000雨桐"}]}, "tenants.0.name"),
        ("/tenants", {"tenants": [PERSON | {"phone": 13800138000}]}, "tenants.0.phone"),
        ("/tenants", {"tenants": []}, "tenants"),
        ("/tenants", {"tenants": [PERSON] * 1001}, "tenants"),
        ("/leases", {"payer_id": True, "unit_ids": [1], "terms": TERMS}, "payer_id"),
        ("/leases", {"payer_id": 2**63, "unit_ids": [1], "terms": TERMS}, "payer_id"),
        ("/leases", {"payer_id": 1, "unit_ids": [1], "terms": TERMS | {"price": 2280}}, "terms.price"),
        ("/leases", {"payer_id": 1, "unit_ids": [1], "terms": TERMS | {"price": "2.28e3"}}, "terms.price"),
        ("/leases", {"payer_id": 1, "unit_ids": [1], "terms": TERMS | {"end_on": "9999-12-31"}}, "terms.end_on"),
        ("/leases", {"payer_id": 1, "unit_ids": [1], "terms": TERMS | {"start_on": "2026-02-30"}}, "terms.start_on"),
        ("/leases", {"payer_id": 1, "unit_ids": [1], "terms": TERMS | {"anchor": "week"}}, "terms.anchor"),
    ],
)
def test_a_field_that_can_not_be_read_is_named(caller: Caller, path: str, body: dict[str, Any], field: str) -> None:
    told = caller.post(path, body, expect=422)
    assert told["code"] == "api.invalid"
    assert [e["field"] for e in told["errors"]] == [field]
    assert all(e["detail"].endswith("。") for e in told["errors"])
    assert "13800138000" not in str(told)


def test_a_filter_nobody_knows_is_refused(caller: Caller) -> None:
    told = caller.get("/leases", expect=422, projct_id=1, statuss="active")
    assert [e["field"] for e in told["errors"]] == ["projct_id", "statuss"]
    assert [e["field"] for e in caller.get("/leases", expect=422, status="aktive")["errors"]] == ["status.0"]


@pytest.mark.parametrize("cursor", ["x", "bGVhc2Vz:aaaa", "[1]", "1" * 401])
def test_a_cursor_of_ones_own_making_is_refused(caller: Caller, cursor: str) -> None:
    assert caller.get("/units", expect=422, cursor=cursor)["code"] in ("api.bad_cursor", "api.invalid")


@pytest.mark.req("L-06")
def test_pages_follow_one_another_without_gap_or_overlap(caller: Caller) -> None:
    caller.post("/units", {"units": [place(f"3-1-{n}") for n in range(101, 108)]})
    people = [{"name": f"租客{n}", "phone": f"1380013800{n}"} for n in range(7)]
    caller.post("/tenants", {"tenants": people})
    for path in ("/units", "/tenants"):
        seen, cursor = [], ""
        while True:
            page = caller.get(path, limit=3, cursor=cursor)
            seen += [row["id"] for row in page["items"]]
            if page["next"] is None:
                break
            cursor = page["next"]
            assert "zuke" not in cursor  # a name in pinyin never reaches an address
        assert len(seen) == len(set(seen)) == 7
        other = "/tenants" if path == "/units" else "/units"
        caller.get(other, cursor=cursor, expect=422)


def test_what_is_not_there_and_what_is_not_offered(caller: Caller) -> None:
    assert caller.get("/houses", expect=404)["code"] == "api.no_such_operation"
    for method in ("put", "patch", "delete"):
        answer = getattr(caller.client, method)("/api/v1/units", headers=caller.headers())
        assert (answer.status_code, answer.json()["code"]) == (405, "api.no_such_method")
        assert set(answer.headers["Allow"].replace(" ", "").split(",")) == {"GET", "POST"}


@pytest.mark.parametrize("sent", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"units": NaN}', b"null", b"[]"])
def test_a_body_that_is_no_json_is_refused(caller: Caller, sent: bytes) -> None:
    answer = caller.client.post(
        "/api/v1/units", sent, content_type="application/json", headers=caller.headers(**{"Idempotency-Key": "m"})
    )
    assert answer.status_code in (400, 422)
    assert answer.headers["Content-Type"] == MEDIA_TYPE


def test_a_body_that_is_too_large_is_refused(caller: Caller) -> None:
    big = {"units": [place(address="长" * 2_000_000)]}
    assert caller.post("/units", big, expect=413)["code"] == "api.too_large"


def test_a_day_far_away_is_refused_before_it_costs_anything(firm: int, caller: Caller) -> None:
    lease = let(caller)
    for path, asked in (
        ("/sweeps/billing/plan", {"as_of": "2031-01-01"}),
        ("/sweeps/billing/explain", {"subject_id": lease, "as_of": "1999-01-01"}),
    ):
        assert caller.get(path, expect=422, **asked)["code"] == "api.sweep_day_far"
    for day in ("2026-01-02", "2025-06-01"):
        told = caller.post("/sweeps/billing/runs", {"as_of": day}, expect=422)
        assert told["code"] == "api.sweep_day_outside"
    assert caller.get("/sweeps/billing/plan", expect=422, as_of="2024-06-01")["code"] == "api.no_policy_then"
    assert caller.get("/policies/billing", expect=404, as_of="2024-06-01")["code"] == "not_found"
    assert caller.get("/policies/billing")["body"]["issue_days_before_due"] == 10
    assert caller.get("/sweeps/nothing/plan", expect=404)["code"] == "not_found"
