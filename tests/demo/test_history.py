"""Twenty days of a small company, lived by the real sweeps and actions."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from anju.domain.portfolio.models import Unit
from anju.foundation.db import clock, fetch, fetch_value, org_scope
from anju.foundation.policy.models import PolicyVersion
from anju.foundation.sweeps.models import SweepRun
from anju.foundation.trace.verify import broken_chains
from anju.surface.demo.build import make_history, wake
from anju.surface.demo.history import History
from anju.surface.demo.plan import Plan
from anju.surface.demo.tenants_days import TenantsDays
from tests.demo.conftest import FIRST, LAST, lived, opened, rows, small_plan

SAME = {
    "leases": "SELECT number, status, start_on, holds_until FROM lease",
    "bills": "SELECT number, period_from, period_to, due_on, issued_on FROM bill",
    "charges": "SELECT b.number, c.kind, c.source, c.revision, c.amount, c.open FROM charge c"
    " JOIN bill b ON b.id = c.bill_id",
    "payments": "SELECT source, amount, received_at FROM payment",
    # a receipt that was under way when the process ended is lost, as it would be
    "messages": "SELECT b.number, m.template, m.channel, replace(m.state, 'sent', 'delivered') FROM message m"
    " JOIN bill b ON b.id = m.subject_id AND m.subject_kind = 'bill'",
    "repairs": "SELECT c.number, c.title, c.stage, o.said, o.opened_at, o.rating FROM work_order o"
    " JOIN flow_case c ON c.id = o.case_id",
    "complaints": "SELECT c.number, c.stage, k.said, k.opened_at, r.text, r.at FROM complaint k"
    " JOIN flow_case c ON c.id = k.case_id LEFT JOIN complaint_reply r ON r.complaint_id = k.id",
    "equipment": "SELECT b.name, u.code, e.kind, e.serial, e.warranty_until FROM equipment e"
    " JOIN building b ON b.id = e.building_id LEFT JOIN unit u ON u.id = e.unit_id",
    "costs": "SELECT c.number, k.what, k.text, k.amount FROM work_order_cost k JOIN work_order o ON o.id = k.order_id"
    " JOIN flow_case c ON c.id = o.case_id",
    "rooms": "SELECT code, state, state_since, ready_on FROM unit",
    "sums": "SELECT month, sum(due), sum(settled) FROM billing_month GROUP BY month",
}
COMPLAINTS = "SELECT c.stage, count(*) AS n FROM complaint k JOIN flow_case c ON c.id = k.case_id GROUP BY 1"
DECIDED = "SELECT count(*) FROM decision WHERE run_id = %(run)s"


@pytest.mark.req("R-01")
def test_twenty_days_account_for_every_candidate_and_leave_a_company(committed: str) -> None:
    plan = small_plan()
    org = lived("安居小样公寓", plan)
    with org_scope(org):
        runs = list(SweepRun.objects.order_by("as_of", "sweep"))
        assert {(r.sweep, r.as_of) for r in runs} >= {
            (sweep, FIRST + timedelta(days=n)) for sweep in ("billing", "reminders") for n in range(21)
        }
        for run in runs:
            assert run.state == SweepRun.State.DONE
            assert run.candidates == sum(run.tally.values()) == fetch_value(DECIDED, {"run": run.id})
        assert clock.now() == datetime(2026, 1, 25, 10, 24, tzinfo=clock.SHANGHAI)
        assert fetch_value("SELECT count(*) FROM payment") > 0
        assert {r["state"] for r in fetch("SELECT DISTINCT state FROM message WHERE channel = 'sms'")} <= {
            "sent", "delivered", "cancelled",
        }  # fmt: skip
        assert fetch_value("SELECT count(*) FROM message WHERE channel = 'sms' AND state = 'delivered'") > 0
        versions = PolicyVersion.objects.filter(key="reminders").order_by("number")
        assert list(versions.values_list("state", flat=True)) == ["released", "released", "submitted"]
        assert fetch_value("SELECT count(*) FROM work_order WHERE equipment_id IS NOT NULL") > 0
        assert fetch_value("SELECT count(*) FROM work_order_cost") > 0
        assert Unit.objects.exclude(state=Unit.State.AVAILABLE).exists()
        assert fetch_value("SELECT count(*) FROM lease WHERE status = 'draft'") == len(plan.reserved)
        stages = {r["stage"]: r["n"] for r in fetch(COMPLAINTS)}
        assert set(stages) == {"new", "working", "replied", "done"}, stages
        assert fetch_value("SELECT count(DISTINCT source) FROM complaint") == 3
        assert list(broken_chains()) == []


class PowerCut(Exception):
    """The process ends here."""


def test_a_history_that_was_interrupted_goes_on_to_the_same_end(
    committed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = small_plan()
    undisturbed = lived("一路顺利公寓", plan)
    org = opened("几度中断公寓", plan)
    evening = TenantsDays.live
    cut = {FIRST + timedelta(days=4): False, FIRST + timedelta(days=11): False}

    def dark(self: TenantsDays, day: object) -> list[str]:
        tapped = evening(self, day)  # type: ignore[arg-type]
        if cut.get(day) is False:  # type: ignore[call-overload]
            cut[day] = True  # type: ignore[index]
            raise PowerCut
        return tapped

    monkeypatch.setattr(TenantsDays, "live", dark)
    for _ in cut:
        with pytest.raises(PowerCut):
            make_history(History(org, Plan(plan.seed, plan.first, plan.last, plan.places)), lambda *_: None)
    make_history(History(org, plan), lambda *_: None)
    for what, sql in SAME.items():
        assert rows(org, sql) == rows(undisturbed, sql), what


def test_while_nobody_runs_the_demo_no_day_goes_by(committed: str) -> None:
    org = opened("停过几天的公寓", small_plan())
    week = timedelta(days=7)
    with org_scope(org):
        clock.move_to(datetime(2026, 1, 25, 10, tzinfo=clock.SHANGHAI), runs=True)
        stood = clock.drill_clock()
        assert stood is not None
        type(stood).objects.update(set_at=clock.wall() - week)
    with org_scope(org):
        assert clock.today() == LAST + week
    wake(org)
    with org_scope(org):
        assert clock.now() - datetime(2026, 1, 25, 10, tzinfo=clock.SHANGHAI) < timedelta(minutes=5)
