"""The demo organization: made the first time, found after that, finished when it was interrupted."""

from __future__ import annotations

from datetime import datetime, timedelta

import httpx

from anju.foundation.db import clock, fetch_value, org_scope
from anju.foundation.db.statistics import refresh_statistics, unhurried_commits
from anju.foundation.messaging.channels.aliyun import through
from anju.kit import Actor
from anju.surface.demo import company
from anju.surface.demo.company import OPENING, SEED, TODAY
from anju.surface.demo.history import History, Progress
from anju.surface.demo.plan import Plan
from anju.surface.demo.repairs import ARRIVAL
from anju.surface.demo.standins import NOT_IN_SERVICE, mounted, sms_in_process

SYSTEM = Actor.system()


def ensure(progress: Progress) -> None:
    """Bring the demo organization to its today; a second call finds it there.

    Args:
        progress: called with (days done, days in all, what).
    """
    org_id = company.found(OPENING)
    arrival = datetime.combine(TODAY, ARRIVAL, clock.SHANGHAI)
    with org_scope(org_id):
        there = clock.now() >= arrival
    if there:
        wake(org_id)
        return
    plan = Plan(SEED, OPENING, TODAY)
    company.build(org_id, plan.places)
    make_history(History(org_id, plan), progress)
    with org_scope(org_id):
        clock.move_to(arrival, runs=True)


LAST_TICK = "SELECT max(wall_at) FROM job_tick"


def wake(org_id: int) -> None:
    """Let the demo's clock go on from where it was when the demo was stopped: while nobody ran it, no day went by."""
    with org_scope(org_id):
        stood = clock.drill_clock()
        if stood is None or not stood.runs:
            return
        ticked = fetch_value(LAST_TICK)
        since = max(timedelta(0), ticked - stood.set_at) if ticked is not None else timedelta(0)
        clock.move_to(stood.at + since, runs=True)


def make_history(history: History, progress: Progress) -> None:
    """Live a history with the SMS service in this process."""
    sms, key = sms_in_process(), company.sms_key(history.org_id)
    sms.behave(key, undelivered=dict.fromkeys(history.plan.dead_phones, NOT_IN_SERVICE))
    with unhurried_commits(), through(httpx.WSGITransport(app=mounted(sms.wsgi, "/sms"))):
        refresh_statistics()
        for lived, (day, total, words) in enumerate(history.days(), 1):
            progress(day, total, words)
            sms.release(key)
            # While tables are small they grow by the day; the server looks only once a minute.
            if lived <= 64 and lived.bit_count() == 1:
                refresh_statistics()


def announce(address: str) -> list[str]:
    """How to get in, line by line.

    Args:
        address: where the product answers, without a slash at the end.
    """
    return [
        f"演示公司「安居示范公寓」，所有数据均为虚构。登录密码都是：{company.PASSWORD}",
        *(f"  {who.login:<12}{who.name}（{who.title}）" for who in company.SIGN_INS),
        f"租客手机页：{address}/p/ （手机号 13800008888）",
        f"模拟手机：{address}/phone （用 manager 登录后打开，登录验证码也在这里）",
        f"演练时钟：{address}/clock （下一天、下个月）",
    ]
