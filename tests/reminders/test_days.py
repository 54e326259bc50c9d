"""On which day a reminder goes out, holidays included."""

from __future__ import annotations

import re
from datetime import date

import pytest

from anju.domain.reminders.holidays import rests
from anju.domain.reminders.policies import HARSH, Reminders, Step
from anju.domain.reminders.rules import reminder_day
from anju.domain.reminders.sweep import targets
from anju.foundation.messaging.texts import MessageText


def test_an_ordinary_weekend_moves_nothing() -> None:
    saturday = date(2026, 11, 21)
    assert rests(saturday)
    assert reminder_day(saturday, 0, rests, earlier=True) == saturday
    assert reminder_day(saturday, -3, rests, earlier=True) == date(2026, 11, 18)


@pytest.mark.req("R-02")
def test_a_bill_due_in_the_national_holiday_is_reminded_of_on_the_last_working_day_before() -> None:
    due = date(2025, 10, 3)
    assert reminder_day(due, 0, rests, earlier=True) == date(2025, 9, 30)
    assert reminder_day(due, -1, rests, earlier=True) == date(2025, 9, 30)
    assert reminder_day(due, -7, rests, earlier=True) == date(2025, 9, 26), "before the holiday: not moved"
    assert reminder_day(due, 1, rests, earlier=True) == date(2025, 10, 4), "after the due day: not moved"
    assert reminder_day(due, 0, rests, earlier=False) == due


def test_every_due_day_of_a_year_gets_each_step_exactly_once() -> None:
    policy = Reminders()
    seen: dict[tuple[int, str], int] = {}
    for n in range(420):
        day = date.fromordinal(date(2025, 6, 1).toordinal() + n)
        for t in targets(policy, day):
            seen[(t["step"], t["due_on"])] = seen.get((t["step"], t["due_on"]), 0) + 1
    year = [date.fromordinal(date(2025, 7, 1).toordinal() + n).isoformat() for n in range(365)]
    assert {seen.get((step, due)) for due in year for step in range(len(policy.steps))} == {1}


def test_years_not_announced_count_their_weekends() -> None:
    assert rests(date(2031, 6, 7))
    assert not rests(date(2031, 6, 9))


@pytest.mark.req("R-13")
def test_a_lawyers_letter_on_the_first_day_is_flagged_with_the_reason() -> None:
    text = MessageText(sms="{room}逾期，律师函将于明日发出：{link}", inapp_title="律师函", inapp_body="律师函 {link}")
    harsh = Reminders(steps=(Step(offset_days=-3, channels=("inapp",), text=text),
                             Step(offset_days=1, channels=("sms",), text=text)))  # fmt: skip
    findings = [f for f in harsh.lint() if f.code == "reminders.harsh"]
    assert findings
    assert all(f.severity == "warning" for f in findings)
    assert "吓跑" in findings[0].zh


@pytest.mark.req("R-02")
def test_the_standard_words_are_true_whenever_they_are_sent() -> None:
    """Before a holiday, by hand, or a day later as SMS: they name the due day and count nothing from today."""
    for step in Reminders().steps:
        for channel in ("sms", "inapp", "email"):
            title, body = step.text.template(channel)
            assert "{due}" in title + body, (step.offset_days, channel)
            assert not re.search(r"今天|明天|昨天|还有|\d 天|\d天|\{days\}", title + body), (step.offset_days, channel)


def test_the_standard_template_has_nothing_to_flag() -> None:
    assert Reminders().lint() == []
    assert not any(word in step.text.sms for step in Reminders().steps for word in HARSH)
