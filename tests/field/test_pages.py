"""What the technician's phone says: what is urgent, when it was done, in whose language, and what was written down."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client

from anju.foundation.db import clock
from anju.foundation.flows.actions import move
from anju.foundation.flows.models import FlowCase
from anju.kit import Actor
from tests.field.test_sent import on_phone
from tests.staff import text
from tests.workorders.conftest import Block, photo
from tests.workorders.test_orders import ROOM, leak

WROTE = {"result": "换了密封圈", "parts": "密封圈 1 个", "minutes": "40"}


def plain(page: str) -> str:
    """A page's words, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def line(page: str, case: FlowCase) -> str:
    """The words of an order's line in the list."""
    return plain(page.split(f'<article class="f-line" data-case="{case.id}">')[1].split("</article>")[0])


def english(client: Client) -> None:
    client.cookies["anju_language"] = "en"


def mend(technician: Actor, case: FlowCase) -> None:
    """From the accepting to the end, with all that can be written down."""
    move(technician, case_id=case.id, step="accept")
    move(technician, case_id=case.id, step="arrive", photos=(photo("door.jpg"),))
    move(technician, case_id=case.id, step="finish", facts=WROTE, photos=(photo("done.jpg"),))


@pytest.mark.req("W-04")
def test_the_list_says_of_a_limit_how_long_is_left_and_of_a_free_order_that_it_is_late(block: Block) -> None:
    client, technician = on_phone()
    urgent, paint, dark = (
        leak(block, said=said, room=room).case
        for said, room in (("全屋停电", ROOM), ("墙面起皮了一块", "3-1-0302"), ("全屋停电", "3-1-0601"))
    )
    for case in (urgent, paint):
        move(technician, case_id=case.id, step="accept")
    assert "待接单" in line(text(client, "/f/"), dark)
    clock.move_to(clock.now() + timedelta(minutes=42))
    page = text(client, "/f/")
    assert "到场还剩 3 天 23 时" in line(page, paint)
    assert "响应超 12 分" in line(page, dark)


@pytest.mark.req("W-04")
def test_steps_of_other_days_name_the_day(block: Block) -> None:
    client, technician = on_phone()
    clock.move_to(datetime(2026, 11, 15, 15, 27, tzinfo=clock.SHANGHAI))
    case = leak(block).case
    move(technician, case_id=case.id, step="accept")
    clock.move_to(datetime(2026, 11, 16, 10, 6, tzinfo=clock.SHANGHAI))
    move(technician, case_id=case.id, step="arrive", photos=(photo("door.jpg"),))
    steps = text(client, f"/f/orders/{case.id}").split('<ol class="p-steps')[1].split("</ol>")[0]
    assert re.findall(r"(?:\d+月\d+日 )?\d\d:\d\d", plain(steps)) == ["11月15日 15:27", "11月16日 10:06"]


@pytest.mark.req("W-04")
def test_units_are_in_the_readers_language(block: Block) -> None:
    client, technician = on_phone()
    case = leak(block).case
    move(technician, case_id=case.id, step="accept")
    assert "用时（分钟）" in text(client, f"/f/orders/{case.id}")
    english(client)
    assert "Time taken (minutes)" in text(client, f"/f/orders/{case.id}")


@pytest.mark.req("W-04")
def test_what_a_technician_mended_opens_from_the_round_with_what_they_wrote(block: Block) -> None:
    client, technician = on_phone()
    case = leak(block).case
    mend(technician, case)
    where = f"/f/orders/{case.id}"
    for step in ("", "confirm"):
        if step:
            move(block.tenant(ROOM), case_id=case.id, step=step)
        assert f'href="{where}"' in text(client, "/f/").split("今天已完成 1 单")[1]
        wrote = plain(text(client, where).split('class="p-card f-wrote"')[1].split("</section>")[0])
        assert all(said in wrote for said in ("怎么修的", "换了密封圈", "密封圈 1 个", "40 分钟"))
    assert on_phone("何志斌", "admin")[0].get(where).status_code == 404, "over, and it was not theirs"


@pytest.mark.req("W-04")
def test_a_technician_changes_the_language_and_signs_out_on_the_phone(block: Block) -> None:
    client, _ = on_phone()
    page = text(client, "/f/")
    menu = page.split('<details class="f-me">')[1].split("</details>")[0]
    assert "赵永康" in menu
    language, out = re.findall(r'<form method="post" action="([^"]+)"', menu)
    assert client.post(language, {"language": "en", "next": "/f/"}).headers["Location"] == "/f/"
    assert "Sign out" in text(client, "/f/")
    client.post(out)
    assert client.get("/f/").status_code == 302
