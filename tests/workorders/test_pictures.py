"""What comes with a report as a picture: of any phone, of any size, and what only pretends to be one."""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from anju.domain.workorders.models import WorkOrder
from anju.foundation.files.links import link
from anju.foundation.files.models import StoredFile
from anju.foundation.flows.actions import showing
from anju.foundation.identity.models import Staff
from anju.kit import Actor
from tests.staff import signed_in, text
from tests.workorders.conftest import Block
from tests.workorders.test_orders import ABOVE, ROOM
from tests.workorders.test_pages import phone

# A picture of one colour as a phone keeps it, 32 × 24, with the place where it was taken.
HEIC = b64decode("""
AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAb1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAADRpbG9jAAAAAERA
AAIAAQAAAAAB4QABAAAAAAAAACoAAgAAAAACCwABAAAAAAAAAKIAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAAAAABAABodmMxAAAAABVpbmZlAgAAAQAC
AABFeGlmAAAAAA5waXRtAAAAAAABAAAA/GlwcnAAAADcaXBjbwAAAHVodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAA
AAMAAAMAHroCQGEAAQApQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbqrprm4CGgwIAAAAyAAAADAIRiAAEABkQBwXPBiQAAABNjb2xybmNseAABAA0ABoAA
AAAUaXNwZQAAAAAAAABAAAAAQAAAAChjbGFwAAAAIAAAAAEAAAAYAAAAAf///+AAAAAC////2AAAAAIAAAAQcGl4aQAAAAADCAgIAAAAGGlwbWEAAAAA
AAAAAQABBYECAwWEAAAAGmlyZWYAAAAAAAAADmNkc2MAAgABAAEAAADUbWRhdAAAACYoAa8ZIV5CQO9dpb//NWP+aOX97W3ymSimlwTXiJkLA4GAjZGd
OAAAAAZFeGlmAABNTQAqAAAACAACARAAAgAAAAsAAAAmiCUABAAAAAEAAAAyAAAAAFRlc3QgcGhvbmUAAAAEAAEAAgAAAAJOAAAAAAIABQAAAAMAAABo
AAMAAgAAAAJFAAAAAAQABQAAAAMAAACAAAAAAAAAAB4AAAABAAAADAAAAAEAAAAfAAAAAQAAAHgAAAABAAAADAAAAAEAAAArAAAAAQ==
""")
GPS = 0x8825
MIB = 1024 * 1024


def jpeg(size: tuple[int, int] = (64, 48)) -> bytes:
    """A photo with the place where it was taken."""
    exif = Image.Exif()
    exif[0x0110] = "Test phone"
    exif.get_ifd(GPS).update({1: "N", 2: (30.0, 12.0, 31.0), 3: "E", 4: (120.0, 12.0, 43.0)})
    made = BytesIO()
    Image.new("RGB", size, (40, 120, 90)).save(made, "JPEG", exif=exif.tobytes())
    return made.getvalue()


def sent(client: Client, block: Block, data: bytes, name: str = "leak.jpg") -> tuple[int, str]:
    """Report a leak with this file: the status and the page."""
    form = {"lease": block.lease(ROOM).id, "spot": "kitchen", "said": "水槽下的水管漏水", "seen": "1"}
    answer = client.post("/p/repairs/new", {**form, "photos": [SimpleUploadedFile(name, data)]})
    return answer.status_code, answer.content.decode()


def seen(client: Client, by: Actor) -> tuple[str, Image.Image]:
    """The picture as this person gets it."""
    answer = client.get(link(by, StoredFile.objects.get().id))
    assert answer.status_code == 200
    return answer.headers["Content-Type"], Image.open(BytesIO(b"".join(answer)))  # type: ignore[arg-type]


@pytest.mark.req("W-01")
@pytest.mark.parametrize("data", [jpeg(), HEIC], ids=["jpeg", "heic"])
def test_where_a_picture_was_taken_is_for_staff_alone(block: Block, data: bytes) -> None:
    client = phone(block)
    assert sent(client, block, data)[0] == 302
    media, picture = seen(client, block.tenant(ROOM))
    assert (media, picture.format) == ("image/jpeg", "JPEG")
    assert dict(picture.getexif()) == {}
    desk = signed_in("service")
    media, picture = seen(desk, Actor.staff(Staff.objects.get(name="林晓").id))
    assert media == "image/jpeg"
    assert picture.getexif().get_ifd(GPS)[1] == "N"


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (jpeg() + b"\0" * (50 * MIB), "large.jpg", "文件太大"),
        (b"%PDF-1.7\n" + b"0" * 400, "leak.jpg", "不能作为现场照片或短视频上传"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "a.svg", "不能作为"),
        (b"<!doctype html><script>alert(1)</script>", "a.png", "不能作为"),
        (b"", "empty.jpg", "文件是空的"),
    ],
    ids=["50 MB", "pdf named jpg", "svg with script", "page named png", "empty"],
)
def test_what_is_no_picture_is_refused_and_what_was_typed_stays(block: Block, data: bytes, name: str, why: str) -> None:
    status, page = sent(phone(block), block, data, name)
    assert status == 422
    assert why in page
    assert "水槽下的水管漏水" in page
    assert WorkOrder.objects.count() == 0


def test_a_damaged_picture_is_never_shown_with_its_place(block: Block) -> None:
    client = phone(block)
    assert sent(client, block, jpeg()[:700])[0] == 302
    broken = client.get(link(block.tenant(ROOM), StoredFile.objects.get().id))
    assert broken.status_code == 422
    assert "打不开" in broken.content.decode()


@pytest.mark.req("W-01")
def test_a_short_film_is_shown_in_parts(block: Block) -> None:
    film = b"\0\0\0\x18ftypisom" + b"0123456789" * 100
    client = phone(block)
    assert sent(client, block, film, "leak.mp4")[0] == 302
    address = link(block.tenant(ROOM), StoredFile.objects.get().id)
    whole = client.get(address)
    assert (whole.headers["Content-Type"], b"".join(whole)) == ("video/mp4", film)  # type: ignore[arg-type]
    part = client.get(address, headers={"range": "bytes=12-21"})
    assert (part.status_code, b"".join(part)) == (206, film[12:22])  # type: ignore[arg-type]
    assert part.headers["Content-Range"] == f"bytes 12-21/{len(film)}"
    assert "<video" in client.get(f"/p/repairs/{WorkOrder.objects.get().id}").content.decode()


REPORT = {"spot": "kitchen", "said": "水槽下的水管漏水", "seen": "1"}


def told(client: Client, block: Block, room: str, *pictures: bytes, **more: str) -> str:
    """What a phone is told after sending the report with these pictures."""
    files = [SimpleUploadedFile(f"{n}.jpg", data) for n, data in enumerate(pictures)]
    form = {"lease": block.lease(room).id, **REPORT, **more, "photos": files}
    return client.post("/p/repairs/new", form, follow=True).content.decode()


@pytest.mark.req("W-01")
def test_a_report_sent_again_brings_its_new_picture_to_the_first_order(block: Block) -> None:
    client = phone(block)
    first, second = jpeg(), jpeg((80, 60))
    told(client, block, ROOM, first)
    page = told(client, block, ROOM, first, second)
    assert "您刚报过这件事，新照片已加到这一单里" in page
    assert page.count("<img") == 2
    case = WorkOrder.objects.get().case
    assert (case.photos, StoredFile.objects.count()) == (2, 2)
    assert "补充 1 张照片" in text(signed_in("service"), f"/cases/{case.id}")
    assert "新照片" not in told(client, block, ROOM, second), "the very same picture is not kept twice"
    assert StoredFile.objects.count() == 2


@pytest.mark.req("W-07")
def test_who_joins_a_neighbours_order_brings_the_picture_for_staff_alone(block: Block) -> None:
    told(phone(block), block, ROOM, jpeg())
    order, neighbour = WorkOrder.objects.get(), phone(block, ABOVE)
    page = told(neighbour, block, ABOVE, jpeg((80, 60)), same=str(order.id))
    assert "已和这一单合在一起，照片也加进去了" in page
    assert page.count("<img") == 1, "one's own, not the neighbour's home"
    assert text(phone(block), f"/p/repairs/{order.id}").count("<img") == 1
    assert text(signed_in("service"), f"/cases/{order.case_id}").count("<figcaption>") == 2
    page = told(neighbour, block, ABOVE, jpeg((90, 60)), same=str(order.id))
    assert "您已经在跟进这一单了，新照片已加进去" in page
    assert page.count("<img") == 2


def test_a_picture_that_is_refused_joins_nothing(block: Block) -> None:
    told(phone(block), block, ROOM)
    order = WorkOrder.objects.get()
    assert "不能作为" in told(phone(block, ABOVE), block, ABOVE, b"%PDF-1.7", same=str(order.id))
    order.case.refresh_from_db()
    assert order.case.persons == [block.tenant(ROOM).id]


def test_a_case_with_all_the_pictures_it_shows_takes_no_more_and_says_so(
    block: Block, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showing, "MOST_OF_CASE", 2)
    client = phone(block)
    told(client, block, ROOM, jpeg())
    page = told(client, block, ROOM, jpeg((80, 60)), jpeg((90, 60)))
    assert "最多放 2 张照片，这几张没有加上" in page
    assert StoredFile.objects.count() == 1
    assert "新照片已加到" in told(client, block, ROOM, jpeg((80, 60)))


def test_what_the_desk_writes_down_again_brings_its_picture_to_the_home_it_is_of(block: Block) -> None:
    desk = signed_in("service", name="郭建军")
    block.lease(ROOM), block.lease(ABOVE)

    def told(room: str, same: int | None = None, **shot: bytes) -> str:
        form = {"room": room, "spot": "kitchen", "said": "水槽下的水管漏水"} | ({"same": str(same)} if same else {})
        files = [SimpleUploadedFile(f"{name}.jpg", data) for name, data in shot.items()]
        answer = desk.post("/orders/new", form | {"photos": files}, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        place = answer.headers.get("HX-Redirect")
        return text(desk, place) if place else answer.content.decode()

    assert "已为" in told(ROOM)
    order = WorkOrder.objects.get()
    asked = told(ROOM, leak=jpeg())
    assert "近来已有类似申报" in asked
    assert 'name="said"' not in asked  # the form stays as it is, with what was chosen
    told(ROOM, order.id, leak=jpeg())
    assert StoredFile.objects.filter(owner_id=order.case_id).count() == 1
    neighbour = told(ABOVE, order.id, ceiling=jpeg((48, 48)))
    assert "那一单是另一家报的" in neighbour
    order.case.refresh_from_db()
    assert len(order.case.persons) == 2
    assert StoredFile.objects.filter(owner_id=order.case_id).count() == 1
