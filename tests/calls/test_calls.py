"""A technician reaches a tenant over a number of the pool; the call is logged once, the numbers are nowhere."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from anju.domain.tenants.models import ContactPoint
from anju.foundation.calls.actions import ask, bind_number, enter_phone, release_number
from anju.foundation.calls.models import CallBinding, CallRecord, StaffPhone
from anju.foundation.calls.queries import lasting
from anju.foundation.calls.setting_up import switch_service
from anju.foundation.calls.taking_back import take_back
from anju.foundation.calls.timelines import told_on_case
from anju.foundation.db import clock, fetch, fetch_value
from anju.foundation.flows.actions import move
from anju.foundation.flows.models import FlowCase
from anju.foundation.messaging.channels import aliyun
from anju.foundation.messaging.channels.aliyun import through
from anju.foundation.staffing.actions import freeze_staff
from anju.kit import Actor
from anju.surface.demo.standins import mounted
from tests.calls.conftest import BOTH, MINE, SYSTEM, THEIRS, Exchange, reachable, report
from tests.flows.house import hire
from tests.workorders.conftest import Block
from tests.workorders.test_orders import ROOM, leak, refused

# Rows of every table that has text or JSON of ours; sealed values are bytes and do not match.
TEXTS = """
SELECT table_name AS name FROM information_schema.tables
WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'django%%'
"""


def everywhere() -> str:
    """All rows of the database as one text."""
    names = [row["name"] for row in fetch(TEXTS)]
    return "".join(
        str(fetch_value(f"SELECT coalesce(string_agg(t::text, chr(10)), '') FROM \"{name}\" t")) for name in names
    )


@pytest.mark.req("T-04")
def test_a_technician_calls_the_tenant_and_neither_sees_a_number(
    case: FlowCase, technician: Actor, exchange: Exchange, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    number = ask(technician, case_id=case.id)
    assert number.x_number.startswith("170")
    assert timedelta(minutes=29) < number.expires_at - clock.wall() <= timedelta(minutes=30)
    assert exchange.dial(number, MINE, 62) == THEIRS
    assert exchange.release() == 2
    call = CallRecord.objects.get()
    assert (call.result, call.seconds, call.by_staff, call.receipts) == ("connected", 62, True, 2)
    assert abs(call.started_at - clock.now()) < timedelta(minutes=1)
    kept = everywhere()
    assert number.x_number in kept
    for secret in BOTH:
        assert secret not in kept
        assert secret not in caplog.text


@pytest.mark.req("T-04")
def test_the_tenant_calls_back_over_the_same_number(
    case: FlowCase, block: Block, technician: Actor, exchange: Exchange
) -> None:
    number = ask(technician, case_id=case.id)
    assert ask(block.tenant(ROOM), case_id=case.id) == number
    assert ask(technician, case_id=case.id) == number
    assert exchange.dial(number, THEIRS, 0) == MINE
    exchange.release()
    call = CallRecord.objects.get()
    assert (call.result, call.seconds, call.by_staff) == ("unanswered", 0, False)
    assert CallBinding.objects.count() == 1


@pytest.mark.req("T-04")
def test_a_number_ends_by_itself_and_another_is_lent(case: FlowCase, technician: Actor, exchange: Exchange) -> None:
    first = ask(technician, case_id=case.id)
    lent = exchange.service.account(exchange.key).lent
    past = clock.wall() - timedelta(seconds=1)
    # The database's own role may not turn the end of a number back; time has to pass, and here it is made to.
    lent[0].until = past
    CallBinding.objects.filter(id=first.id).update(ended_at=past)
    assert exchange.dial(first) == ""
    assert lasting(technician, case.id) is None
    second = ask(technician, case_id=case.id)
    assert second.id != first.id
    assert exchange.dial(second) == THEIRS


def test_a_number_is_given_back_before_its_time(case: FlowCase, technician: Actor, exchange: Exchange) -> None:
    number = ask(technician, case_id=case.id)
    with refused("not_found"):
        release_number(hire("maintenance", name="何志斌"), binding_id=number.id)
    release_number(technician, binding_id=number.id)
    release_number(technician, binding_id=number.id)
    assert exchange.dial(number) == ""
    assert lasting(technician, case.id) is None


@pytest.mark.req("T-04")
@pytest.mark.parametrize("why", ["closed", "given away", "left"])
def test_a_number_past_its_use_is_taken_back(case: FlowCase, technician: Actor, exchange: Exchange, why: str) -> None:
    manager = hire("manager", name="许婧")
    enter_phone(manager, phone="13677778888")
    number, supervising = ask(technician, case_id=case.id), ask(manager, case_id=case.id)
    assert take_back(exchange.company) == 0
    match why:
        case "closed":
            FlowCase.objects.filter(id=case.id).update(closed_at=clock.now(), due_at=None, warn_at=None)
        case "given away":
            FlowCase.objects.filter(id=case.id).update(assignee=None)
        case _left:
            freeze_staff(SYSTEM, staff_id=technician.id)
    exchange.set_up(endpoint="http://127.0.0.1:9")
    assert take_back(exchange.company) == 0  # asked again when the provider is there
    exchange.set_up()
    assert take_back(exchange.company) == (2 if why == "closed" else 1)
    assert exchange.dial(number) == ""
    assert bool(exchange.dial(supervising, "13677778888")) == (why != "closed")


@pytest.mark.req("T-04")
@pytest.mark.parametrize("how", ["repeat", "reverse"])
def test_receipts_count_once_in_any_order(case: FlowCase, technician: Actor, exchange: Exchange, how: str) -> None:
    number = ask(technician, case_id=case.id)
    exchange.behave(reports=how)
    exchange.dial(number, MINE, 62)
    rows = list(exchange.reported())
    exchange.release()
    assert report(exchange.company, rows[::-1] + rows) == (200, 0)
    call = CallRecord.objects.get()
    assert (call.result, call.seconds) == ("connected", 62)
    told = fetch("SELECT body FROM trace_event WHERE action = 'calls.receipt.record'")
    assert len(told) == (2 if how == "repeat" else 1)  # it began and ended; in reverse the end is heard first


def test_late_receipts_wait_and_lost_ones_change_nothing(case: FlowCase, technician: Actor, exchange: Exchange) -> None:
    number = ask(technician, case_id=case.id)
    exchange.behave(reports="lose")
    exchange.dial(number, MINE, 10)
    assert exchange.release() == 0
    exchange.behave(reports="hold")
    exchange.dial(number, MINE, 20)
    assert CallRecord.objects.count() == 0
    exchange.release()
    assert CallRecord.objects.get().seconds == 20


@pytest.mark.req("T-04")
def test_a_forged_receipt_changes_nothing(case: FlowCase, technician: Actor, exchange: Exchange) -> None:
    number = ask(technician, case_id=case.id)
    exchange.dial(number, MINE, 62)
    rows = list(exchange.reported())
    forged = [{**rows[1], "out_id": "0" * 32}, {**rows[1], "sub_id": 7}, {"call_id": "x"}, 5,
              {**rows[1], "release_time": "2026-13-01 00:00:00"}, {**rows[1], "call_type": 2}]  # fmt: skip
    assert report(exchange.company, forged) == (200, 0)
    assert report(exchange.company, b"\xff{")[0] == 400
    assert report(exchange.company, {"call_id": "x"})[0] == 400
    assert CallRecord.objects.count() == 0
    # A call belongs to the number it began on: another number's receipt does not take it over.
    exchange.release()
    other = CallBinding.objects.create(
        case=case, staff_id=technician.id, person_id=case.persons[0], as_assignee=True, by="staff:1",
        x_number="17000009999", subs_id="9", out_id="f" * 32, bound_at=clock.now(),
        expires_at=clock.wall() + timedelta(minutes=5),
    )  # fmt: skip
    assert report(exchange.company, [{**rows[1], "out_id": other.out_id, "sub_id": 9}]) == (200, 0)
    assert CallRecord.objects.get().binding_id == number.id


def test_a_receipt_for_no_company_of_ours_is_taken_and_forgotten(db: None) -> None:
    row = {"out_id": "f" * 32, "sub_id": 9, "call_id": "x", "call_type": 0, "call_time": "2026-11-22 10:00:00"}
    assert report(999_999_999, [row]) == (200, 0)


@pytest.mark.req("T-04")
def test_only_who_works_on_a_case_calls_about_it(case: FlowCase, block: Block, exchange: Exchange) -> None:
    stranger = hire("maintenance", name="何志斌")
    enter_phone(stranger, phone="13655556666")
    with refused("calls.not_yours"):
        ask(stranger, case_id=case.id)
    with refused("not_allowed"):
        ask(hire("finance", name="吴倩"), case_id=case.id)
    elsewhere = hire("maintenance", name="钱进", all_projects=False, scope_ids=[])
    with refused("not_found"):
        ask(elsewhere, case_id=case.id)
    with refused("not_found"):
        ask(block.tenant("3-1-0601"), case_id=case.id)
    with refused("not_found"):
        ask(stranger, case_id=case.id + 999_999)
    manager = hire("manager", name="许婧")
    enter_phone(manager, phone="136 7777 8888")
    with refused("not_found"):
        ask(manager, case_id=case.id, person_id=block.tenant("3-1-0601").id)
    assert ask(manager, case_id=case.id).x_number


@pytest.mark.req("T-04")
def test_without_a_phone_there_is_a_sentence(block: Block, technician: Actor, agent: Actor, exchange: Exchange) -> None:
    case = leak(block).case
    tenant = block.tenant(ROOM)
    ContactPoint.objects.filter(person_id=tenant.id).update(stale_since=clock.now())
    with refused("calls.not_taken"):
        ask(tenant, case_id=case.id)
    move(technician, case_id=case.id, step="accept")
    with refused("calls.no_own_phone"):
        ask(technician, case_id=case.id)
    with refused("calls.no_phone"):  # the technician's, and the tenant is not told whose
        ask(tenant, case_id=case.id)
    with refused("calls.phone_wrong"):
        enter_phone(technician, phone="12345")
    enter_phone(technician, phone=f"+86 {MINE}")
    with refused("calls.no_phone"):
        ask(technician, case_id=case.id)
    reachable(tenant)
    assert ask(technician, case_id=case.id).x_number
    assert MINE.encode() not in bytes(StaffPhone.objects.get().sealed)


def test_when_a_case_is_over_nobody_calls(case: FlowCase, block: Block, technician: Actor, exchange: Exchange) -> None:
    FlowCase.objects.filter(id=case.id).update(closed_at=clock.now(), due_at=None, warn_at=None)
    for who in (technician, block.tenant(ROOM)):
        with refused("calls.ended"):
            ask(who, case_id=case.id)


@pytest.mark.req("T-04")
@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("isv.NO_AVAILABLE_NUMBER", "calls.no_number"),
        ("isv.OUT_OF_SERVICE", "calls.suspended"),
        ("isv.FLOW_LIMIT", "calls.busy"),
        ("isv.SOMETHING_NEW", "calls.provider_refused"),
    ],
)
def test_what_the_provider_says_is_one_sentence_and_nothing_is_half_made(
    case: FlowCase, technician: Actor, exchange: Exchange, said: str, code: str
) -> None:
    before = fetch_value("SELECT count(*) FROM trace_event")
    exchange.behave(fail=said, fail_times=1)
    with refused(code):
        ask(technician, case_id=case.id)
    assert (CallBinding.objects.count(), fetch_value("SELECT count(*) FROM trace_event")) == (0, before)
    assert ask(technician, case_id=case.id).x_number


@pytest.mark.req("T-04")
def test_a_provider_that_is_away_leaves_nothing_behind(case: FlowCase, technician: Actor, exchange: Exchange) -> None:
    exchange.set_up(endpoint="http://127.0.0.1:9")
    with refused("calls.unreachable"):
        ask(technician, case_id=case.id)
    exchange.set_up(pool_key="XX")
    with refused("calls.no_pool"):
        ask(technician, case_id=case.id)
    exchange.set_up(key_id="drill-nobody")  # signed with another key's secret
    with refused("calls.denied"):
        ask(technician, case_id=case.id)
    switch_service(SYSTEM, enabled=False)
    with refused("calls.not_set"):
        ask(technician, case_id=case.id)
    assert CallBinding.objects.count() == 0


@pytest.mark.req("T-04")
def test_an_answer_that_comes_too_late_counts_as_none(
    case: FlowCase, technician: Actor, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aliyun, "TIMEOUT", httpx.Timeout(0.3))
    exchange.behave(answer_after=1.0)
    with refused("calls.unreachable"):
        ask(technician, case_id=case.id)
    assert CallBinding.objects.count() == 0
    (lost,) = exchange.service.account(exchange.key).lent  # nobody was told it, and it ends by itself
    exchange.behave(answer_after=0.0)
    number = ask(technician, case_id=case.id)
    assert number.x_number != lost.x
    # What is called over the lost one all the same is nobody's.
    assert exchange.service.dial(exchange.key, lost.x, MINE, 5) == THEIRS
    exchange.release()
    assert CallRecord.objects.count() == 0


def test_nobody_asks_for_numbers_all_day(case: FlowCase, technician: Actor, exchange: Exchange) -> None:
    for _ in range(20):
        ask(technician, case_id=case.id)
    with refused("too_many"):
        ask(technician, case_id=case.id)


def test_a_drill_company_reaches_this_machine_only(
    case: FlowCase, technician: Actor, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert clock.drill_clock() is not None
    with refused("calls.drill_only"):
        exchange.set_up(endpoint="https://dyplsapi.aliyuncs.com")
    # The stand-ins of this run are found by themselves, below their mount.
    exchange.set_up(endpoint="standin")
    with refused("calls.unreachable"):
        ask(technician, case_id=case.id)
    monkeypatch.setenv("ANJU_STANDINS_URL", "http://127.0.0.1:1/")
    with through(httpx.WSGITransport(app=mounted(exchange.service.wsgi, "/calls"))):
        assert exchange.dial(ask(technician, case_id=case.id)) == THEIRS


@pytest.mark.req("T-04")
def test_the_trace_names_the_case_and_never_a_number(case: FlowCase, technician: Actor, exchange: Exchange) -> None:
    number = bind_number(technician, case_id=case.id)
    (event,) = fetch("SELECT stream_kind, stream_id, actor, body FROM trace_event WHERE action = 'calls.number.bind'")
    assert (event["stream_kind"], event["stream_id"]) == ("flow_case", case.id)
    assert number.x_number not in str(event["body"])
    call = {"result": "connected", "seconds": 62, "by_staff": True, "staff": "赵永康"}
    assert told_on_case(call) == "赵永康 通过隐私号联系了租客，通话 62 秒"
    assert told_on_case({**call, "by_staff": False, "result": "unanswered"}) == "租客通过隐私号联系了 赵永康，没有接通"
