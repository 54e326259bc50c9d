"""A call that is repeated, by a program that lost the answer or by eight at once, is carried out once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.db import connection

from anju.domain.billing.models import Charge, Payment
from anju.domain.leases.models import Lease
from anju.domain.portfolio.models import Unit
from anju.foundation.db import clock, org_scope
from anju.surface.openapi import once
from anju.surface.openapi.jobs import forget_answers
from anju.surface.openapi.models import ApiCall
from tests.openapi.caller import TERMS, Caller, let, made, place
from tests.openapi.conftest import company

TOGETHER = 8


def charge(lease_id: int, amount: str = "86.40", key: str = "1") -> dict[str, Any]:
    return {"lease_id": lease_id, "kind": "utility", "amount": amount, "due_on": "2026-02-17", "key": key}


@pytest.mark.req("L-06")
def test_the_same_call_again_gets_the_same_answer(firm: int, caller: Caller) -> None:
    lease = let(caller)
    first = caller.answer("/charges", charge(lease), expect=201, mark="7f8a")
    again = caller.answer("/charges", charge(lease), expect=201, mark="7f8a")
    assert again.content == first.content
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    with org_scope(firm):
        assert Charge.objects.count() == 1


@pytest.mark.req("L-06")
def test_the_same_mark_on_another_call_is_refused(firm: int, caller: Caller) -> None:
    lease = let(caller)
    caller.post("/charges", charge(lease), expect=201, mark="7f8a")
    for path, body in (("/charges", charge(lease, "86.41")), ("/units", {"units": [place("5-501")]})):
        assert caller.post(path, body, expect=422, mark="7f8a")["code"] == "api.mark_reused"
    other = Caller.of(firm)
    assert other.post("/charges", charge(lease, key="2"), expect=201, mark="7f8a")["amount"] == "86.40"


def test_a_call_without_a_mark_is_refused_before_anything_happens(firm: int, caller: Caller) -> None:
    told = caller.post("/units", {"units": [place()]}, expect=400, **{"Idempotency-Key": ""})
    assert told["code"] == "api.mark_missing"
    caller.post("/units", {"units": [place()]}, expect=400, **{"Idempotency-Key": "x" * 201})
    with org_scope(firm):
        assert Unit.objects.count() == 0


@pytest.mark.req("L-06")
def test_a_refused_call_leaves_nothing_and_may_be_repeated_once_it_is_put_right(firm: int, caller: Caller) -> None:
    (payer,) = made(caller.post("/tenants", {"tenants": [{"name": "何雨桐", "phone": "13800138000"}]}))
    (unit,) = made(caller.post("/units", {"units": [place()]}))
    taken = let(caller, name="王芳", phone="13800138001")
    draft = caller.post("/leases", {"payer_id": payer, "unit_ids": [unit], "terms": TERMS}, expect=201)
    path = f"/leases/{draft['id']}/activate"
    assert caller.post(path, expect=422, mark="m1")["code"] == "lease.overlap"
    rev = caller.get(f"/leases/{taken}")["rev"]
    caller.post(f"/leases/{taken}/cancel", {"rev": rev})
    assert caller.post(path, mark="m1")["status"] == "awaiting"
    assert caller.answer(path, mark="m1").headers["Idempotent-Replayed"] == "true"


@pytest.mark.req("L-06")
def test_answers_are_kept_a_week_and_encrypted(firm: int, caller: Caller) -> None:
    let(caller)
    with org_scope(firm):
        kept = ApiCall.objects.count()
        assert kept == 3
        assert not any(b"results" in bytes(c.answer_enc) for c in ApiCall.objects.all())
    with time_machine.travel(clock.wall() + once.KEPT + timedelta(minutes=1)):
        again = {"units": [place("3-1-1209")]}
        with org_scope(firm):
            ApiCall.objects.exclude(id=ApiCall.objects.order_by("id")[0].id).delete()
        caller.post("/units", again, mark="week")
        forget_answers(firm, clock.wall().date())
    with org_scope(firm):
        assert ApiCall.objects.count() == 1


def test_a_mark_is_free_again_after_a_week(firm: int, caller: Caller) -> None:
    lease = let(caller)
    caller.post("/charges", charge(lease), expect=201, mark="m1")
    with time_machine.travel(clock.wall() + once.KEPT + timedelta(minutes=1)):
        caller.post("/charges", charge(lease, key="2"), expect=201, mark="m1")


def test_a_reference_is_recorded_once_and_not_for_another_amount(firm: int, caller: Caller) -> None:
    lease = let(caller)
    paid = {"lease_id": lease, "amount": "100.00", "method": "bank", "received_at": "2026-01-15T10:30:00+08:00"}
    first = caller.post("/payments", paid | {"reference": "B-1"}, expect=201)
    again = caller.post("/payments", paid | {"reference": "B-1"}, expect=201)
    assert again["id"] == first["id"]
    told = caller.post("/payments", paid | {"reference": "B-1", "amount": "200.00"}, expect=409)
    assert told["code"] == "api.reference_used"
    caller.post("/payments", paid | {"reference": "B-1", "method": "cash"}, expect=201)
    with org_scope(firm):
        assert Payment.objects.count() == 2


@pytest.mark.req("L-06")
def test_eight_at_once_are_one(committed: str) -> None:
    org = company("同时调用公寓")
    lease = let(Caller.of(org))
    token = Caller.of(org).token
    ready = Barrier(TOGETHER)

    def send(_n: int) -> tuple[bytes, bool]:
        try:
            own = Caller(token)
            ready.wait(timeout=30)
            answer = own.answer("/charges", charge(lease), expect=201, mark="at-once")
            return answer.content, "Idempotent-Replayed" in answer.headers
        finally:
            connection.close()

    with ThreadPoolExecutor(TOGETHER) as pool:
        answers = list(pool.map(send, range(TOGETHER)))
    assert len({content for content, _ in answers}) == 1
    assert sorted(replayed for _, replayed in answers) == [False] + [True] * (TOGETHER - 1)
    with org_scope(org):
        assert Charge.objects.count() == 1
        assert Lease.objects.get().id == lease
