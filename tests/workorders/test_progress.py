"""What the tenant sees of a repair under way: each picture with its step, who comes and how others found it."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.db import connection

from anju.domain.workorders.actions import rate
from anju.domain.workorders.crew import set_skills
from anju.domain.workorders.models import WorkOrder
from anju.domain.workorders.scorecards import known
from anju.foundation.db import clock
from anju.foundation.files.models import StoredFile
from anju.foundation.flows.actions import move
from anju.foundation.flows.files import shots
from anju.kit import Actor
from tests.flows.house import hire
from tests.staff import signed_in, text
from tests.workorders.conftest import Block, photo
from tests.workorders.test_orders import ROOM, leak
from tests.workorders.test_pages import phone


def at(hour: int, minute: int, day: int = 5) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=clock.SHANGHAI)


def labels(page: str) -> list[str]:
    """What stands on the pictures."""
    return [words(found) for found in re.findall(r"</a><span>(.*?)</span></div>", page, re.S)]


def words(shown: str) -> str:
    """What is read there."""
    return " ".join(re.sub("<[^>]*>", "", shown).split())


def mended(block: Block, technician: Actor, *, arrived: datetime, done: datetime) -> WorkOrder:
    """Reported at 20:16, accepted at 20:24; what was done without a signal is sent at 22:00."""
    clock.move_to(at(20, 16))
    order = leak(block)
    clock.move_to(at(20, 24))
    move(technician, case_id=order.case_id, step="accept")
    clock.move_to(max(at(22, 0), done))
    move(technician, case_id=order.case_id, step="arrive", photos=(photo("door.jpg"),), at=arrived)
    move(
        technician, case_id=order.case_id, step="finish", facts={"result": "换了密封圈"},
        photos=(photo("a.jpg"), photo("b.jpg")), at=done,
    )  # fmt: skip
    return order


@pytest.mark.req("W-03")
def test_each_picture_says_when_and_with_which_step_it_was_taken(block: Block, technician: Actor) -> None:
    order = mended(block, technician, arrived=at(21, 5), done=at(21, 48))
    page = text(phone(block), f"/p/repairs/{order.id}")
    assert labels(page) == ["20:16 上报", "21:05 到场", "21:48 修好", "21:48 修好"]
    case = text(signed_in("service", name="郭建军"), f"/cases/{order.case_id}")
    captions = [words(c) for c in re.findall(r"<figcaption>(.*?)</figcaption>", case, re.S)]
    assert captions == ["21:48 修好了", "21:48 修好了", "21:05 到场", "20:16 上报"]  # today


def test_a_picture_of_another_day_says_which(block: Block, technician: Actor) -> None:
    order = mended(block, technician, arrived=at(21, 5), done=at(9, 30, day=6))
    page = text(phone(block), f"/p/repairs/{order.id}")
    assert labels(page) == ["20:16 上报", "21:05 到场", "1月6日 09:30 修好", "1月6日 09:30 修好"]


def test_a_picture_of_a_second_visit_belongs_to_it(block: Block, technician: Actor) -> None:
    order = mended(block, technician, arrived=at(21, 5), done=at(21, 48))
    clock.move_to(at(8, 0, day=6))
    move(block.tenant(ROOM), case_id=order.case_id, step="reopen", reason="还在滴水")
    move(technician, case_id=order.case_id, step="accept")
    clock.move_to(at(9, 0, day=6))
    move(technician, case_id=order.case_id, step="arrive", photos=(photo("again.jpg"),))
    assert [(s.step, s.at) for s in shots(technician, order.case_id)][-2:] == [
        ("finish", at(21, 48)),
        ("arrive", at(9, 0, day=6)),
    ]


def test_pictures_of_the_time_before_are_told_by_when_they_were_sent(block: Block, technician: Actor) -> None:
    """Steps did not always keep which pictures came with them."""
    clock.move_to(at(20, 16))
    order = leak(block)
    move(technician, case_id=order.case_id, step="accept")
    clock.move_to(at(21, 5))
    move(technician, case_id=order.case_id, step="arrive", photos=(photo("door.jpg"),))
    clock.move_to(at(21, 48))
    move(technician, case_id=order.case_id, step="finish", facts={"result": "紧了接头"}, photos=(photo(),))
    with connection.cursor() as owner:  # the application itself may not take it away
        owner.execute("SET LOCAL ROLE anju_owner")
        owner.execute("UPDATE flow_visit SET photos = NULL")
        for file, sent in zip(StoredFile.objects.order_by("id"), (at(20, 16), at(21, 6), at(21, 50)), strict=True):
            owner.execute("UPDATE stored_file SET created_at = %s WHERE id = %s", [sent, file.id])
        owner.execute("RESET ROLE")
    assert [s.step for s in shots(technician, order.case_id)] == ["", "arrive", "finish"]


def give(block: Block, technician: Actor, room: str, stars: int) -> None:
    """A mended repair of this room, and what its tenant gave."""
    order = leak(block, room=room)
    move(technician, case_id=order.case_id, step="accept")
    move(technician, case_id=order.case_id, step="arrive", photos=(photo(),))
    move(technician, case_id=order.case_id, step="finish", facts={"result": "紧了接头"}, photos=(photo(),))
    move(block.tenant(room), case_id=order.case_id, step="confirm")
    rate(block.tenant(room), order_id=order.id, stars=stars)


@pytest.mark.req("W-06")
def test_a_technician_is_introduced_with_trade_and_a_mean_of_at_least_five(block: Block, technician: Actor) -> None:
    manager = hire("manager", name="周敏")
    set_skills(manager, staff_id=technician.id, skills=["power", "heat", "water"])
    now = leak(block)
    move(technician, case_id=now.case_id, step="accept")
    for n, stars in enumerate((5, 5, 5, 4)):
        give(block, technician, f"3-1-120{n + 1}", stars)
    page = text(phone(block), f"/p/repairs/{now.id}")
    assert "<small>水暖、电工</small>" in page  # what this repair needs comes first
    assert "评分" not in page
    give(block, technician, "3-1-1205", 5)
    assert "<small>水暖、电工・评分 4.8</small>" in text(phone(block), f"/p/repairs/{now.id}")


def test_stars_of_more_than_a_year_ago_say_nothing(block: Block, technician: Actor) -> None:
    for n in range(5):
        give(block, technician, f"3-1-120{n + 1}", 2)
    assert str(known(technician.id).rating) == "2.00"
    clock.move_to(datetime(2027, 1, 3, 9, tzinfo=clock.SHANGHAI))
    assert known(technician.id).rating is None
