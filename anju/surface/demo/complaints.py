"""What tenants of the demo company complained about in its last weeks, and what was replied."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from anju.domain.complaints.actions import file
from anju.domain.complaints.models import Complaint
from anju.foundation.db import clock
from anju.foundation.flows import who
from anju.foundation.flows.actions import move
from anju.foundation.flows.models import FlowCase
from anju.foundation.identity.models import Staff
from anju.kit import Actor
from anju.surface.demo.homes import homes
from anju.surface.demo.repairs import Event

NEVER = 999


@dataclass(frozen=True)
class Story:
    """A complaint made so many days before today, and after how many days each step is taken.

    ``again``: the tenant is not satisfied that day; then the second reply comes a day later.
    """

    before: int
    source: str
    cause: str
    said: str
    reply: str = ""
    accepted: int = 1
    replied: int = 2
    closed: int = NEVER
    again: int = NEVER
    why: str = ""
    second: str = ""
    hotline_no: str = ""


STORIES = (
    Story(19, "portal", "fee", "这个月水费比上个月多了一倍，家里没人住", closed=4,
          reply="查了水表照片，上次抄表抄错一位，多收的 86 元已退到预存余额。"),
    Story(16, "phone", "staff", "打了三次电话没人回，问续租的事拖了一星期", closed=5,
          reply="向您道歉。今天起由我负责续租，条件已发到您手机。"),
    Story(13, "hotline", "neighbour", "楼上半夜十二点以后还在放音乐，说过几次没用", accepted=0, replied=1, again=3,
          why="昨晚又放到一点", reply="已上门提醒楼上住户，写了保证。", closed=6,
          second="再次上门，按公约发了书面警告，夜间巡楼到一点。", hotline_no="RX-330712"),
    Story(9, "portal", "repair", "卫生间漏水修了三次还在滴，墙都黑了", replied=5, closed=8,
          reply="换了整段下水管并重做防水，墙面周六重刷；这次拖得太久，减免两天房租。"),
    Story(6, "portal", "deposit", "同住人退房，说好退一半押金，一直没消息",
          reply="核对了合租约定，押金一半今天退回原卡。"),
    Story(3, "phone", "safety", "楼道的应急灯全灭了，晚上下楼看不见", reply="应急灯电池已全部更换，逐层试过。"),
    Story(1, "portal", "staff", "保洁没敲门就进来了", accepted=1, replied=NEVER),
    Story(0, "hotline", "fee", "停车费收了两次，要求退一次", accepted=NEVER, hotline_no="RX-330941"),
)  # fmt: skip


class ComplaintsDays:
    """The complaints of the last weeks. Each day may be lived twice: a step depends on the complaint's age alone."""

    def __init__(self, last: date) -> None:
        self.last = last

    def events(self, day: date) -> list[Event]:
        """The day's complaint, and two looks of the desk at what is open; none of them on the minute."""
        rng = random.Random(f"complaints:{day}")

        def at(hour: int) -> datetime:
            return datetime.combine(day, time(hour, rng.randrange(4, 58), rng.randrange(60)), clock.SHANGHAI)

        filed, looks = at(9 if day == self.last else rng.choice((11, 13, 18, 19, 20, 21))), (at(9), at(16))
        return [(filed, lambda: self.file(day)), *((look, lambda: self.answer(day)) for look in looks)]

    def file(self, day: date) -> None:
        """What is complained about in the course of a day."""
        story = self._story(day)
        lived_in = [h for h in homes(day, day) if h.active]
        if story is None or not lived_in or any(made == day for made, _ in _open_or_not()):
            return
        home = random.Random(f"complaints:{day}").choice(lived_in)
        by = Actor.tenant(home.payer_id) if story.source == "portal" else _desk_of(home.id)
        if by is not None:
            file(
                by, lease_id=home.id, cause=story.cause, said=story.said, source=story.source,
                hotline_no=story.hotline_no,
            )  # fmt: skip

    def answer(self, day: date) -> None:
        """Those whose turn it is accept, reply, close or ask again."""
        for made, complaint in _open_or_not():
            story = self._story(made)
            if story is not None:
                self._live(story, complaint, (day - made).days)

    def _story(self, day: date) -> Story | None:
        return next((s for s in STORIES if self.last - timedelta(days=s.before) == day), None)

    def _live(self, story: Story, complaint: Complaint, age: int) -> None:
        case, tenant = FlowCase.objects.get(id=complaint.case_id), Actor.tenant(complaint.person_id)
        match case.stage:
            case "new" if age >= story.accepted and (desk := _desk(case)) is not None:
                move(desk, case_id=case.id, step="accept")
            case "working" if case.assignee is not None:
                asked_again = age > story.again
                if age >= story.replied and (asked_again or age < story.again):
                    said = story.second if asked_again else story.reply
                    move(Actor.staff(case.assignee), case_id=case.id, step="reply", facts={"reply": said})
            case "replied" if age == story.again:
                move(tenant, case_id=case.id, step="reopen", reason=story.why)
            case "replied" if age >= story.closed:
                move(tenant, case_id=case.id, step="close")


def _open_or_not() -> list[tuple[date, Complaint]]:
    """Every complaint with the day it was made."""
    return [(c.opened_at.astimezone(clock.SHANGHAI).date(), c) for c in Complaint.objects.order_by("id")]


def _desk(case: FlowCase) -> Actor | None:
    """The first of the service desk who sees the case."""
    return next((by for by in _staff() if who.sees(by, case)), None)


def _desk_of(lease_id: int) -> Actor | None:
    """The first of the service desk who may write down a complaint from this lease."""
    asked = (by for by in _staff() if file.refusal(by, lease_id=lease_id, cause="other", said="") is None)
    return next(asked, None)


def _staff() -> list[Actor]:
    rows = Staff.objects.filter(frozen_at__isnull=True, roles__contains=["service"]).order_by("id")
    return [Actor.staff(i) for i in rows.values_list("id", flat=True)]
