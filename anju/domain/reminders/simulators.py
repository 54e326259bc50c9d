"""What a draft of the reminders would change in the next 30 days, counted on today's open bills."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from anju.domain.reminders.call_sweep import CALLS, call_params
from anju.domain.reminders.policies import CHANNEL_WORDS, Reminders
from anju.domain.reminders.sweep import REMINDERS, targets
from anju.foundation.db import clock
from anju.foundation.publishing.simulation import Bar, Example, Row, Said, Simulation, simulator
from anju.foundation.sweeps.compare import compared

DAYS_AHEAD = 30
SHOWN = 30
EN = {"sms": "SMS", "inapp": "App messages", "email": "E-mails"}
ICONS = {"sms": "message", "inapp": "device-mobile", "email": "mail"}

TALLY = """
SELECT channel, offset_days, count(*) FILTER (WHERE side = 'now')::int AS now,
       count(*) FILTER (WHERE side = 'draft')::int AS draft,
       count(DISTINCT person_id) FILTER (WHERE side = 'now')::int AS now_people,
       count(DISTINCT person_id) FILTER (WHERE side = 'draft')::int AS draft_people,
       GROUPING(channel) AS all_channels
FROM (
    SELECT 'now' AS side, channel, offset_days::int AS offset_days, person_id FROM {now} n WHERE code = 'reminded'
    UNION ALL
    SELECT 'draft', channel, offset_days::int, person_id FROM {draft} d WHERE code = 'reminded'
) both_sides
GROUP BY GROUPING SETS ((channel), (offset_days)) ORDER BY offset_days NULLS FIRST, channel
"""

CHANGED = """
SELECT *, count(*) OVER () AS total FROM (
    SELECT coalesce(n.subject_id, d.subject_id) AS bill_id, coalesce(n.bill, d.bill) AS bill,
           n.said AS now, d.said AS draft
    FROM (SELECT subject_id, min(bill) AS bill,
                 string_agg(offset_days || ':' || channel, ',' ORDER BY day, channel) AS said
          FROM {now} p WHERE code = 'reminded' GROUP BY subject_id) n
    FULL JOIN
         (SELECT subject_id, min(bill) AS bill,
                 string_agg(offset_days || ':' || channel, ',' ORDER BY day, channel) AS said
          FROM {draft} p WHERE code = 'reminded' GROUP BY subject_id) d ON d.subject_id = n.subject_id
    WHERE n.said IS DISTINCT FROM d.said
) changed ORDER BY abs(coalesce(length(now), 0) - coalesce(length(draft), 0)) DESC, bill LIMIT %(shown)s
"""


def over_days(policy: Reminders, as_of: date) -> dict[str, Any]:
    """The plan's parameters for the coming days at once."""
    wanted = [t for n in range(DAYS_AHEAD) for t in targets(policy, as_of + timedelta(days=n))]
    return {
        "targets": json.dumps(wanted),
        "steps": json.dumps([s.model_dump(mode="json", exclude={"text"}) for s in policy.steps]),
        "least": policy.least,
        "as_of": as_of.isoformat(),
        "now": clock.now().isoformat(),
    }


CALLED = """
SELECT (SELECT count(*)::int FROM {now} n WHERE code = 'to_call') AS now,
       (SELECT count(*)::int FROM {draft} d WHERE code = 'to_call') AS draft
"""


def calls_over_days(policy: Reminders, as_of: date) -> dict[str, Any]:
    """The parameters of the plan of calls for the coming days at once."""
    days = [as_of + timedelta(days=n) for n in range(DAYS_AHEAD)]
    return {**call_params(policy, days), "as_of": as_of.isoformat()}


def call_row(current: Reminders, draft: Reminders, as_of: date) -> tuple[Row, ...]:
    """How many calls colleagues would make; nothing where neither version has any."""
    counted = compared(CALLS, CALLED, calls_over_days(current, as_of), calls_over_days(draft, as_of))[0]
    if not counted["now"] and not counted["draft"]:
        return ()
    return (Row(Said("电话任务", "Calls"), counted["now"], counted["draft"], unit="个", good="less", icon="phone"),)


def day_words(offset: int) -> Said:
    """A step's day as people say it."""
    if offset < 0:
        return Said(f"到期前 {-offset} 天", f"{-offset} days before")
    return Said(f"逾期第 {offset} 天", f"{offset} days late") if offset else Said("应付日当天", "Due day")


def said(steps: str | None) -> Said:
    """``-7:sms,-3:inapp`` in words."""
    if not steps:
        return Said("不提醒", "No reminder")
    parts = [p.split(":") for p in steps.split(",")]
    zh = "，".join(f"{day_words(int(o)).zh}{CHANNEL_WORDS[c]}" for o, c in parts)
    return Said(zh, ", ".join(f"{day_words(int(o)).en} {EN[c]}" for o, c in parts))


def headline(now: int, draft: int) -> Said:
    """``以今天的数据：312 位租客将收到短信，比现在少 41 位``."""
    if now == draft:
        return Said(
            f"以今天的数据：**{draft}** 位租客将收到短信，和现在一样多",
            f"On today's data: **{draft}** tenants will get an SMS, as many as now",
        )
    zh, en = ("少", "fewer") if draft < now else ("多", "more")
    return Said(
        f"以今天的数据：**{draft}** 位租客将收到短信，比现在{zh} **{abs(now - draft)}** 位",
        f"On today's data: **{draft}** tenants will get an SMS, **{abs(now - draft)}** {en} than now",
    )


@simulator("reminders")
def what_reminders_would_do(current: Reminders, draft: Reminders, as_of: date) -> Simulation:
    """Count messages by channel and step under both versions, and list whom the draft treats differently."""
    now_params, draft_params = over_days(current, as_of), over_days(draft, as_of)
    tally = compared(REMINDERS, TALLY, now_params, draft_params)
    channels = {r["channel"]: r for r in tally if not r["all_channels"]}
    steps = [r for r in tally if r["all_channels"]]
    changed = compared(REMINDERS, CHANGED, now_params, draft_params, {"shown": SHOWN})
    none = {"now": 0, "draft": 0, "now_people": 0, "draft_people": 0}
    sms = channels.get("sms", none)
    return Simulation(
        headline=headline(sms["now_people"], sms["draft_people"]),
        rows=tuple(
            Row(Said(str(CHANNEL_WORDS[c]), EN[c]), r["now"], r["draft"], unit="条", good="less", icon=ICONS[c])
            for c in ("sms", "inapp", "email")
            if (r := channels.get(c, none)) and (r["now"] or r["draft"])
        )
        + call_row(current, draft, as_of),
        changed=changed[0]["total"] if changed else 0,
        examples=tuple(Example("bill", r["bill_id"], r["bill"], said(r["now"]), said(r["draft"])) for r in changed),
        bars=tuple(Bar(day_words(r["offset_days"]), r["now"], r["draft"]) for r in steps),
        bars_title=Said("提醒条数，按步骤", "Messages by step"),
        period=Said(f"未来 {DAYS_AHEAD} 天", f"Next {DAYS_AHEAD} days"),
    )
