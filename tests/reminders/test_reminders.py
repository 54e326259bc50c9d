"""Three reminders before the due day and a gentle one after; nobody is reminded twice, or after paying."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from anju.domain.billing import actions
from anju.domain.billing.models import Bill
from anju.domain.leases.models import Lease
from anju.domain.reminders.policies import Reminders
from anju.domain.reminders.simulators import what_reminders_would_do
from anju.domain.tenants.actions import register_people
from anju.domain.tenants.models import Person
from anju.domain.tenants.rules import NewPerson
from anju.foundation.db import clock, fetch_value
from anju.foundation.db.clock import SHANGHAI
from anju.foundation.messaging.models import Message
from anju.foundation.policy.store import Pinned
from anju.foundation.sweeps.explain import decided, explain
from anju.foundation.sweeps.run import run_sweep
from anju.kit import Actor, Money
from tests.builders import house, let, terms

SYSTEM = Actor.system()


@pytest.fixture
def lease(company: int) -> Lease:
    """Rent due on the 17th; the tenant has a phone; January's bill is out."""
    made = register_people(SYSTEM, rows=[NewPerson(name="何雨桐", phone="13800137730")])
    lease = let(house(), "3-1-1208", terms(), person=Person.objects.get(id=made.person_ids[0]))
    run_sweep(SYSTEM, company, "billing", date(2026, 1, 7))
    return lease


def remind(org: int, first: date, last: date) -> None:
    day = first
    while day <= last:
        clock.move_to(datetime(day.year, day.month, day.day, 7, tzinfo=SHANGHAI))
        run = run_sweep(SYSTEM, org, "reminders", day)
        assert run.candidates == sum(run.tally.values())
        day += timedelta(days=1)


@pytest.mark.req("R-02")
def test_seven_and_three_days_before_on_the_day_and_the_day_after(company: int, lease: Lease) -> None:
    remind(company, date(2026, 1, 8), date(2026, 1, 25))
    sent = Message.objects.order_by("due_at", "channel").values_list("due_at", "channel", "next_channels")
    days = [(at.astimezone(SHANGHAI).strftime("%m-%d %H"), channel, then) for at, channel, then in sent]
    assert days == [
        ("01-10 10", "inapp", ["sms"]),
        ("01-14 10", "inapp", ["sms"]),
        ("01-17 09", "inapp", []),
        ("01-17 09", "sms", []),
        ("01-18 10", "sms", ["inapp"]),
    ]


@pytest.mark.req("R-10")
def test_each_message_says_which_rule_made_it_and_holds_no_name_or_phone(company: int, lease: Lease) -> None:
    remind(company, date(2026, 1, 10), date(2026, 1, 10))
    message = Message.objects.get()
    bill = Bill.objects.get()
    assert message.template == "reminders:steps.0.text"
    assert (message.subject_kind, message.subject_id, message.link_id) == ("bill", bill.id, bill.id)
    assert message.vars == {"amount": 2280.0, "due": "2026-01-17", "room": "3-1-1208", "period": "1月", "days": 7}
    said = decided("reminders", bill.id)[0]
    assert (said.code, said.effect_id, said.version_id) == ("reminded", message.id, message.version_id)


@pytest.mark.req("R-02")
def test_whoever_paid_is_left_alone_and_the_page_says_why(company: int, lease: Lease) -> None:
    remind(company, date(2026, 1, 8), date(2026, 1, 10))
    actions.record_payment(
        SYSTEM, lease_id=lease.id, amount=Money("2280"), method="bank", received_at=clock.now(), source="bank:1"
    )
    remind(company, date(2026, 1, 11), date(2026, 1, 20))
    assert Message.objects.count() == 1
    assert explain("reminders", Bill.objects.get().id, date(2026, 1, 14)).code == "paid"


def test_what_a_decision_says_is_exactly_the_json_that_its_leaf_covers(company: int, lease: Lease) -> None:
    remind(company, date(2026, 1, 10), date(2026, 1, 14))
    bill = Bill.objects.get().id
    texts = "SELECT string_agg(detail, ' ' ORDER BY as_of) FROM decision WHERE detail = detail::jsonb::text"
    assert fetch_value(texts + " AND subject_id = %(bill)s", {"bill": bill}) == (
        '{"step": 0, "amount": 2280.00, "offset": "-7", "channel": "inapp"}'
        ' {"step": 1, "amount": 2280.00, "offset": "-3", "channel": "inapp"}'
    )


def test_who_can_be_reached_by_none_of_a_steps_channels_is_accounted_for(company: int) -> None:
    let(house(), "3-1-1208", terms())
    run_sweep(SYSTEM, company, "billing", date(2026, 1, 7))
    sms = Reminders(steps=(Reminders().steps[2].model_copy(update={"channels": ("sms",)}),))
    said = explain("reminders", Bill.objects.get().id, date(2026, 1, 17), {"reminders": Pinned(sms, 0, 0)})
    assert said.code == "no_contact"
    assert said.detail == {"step": 0, "amount": 2280.0, "offset": "0", "channel": None}


def test_running_a_day_twice_reminds_once(company: int, lease: Lease) -> None:
    remind(company, date(2026, 1, 10), date(2026, 1, 10))
    again = run_sweep(SYSTEM, company, "reminders", date(2026, 1, 10), fresh=True)
    assert again.tally == {"already_reminded": 1}
    assert Message.objects.count() == 1


def test_somebody_without_a_phone_still_gets_the_app_message(company: int) -> None:
    let(house(), "3-1-1208", terms())
    run_sweep(SYSTEM, company, "billing", date(2026, 1, 7))
    remind(company, date(2026, 1, 18), date(2026, 1, 18))
    assert list(Message.objects.values_list("channel", flat=True)) == ["inapp"]


@pytest.mark.req("L-04")
def test_a_draft_shows_whom_it_would_treat_differently_before_it_is_released(company: int, lease: Lease) -> None:
    standard = Reminders()
    fewer = Reminders(steps=standard.steps[2:])
    clock.move_to(datetime(2026, 1, 8, 9, tzinfo=SHANGHAI))
    result = what_reminders_would_do(standard, fewer, date(2026, 1, 8))
    counts = {r.label.zh: (r.now, r.draft) for r in result.rows}
    assert counts == {"短信": (2, 2), "站内消息": (3, 1), "电话任务": (1, 1)}
    assert result.changed == 1
    assert result.examples[0].draft.zh == "应付日当天站内消息，应付日当天短信，逾期第 1 天短信"
    assert Message.objects.count() == 0, "simulating writes nothing"
